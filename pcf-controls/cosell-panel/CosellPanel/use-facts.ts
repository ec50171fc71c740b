/**
 * When the panel reads, and what is known: nothing on load where columns suffice.
 *
 * Reads while somebody needs the answer: sharing is on and not done, the checklist or a preview is open, a deal is
 * about to be accepted. Reads again when the record was saved or synced, or on request.
 */
import * as React from 'react';
import { useLatest, type Latest } from '../../kit/use-latest';
import type { Facts } from './facts';
import type { PanelIo } from './io';
import type { PanelModel } from './model';

export interface KnownFacts extends Omit<Latest<Facts>, 'value'> {
  /** Of this record, never of one that the form showed before. */
  readonly facts: Facts | undefined;
}

/** A dialog that closes and a checklist that opens in its place ask the same question twice. */
const freshMs = 10_000;

export function useFacts(model: PanelModel, io: PanelIo, wanted: boolean, refreshes: number): KnownFacts {
  const { recordId, offline } = model;
  const seen = [
    recordId,
    model.syncStatus.raw,
    model.syncMessageCode.raw,
    model.lastSyncedOn.raw,
    // Emptied by the picker when what was chosen before the first save has become rows.
    model.solutionDraft.raw,
    model.solutionCount.raw,
    refreshes,
  ];
  const key = wanted && recordId !== '' && !offline ? JSON.stringify(seen) : null;
  const last = React.useRef<{ readonly key: string | null; readonly at: number; readonly facts: Facts }>();
  const { value, retry, ...latest } = useLatest(key, async () => {
    const { current } = last;
    if (current?.key === key && Date.now() - current.at < freshMs) return current.facts;
    const facts = await io.read(recordId);
    last.current = { key, at: Date.now(), facts };
    return facts;
  });
  const again = React.useCallback(() => {
    last.current = undefined;
    retry();
  }, [retry]);
  return { ...latest, retry: again, facts: value?.recordId === recordId ? value : undefined };
}
