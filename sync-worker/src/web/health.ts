/**
 * For the host's probes: `live` is true as long as this answers, `ready` says whether work would get done.
 *
 * Open to everybody, so they say a word and nothing else. What is asked of the disk is asked at most every two
 * seconds, however often a stranger asks us.
 */
import { isWritable } from '../hand-over/folder';
import type { Clock, StatusFile } from '../ports';
import { staleAfterMs } from './verdict';

const keptMs = 2_000;

export interface Health {
  /** The shared folder can be written, and the worker has reported within a minute that it works or is paused. */
  ready(): Promise<boolean>;
}

export function createHealth(parts: {
  readonly folder: string;
  readonly status: Pick<StatusFile, 'read'>;
  readonly clock: Clock;
}): Health {
  const { folder, status, clock } = parts;
  let kept: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  const ask = async (): Promise<boolean> => {
    if (!(await isWritable(folder, clock))) return false;
    const told = await status.read().catch(() => null);
    if (told === null || (told.state !== 'running' && told.state !== 'paused')) return false;
    return Math.abs(clock.now() - Date.parse(told.writtenOn)) <= staleAfterMs;
  };
  return {
    ready: () => {
      const at = clock.monotonic();
      if (!kept || at - kept.at >= keptMs) kept = { at, answer: ask() };
      return kept.answer;
    },
  };
}
