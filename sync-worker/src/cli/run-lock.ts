/**
 * One command at a time on a shared folder, so that two runs do not each take the other's half-done work for somebody
 * else's. A killed run leaves its lock behind; the next one sees that nobody holds it any more.
 *
 * A courtesy between operators, no fence: on two machines with two folders it does nothing, and nothing relies on it.
 */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { failure, ownFolder } from '../hand-over/folder';
import { codeOf } from '../patiently';
import type { Clock } from '../ports';
import { Refusal } from './refusals';

export interface RunLockOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Of this machine. Default: the system's list of processes. */
  readonly isAlive?: (processId: number) => boolean;
}

const fileName = 'webhooks.lock';
/** No run takes so long: the tests it waits for end sooner. Counts only where the holder is on another machine. */
const longestMs = 30 * 60_000;

/** Rejects with WEBHOOK_BUSY when another run holds the lock; else runs the work and lets go, however it ends. */
export async function alone<T>(options: RunLockOptions, work: () => Promise<T>): Promise<T> {
  const path = join(options.folder, fileName);
  await ownFolder(options.folder);
  if (!(await take(path, options)) && !((await clearIfDead(path, options)) && (await take(path, options)))) {
    throw new Refusal('WEBHOOK_BUSY', { detail: path });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function take(path: string, { clock }: RunLockOptions): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${hostname()} ${process.pid} ${clock.now()}`, 'utf8');
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw failure(path, error);
  }
}

/** True when there is no lock of a living run any more. */
async function clearIfDead(path: string, { clock, isAlive = alive }: RunLockOptions): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return true;
  const [host = '', processId = '', since = ''] = text.split(' ');
  // Nothing in it: its maker was killed between making and writing, or is just writing.
  const takenAt = Number(since) || (await stat(path).catch(() => null))?.mtimeMs || 0;
  const old = clock.now() - takenAt > longestMs;
  if (!old && !(host === hostname() && !isAlive(Number(processId)))) return false;
  // Moved aside first: two runs that both found it dead must not remove each other's new one.
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  await rm(aside, { force: true });
  return true;
}

function alive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return codeOf(error) === 'EPERM';
  }
}
