/**
 * Says what happened often without a line per time: the first of its kind at once, then a sum per minute. Else a flood
 * of forged deliveries would fill the disk that it could not fill otherwise.
 */
import { isSyncError } from '../errors';
import type { Clock, Log } from '../ports';

export interface MinuteLog {
  note(level: 'info' | 'warn', kind: string): void;
}

const minuteMs = 60_000;

export function createMinuteLog(message: string, clock: Clock, log: Log): MinuteLog {
  const kinds = new Map<string, { since: number; more: number }>();
  return {
    note: (level, kind) => {
      const now = clock.monotonic();
      const known = kinds.get(kind);
      if (known && now - known.since < minuteMs) {
        known.more += 1;
        return;
      }
      kinds.set(kind, { since: now, more: 0 });
      log[level](message, { outcome: kind, ...(known && known.more > 0 ? { moreBefore: known.more } : {}) });
    },
  };
}

/** For `note`: which folder and why, and not only that the line's outcome is a failure. */
export function reasonOf(error: unknown): string {
  if (isSyncError(error)) return error.detail || error.code;
  return error instanceof Error ? error.name : 'unknown';
}
