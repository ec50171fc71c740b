/** A stock sub-grid: rows that belong to the record, in the view that the form names. */
import * as React from 'react';
import type { FormControlModel } from '../model';
import { failed } from './asked';
import type { FormSession } from './form-session';
import { Grid, loadView, type GridState } from './grid';
import { useHost, viewOf } from './host';

export function SubGrid({
  session,
  control,
  visible,
}: {
  session: FormSession;
  control: FormControlModel;
  visible: boolean;
}): React.ReactElement {
  const host = useHost();
  const [grid, setGrid] = React.useState<GridState>({ state: 'loading' });
  const [turn, setTurn] = React.useState(0);
  const target = (control.parameters['TargetEntityType'] ?? '').toLowerCase();
  const relationship = control.parameters['RelationshipName'] ?? '';
  const view = viewOf(host.model, control.parameters['ViewId'] ?? '', target);
  React.useEffect(() => {
    const reload = (): void => setTurn((before) => before + 1);
    session.onReload.add(reload);
    return () => void session.onReload.delete(reload);
  }, [session]);
  const id = session.id;
  React.useEffect(() => {
    if (!visible) return undefined;
    let gone = false;
    const load = async (): Promise<GridState> => {
      const table = await host.services.metadata.table(target);
      const lookup = table.lookups.get(relationship);
      if (!lookup) throw new Error(`${target} has no relationship ${relationship}`);
      // An unsaved record has no rows; a filter that never matches keeps one path.
      const own = id === '' ? '00000000-0000-0000-0000-000000000000' : id;
      return { state: 'done', ...(await loadView(host, view, `_${lookup.column}_value eq ${own}`, 'form')) };
    };
    load()
      .then((next) => !gone && setGrid(next))
      .catch((error: unknown) => !gone && setGrid(failed(error, host.words)));
    return () => void (gone = true);
  }, [host, id, view, target, relationship, turn, visible]);
  return <Grid view={view} grid={grid} onRetry={() => setTurn((before) => before + 1)} />;
}
