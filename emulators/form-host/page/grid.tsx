/** A list of rows as a view shows them: names open the record, boxes select for commands. */
import * as React from 'react';
import { Checkbox, Link } from '@fluentui/react-components';
import type { ViewModel } from '../model';
import { AskedFor, type Asked } from './asked';
import { useHost, type Host } from './host';
import type { ColumnInfo, TableInfo } from './metadata';
import { formatted, fromWire, isLookup, type Json, type Reference } from './values';
import { queryText, viewQuery, type ViewQuery } from './view-query';

export interface GridRow {
  readonly id: string;
  readonly name: string;
  readonly row: Json;
}

interface Loaded {
  readonly table: TableInfo;
  readonly query: ViewQuery;
  readonly rows: readonly GridRow[];
  readonly more: boolean;
}

export type GridState = Asked<Loaded>;

const pageSize = 50;

export async function loadView(
  host: Host,
  view: ViewModel,
  more: string,
  caller: string,
  atMost = pageSize,
): Promise<Loaded> {
  const { api, metadata, user } = host.services;
  const table = await metadata.table(view.table);
  const query = await viewQuery(view.fetchXml, metadata, { now: new Date(), userId: user.id });
  const needed = new Set([
    ...query.select,
    ...(table.columns.has('transactioncurrencyid') ? ['_transactioncurrencyid_value'] : []),
    table.nameColumn,
  ]);
  const page = await api.retrieveMultiple(
    caller,
    view.table,
    queryText({ ...query, select: [...needed] }, more),
    atMost,
  );
  const rows = page.entities.map((row) => ({
    id: String(row[table.idColumn]),
    name: String(row[table.nameColumn] ?? ''),
    row,
  }));
  return { table, query, rows, more: page.nextLink !== '' };
}

export interface GridProps {
  readonly view: ViewModel;
  readonly grid: GridState;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  readonly onRetry: () => void;
}

export function Grid({ grid, onRetry, ...rest }: GridProps): React.ReactElement {
  return (
    <AskedFor asked={grid} isEmpty={({ rows }) => rows.length === 0} onRetry={onRetry}>
      {(found) => <Rows {...rest} {...found} />}
    </AskedFor>
  );
}

type RowsProps = Omit<GridProps, 'grid' | 'onRetry'> & Loaded;

function Rows({ view, selected, onSelect, table, query, rows }: RowsProps): React.ReactElement {
  const host = useHost();
  const { words, shell } = host;
  const all = rows.every((each) => selected?.has(each.id));
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    onSelect?.(next);
  };
  const open = (id: string): void => shell.go({ pagetype: 'entityrecord', etn: table.name, id });
  return (
    <div className="grid-scroll">
      <table className="grid">
        <thead>
          <tr>
            {onSelect && (
              <th className="grid-check">
                <Checkbox
                  aria-label={words('selectAll')}
                  checked={all}
                  onChange={(_, data) => onSelect(new Set(data.checked === true ? rows.map((each) => each.id) : []))}
                />
              </th>
            )}
            {view.columns.map(({ name, width }) => (
              <th key={name} style={{ minInlineSize: `${Math.min(Math.round(width * 0.7), 180)}px` }}>
                {columnIn(table, query, name)?.label ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((each) => (
            <tr key={each.id} className={selected?.has(each.id) ? 'grid-on' : ''} onDoubleClick={() => open(each.id)}>
              {onSelect && (
                <td className="grid-check">
                  <Checkbox
                    aria-label={words('selectRow', { name: each.name })}
                    checked={selected?.has(each.id) ?? false}
                    onChange={(_, data) => toggle(each.id, data.checked === true)}
                  />
                </td>
              )}
              {view.columns.map(({ name, width }) => (
                <td key={name} style={{ '--column-width': `${width}px` } as React.CSSProperties}>
                  {cellOf(host, table, query, each, name, () => open(each.id))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function columnIn(table: TableInfo, query: ViewQuery, name: string): ColumnInfo | undefined {
  return query.joined.get(name)?.column ?? table.columns.get(name);
}

function cellOf(
  host: Host,
  table: TableInfo,
  query: ViewQuery,
  ...[{ row, name: rowName }, name, open]: [GridRow, string, () => void]
): React.ReactNode {
  const joined = query.joined.get(name);
  const column = columnIn(table, query, name);
  if (!column) return '';
  const source = joined ? ((row[joined.navigation] as Json | null) ?? {}) : row;
  const value = fromWire(column, source);
  if (!joined && name === table.nameColumn) return <Link onClick={open}>{rowName === '' ? '---' : rowName}</Link>;
  if (isLookup(column) && value !== null) {
    const [reference] = value as Reference[];
    if (!reference) return '';
    return (
      <Link
        onClick={() =>
          host.shell.go({
            pagetype: 'entityrecord',
            etn: reference.entityType,
            id: reference.id.replace(/[{}]/g, '').toLowerCase(),
          })
        }
      >
        {reference.name}
      </Link>
    );
  }
  // Money's own annotation carries the row's currency, which a list cannot know otherwise.
  if (column.type === 'Money' && value !== null)
    return String(source[`${column.name}@OData.Community.Display.V1.FormattedValue`] ?? value);
  return formatted(column, value, host.services.formats, '');
}
