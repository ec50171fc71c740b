/**
 * The worker's status as a file: written by the worker, read by the web half and by nobody else.
 *
 * Read as strictly as anything foreign, because a file can be old, torn by a full disk or put there by a person. Holds
 * numbers and codes only; ids of deals and persons never stand in it.
 */
import { join } from 'node:path';
import * as z from 'zod';
import { daysUntil, systemClock } from '../clock';
import type { SignInStatus, StatusFile, WorkerState, WorkerStatus } from '../ports';
import { ownFolder, readPlain, replaceFile, type FolderOptions } from './folder';

const fileName = 'status.json';
/** Many times what a real one has. */
const largest = 256 * 1024;

const states = [
  'starting',
  'waiting for the lease',
  'running',
  'paused',
  'stopped',
  'failed',
] as const satisfies readonly WorkerState[];

const instant = z.iso.datetime();
const count = z.number().int().nonnegative();
/** Codes and rules as the worker names them: they go onto a page and into metrics. */
const counts = z.record(z.string().max(120), count);
const feed = z.object({
  lastPollOn: instant.nullable(),
  lastCompleteOn: instant.nullable(),
  failures: count,
  watermarkAgeSeconds: z.number().nonnegative().nullable(),
});
const throttle = z.object({ refused: count, waitingUntil: instant.nullable() });

const shape = z.object({
  version: z.literal(1),
  connection: z.string().max(50),
  workerVersion: z.string().max(50),
  startedOn: instant,
  writtenOn: instant,
  state: z.enum(states),
  failureCode: z.string().max(100).optional(),
  queue: z.object({ known: count, running: count, waiting: count }),
  links: count,
  parkedDeals: count,
  parked: counts,
  feeds: z.object({ crm: feed, partnerCenter: feed }),
  signIn: z
    .object({ renewedOn: instant.nullable(), endsOn: instant.nullable(), daysLeft: z.number().int().nullable() })
    .nullable(),
  throttling: z.object({ dataverse: throttle, partnerCenter: throttle }),
  balance: z.object({
    seen: count,
    endings: z.object({ applied: count, noChange: count, filtered: count, parked: count, retry: count }),
    reasons: counts,
  }),
  hints: z.object({ taken: count, refused: count }),
});

/** @param folder the shared folder */
export function statusFile(folder: string, options: FolderOptions = {}): StatusFile {
  return {
    write: async (status) => {
      await ownFolder(folder);
      await replaceFile(folder, fileName, JSON.stringify(status), options);
    },
    read: async () => {
      const clock = options.clock ?? systemClock;
      const text = await readPlain(join(folder, fileName), largest, clock);
      const told = text === null ? null : readStatus(text);
      return told && { ...told, signIn: told.signIn && aged(told.signIn, clock.now()) };
    },
  };
}

/** A sign-in ends also while no worker runs that could say so. */
function aged(signIn: SignInStatus, now: number): SignInStatus {
  const left = daysUntil(signIn.endsOn, now);
  if (signIn.daysLeft === null || left === null) return signIn;
  return { ...signIn, daysLeft: Math.min(signIn.daysLeft, left) };
}

/** Null: not a status that this release can read. */
export function readStatus(text: string): WorkerStatus | null {
  try {
    const parsed = shape.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { failureCode, ...rest } = parsed.data;
    return { ...rest, ...(failureCode === undefined ? {} : { failureCode }) };
  } catch {
    return null;
  }
}
