/** A list of records: choose the view, filter by name, select rows for commands, open one. */
import * as React from 'react';
import { Dropdown, Input, Option } from '@fluentui/react-components';
import { failed } from './asked';
import { CommandBar, type StockCommand } from './command-bar';
import { Grid, loadView, type GridState } from './grid';
import { gridContextOf } from './grid-context';
import { defaultView, useHost } from './host';
import { AddIcon, RefreshIcon, SearchIcon } from './icons';
import { say } from './metadata';

export function ListPage({ table, viewId }: { table: string; viewId: string | null }): React.ReactElement {
  const host = useHost();
  const { words, model, services, shell } = host;
  const views = model.views.filter((each) => each.table === table && each.queryType === 0);
  const view = views.find((each) => each.id === viewId) ?? defaultView(model, table);
  const [grid, setGrid] = React.useState<GridState>({ state: 'loading' });
  const [selected, setSelected] = React.useState<ReadonlySet<string>>(new Set());
  const [keyword, setKeyword] = React.useState('');
  const [turn, setTurn] = React.useState(0);
  const refresh = React.useCallback(() => setTurn((before) => before + 1), []);
  React.useEffect(() => {
    shell.refreshGrid = refresh;
    return () => void (shell.refreshGrid = () => undefined);
  }, [shell, refresh]);
  React.useEffect(() => {
    if (!view) return undefined;
    let gone = false;
    const load = async (): Promise<GridState> => {
      const info = await services.metadata.table(table);
      const text = keyword.trim().replaceAll("'", "''");
      return {
        state: 'done',
        ...(await loadView(host, view, text === '' ? '' : `contains(${info.nameColumn},'${text}')`, 'form')),
      };
    };
    load()
      .then((next) => !gone && setGrid(next))
      .catch((error: unknown) => !gone && setGrid(failed(error, words)));
    return () => void (gone = true);
  }, [host, services, table, view, keyword, turn]);
  const rows = grid.state === 'done' ? grid.rows : [];
  const chosen = rows.filter((each) => selected.has(each.id)).map(({ id, name }) => ({ id, name }));
  const buttons = React.useMemo(
    () => (model.buttons[table] ?? []).filter((each) => each.place === 'grid'),
    [model, table],
  );
  const creatable = model.forms.some((each) => each.table === table) && table !== 'systemuser';
  const stock: StockCommand[] = [
    ...(creatable
      ? [
          {
            id: 'new',
            label: words('new'),
            icon: <AddIcon />,
            run: () => shell.go({ pagetype: 'entityrecord', etn: table }),
          },
        ]
      : []),
    { id: 'refresh', label: words('refresh'), icon: <RefreshIcon />, run: refresh },
  ];
  if (!view) return <div className="page-wait">{words('notModelled')}</div>;
  return (
    <div className="list">
      <div className="record-bar">
        <CommandBar
          stock={stock}
          buttons={buttons}
          version={[...selected].join()}
          scene={{
            place: 'grid',
            table,
            primaryControl: gridContextOf(table, chosen, rows, refresh),
            selected: chosen,
            primaryId: '',
            formType: 0,
            valueOf: () => null,
          }}
        />
      </div>
      <section className="card list-card">
        <h1 className="unseen">{say(view.label, services.lang)}</h1>
        <div className="list-top">
          <Dropdown
            className="list-view"
            appearance="outline"
            aria-label={words('view')}
            value={say(view.label, services.lang)}
            selectedOptions={[view.id]}
            onOptionSelect={(_, data) =>
              shell.go({ pagetype: 'entitylist', etn: table, viewid: data.optionValue ?? view.id })
            }
          >
            {views.map((each) => (
              <Option key={each.id} value={each.id} text={say(each.label, services.lang)}>
                {say(each.label, services.lang)}
              </Option>
            ))}
          </Dropdown>
          <Input
            className="list-search"
            contentBefore={<SearchIcon />}
            placeholder={words('filter')}
            aria-label={words('filter')}
            value={keyword}
            onChange={(_, data) => setKeyword(data.value)}
          />
        </div>
        <Grid view={view} grid={grid} selected={selected} onSelect={setSelected} onRetry={refresh} />
        <div className="list-foot" role="status">
          {chosen.length > 0
            ? words('selected', { count: String(chosen.length) })
            : words('rows', { count: `${rows.length}${grid.state === 'done' && grid.more ? '+' : ''}` })}
        </div>
      </section>
    </div>
  );
}
