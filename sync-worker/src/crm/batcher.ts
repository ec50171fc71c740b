/**
 * Gathers what many reconciles ask at the same moment into few batches.
 *
 * Reads and change sets ride together: a batch counts as one request for the service's limits. At most a hundred
 * operations per batch and a few batches side by side, as Microsoft Learn ("Service protection API limits") advises
 * many smaller requests over few big ones. Knows nothing about what the operations mean.
 */
import DataLoader from 'dataloader';
import { isSyncError } from '../errors';
import type { Clock } from '../ports';
import { isChangeSet, type BatchItem, type ChangeSet, type ItemAnswer, type Operation, type PartAnswer } from './batch';
import type { WebApi } from './web-api';

const maxOperations = 100;
/** Few side by side: what is asked while they run gathers into the next one, so a backlog makes batches, not requests. */
const maxParallel = 2;

/** A change set and the reads that belong behind it, in one batch. */
export interface FencedJob {
  readonly changeSet: ChangeSet;
  readonly readBack: Operation;
}

export interface FencedAnswer {
  readonly changes: ItemAnswer;
  readonly readBack: PartAnswer;
}

export interface Batcher {
  read(operation: Operation): Promise<PartAnswer>;
  /** Writes that are harmless when repeated: creations under a chosen id with If-None-Match, deletions. */
  repeatable(operation: Operation): Promise<PartAnswer>;
  fenced(job: FencedJob): Promise<FencedAnswer>;
}

interface Job {
  readonly items: readonly BatchItem[];
  readonly reads: boolean;
}

/** @param windowMs how long the first one waits for others; 0 gathers what is asked in the same turn of the event loop */
export function createBatcher(api: WebApi, clock: Clock, windowMs = 0): Batcher {
  const slots = semaphore(maxParallel);
  const run = async (jobs: readonly Job[]): Promise<Outcome[]> => {
    const results = await Promise.all(packs(jobs).map((pack) => slots.run(() => runPack(api, pack))));
    return results.flat();
  };
  const loader = new DataLoader<Job, readonly ItemAnswer[]>(run, {
    cache: false,
    maxBatchSize: maxOperations * maxParallel,
    batchScheduleFn: (callback) =>
      void slots.free().then(windowMs > 0 ? () => clock.sleep(windowMs).then(callback) : callback),
  });

  const single = async (operation: Operation, reads: boolean): Promise<PartAnswer> => {
    const [answer] = await loader.load({ items: [operation], reads });
    return first(answer);
  };
  return {
    read: (operation) => single(operation, true),
    repeatable: (operation) => single(operation, false),
    fenced: async ({ changeSet, readBack }) => {
      const [changes, after] = await loader.load({ items: [changeSet, readBack], reads: false });
      return { changes: changes ?? [], readBack: first(after) };
    },
  };
}

type Outcome = readonly ItemAnswer[] | Error;

async function runPack(api: WebApi, jobs: readonly Job[], alone = true): Promise<Outcome[]> {
  const items = jobs.flatMap((job) => job.items);
  const safe = jobs.every((job) => job.reads) ? 'read' : 'conditional';
  try {
    const [only] = items;
    // One read alone is cheaper without the wrapping; not while searching for the item that spoils a batch, nor with a
    // person's address in it: URLs are logged along the way, bodies are not.
    const plain =
      alone && items.length === 1 && only && !isChangeSet(only) && safe === 'read' && !only.path.includes('%40');
    const answers = plain ? [[await api.one(only, safe)]] : await api.batch(items, safe);
    let next = 0;
    return jobs.map((job) => answers.slice(next, (next += job.items.length)));
  } catch (error) {
    // Refused as a whole (unreadable, too large) nothing has happened: one bad item must not spoil the others' work.
    if (isSyncError(error, 'CRM_REFUSED') && jobs.length > 1) return inHalves(api, jobs);
    const failed = error instanceof Error ? error : new Error(String(error));
    return jobs.map(() => failed);
  }
}

async function inHalves(api: WebApi, jobs: readonly Job[]): Promise<Outcome[]> {
  const middle = Math.ceil(jobs.length / 2);
  return [...(await runPack(api, jobs.slice(0, middle), false)), ...(await runPack(api, jobs.slice(middle), false))];
}

/** Jobs in their order, as many to a batch as the limit takes; a job is never torn apart. */
function packs(jobs: readonly Job[]): Job[][] {
  const result: Job[][] = [];
  let room = 0;
  for (const job of jobs) {
    const weight = job.items.reduce((sum, item) => sum + (isChangeSet(item) ? item.changes.length : 1), 0);
    if (weight > room || result.length === 0) {
      result.push([]);
      room = maxOperations;
    }
    result.at(-1)?.push(job);
    room -= weight;
  }
  return result;
}

interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves in a later turn of the event loop, and not before a slot is free. */
  free(): Promise<void>;
}

function semaphore(size: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const free = async (): Promise<void> => {
    await turn();
    while (taken >= size) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    free,
    run: async (work) => {
      while (taken >= size) await new Promise<void>((resolve) => waiting.push(resolve));
      taken += 1;
      try {
        return await work();
      } finally {
        taken -= 1;
        // All may look: a batch that gathers and a pack that waits are both served by whoever comes first.
        for (const wake of waiting.splice(0)) wake();
      }
    },
  };
}

function first(answer: ItemAnswer | undefined): PartAnswer {
  const part = answer?.[0];
  if (!part) throw new Error('an item of a batch has no answer');
  return part;
}
