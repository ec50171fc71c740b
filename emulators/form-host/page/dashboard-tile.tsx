/** A list or a chart on a dashboard, with its title and the way to all of its records. */
import * as React from 'react';
import { Link } from '@fluentui/react-components';
import type { CellModel, ChartModel } from '../model';
import { AskedFor, failed, type Asked } from './asked';
import { Chart, loadChart, type Counted } from './chart';
import { partOf, type Part } from './dashboard-parts';
import { Grid, loadView, type GridState } from './grid';
import { useHost, type Host } from './host';
import { say } from './metadata';

const messageOf = (error: unknown): string => String((error as { message?: string }).message ?? error);

/** `turn`: asked anew when it changes; the old picture stays until the new one is there. */
export function Tile({ cell, turn }: { cell: CellModel; turn: number }): React.ReactElement {
  const { model, services, shell, words } = useHost();
  const [again, setAgain] = React.useState(0);
  const part = React.useMemo((): Part | string => {
    try {
      return partOf(model, cell);
    } catch (error) {
      return messageOf(error);
    }
  }, [model, cell]);
  const title = say(cell.label, services.lang);
  const heading = `tile-${cell.id}`;
  const retry = React.useCallback(() => setAgain((before) => before + 1), []);
  return (
    <section className={`card tile tile-span-${cell.colSpan}`} aria-labelledby={heading} data-tile={cell.control?.id}>
      <h2 id={heading} className={cell.showLabel ? 'tile-title' : 'unseen'}>
        {title}
      </h2>
      {typeof part === 'string' ? (
        <div className="grid-wait" role="alert">
          {part}
        </div>
      ) : (
        <>
          {part.chart && <div className="tile-view">{say(part.view.label, services.lang)}</div>}
          <div className="tile-body">
            {part.chart ? (
              <ChartTile part={part} chart={part.chart} turn={turn + again} onRetry={retry} />
            ) : (
              <ListTile part={part} turn={turn + again} onRetry={retry} />
            )}
          </div>
          <div className="tile-foot">
            <Link
              aria-label={`${words('seeAll')}: ${title}`}
              onClick={() => shell.go({ pagetype: 'entitylist', etn: part.view.table, viewid: part.view.id })}
            >
              {words('seeAll')}
            </Link>
          </div>
        </>
      )}
    </section>
  );
}

function useAsked<T>(ask: (host: Host) => Promise<T>, turn: number): Asked<T> {
  const host = useHost();
  const [asked, setAsked] = React.useState<Asked<T>>({ state: 'loading' });
  React.useEffect(() => {
    let gone = false;
    ask(host)
      .then((found) => !gone && setAsked({ state: 'done', ...found }))
      .catch((error: unknown) => !gone && setAsked(failed(error, host.words)));
    return () => void (gone = true);
  }, [host, ask, turn]);
  return asked;
}

interface TileProps {
  readonly part: Part;
  readonly turn: number;
  readonly onRetry: () => void;
}

function ListTile({ part, turn, onRetry }: TileProps): React.ReactElement {
  const ask = React.useCallback((host: Host) => loadView(host, part.view, '', 'form', part.pageSize), [part]);
  const grid: GridState = useAsked(ask, turn);
  return <Grid view={part.view} grid={grid} onRetry={onRetry} />;
}

function ChartTile({ part, chart, turn, onRetry }: TileProps & { chart: ChartModel }): React.ReactElement {
  const ask = React.useCallback((host: Host) => loadChart(host, part.view, chart), [part, chart]);
  const asked: Asked<Counted> = useAsked(ask, turn);
  return (
    <AskedFor asked={asked} isEmpty={({ groups }) => groups.length === 0} onRetry={onRetry}>
      {(counted) => <Chart {...counted} />}
    </AskedFor>
  );
}
