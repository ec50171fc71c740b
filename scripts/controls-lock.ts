/**
 * One process at a time for a piece of work, among processes of this machine.
 *
 * A file that only one process can create; it holds the process's id, so that the lock of one that died is taken over.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** @throws Error when another process holds the lock for more than five minutes */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (let tries = 0; !taken(path); tries += 1) {
    if (tries > 1_500) throw new Error(`${path} is held by process ${holder(path)}; delete it if that is no build`);
    if (!alive(holder(path))) rmSync(path, { force: true });
    else await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function taken(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A lock that just vanished or is not written yet is answered as held by a living process: ask again. */
function holder(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
