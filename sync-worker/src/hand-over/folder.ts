/**
 * Files in the shared folder: made whole or not at all, read without trusting what else lies there.
 *
 * The folder may be a network share (App Service keeps HOME on one) or stand on Windows, where a file that somebody
 * just looks at cannot be replaced for a moment. Tells in its errors what is wrong with the folder, never a content.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../clock';
import { SyncError } from '../errors';
import { codeOf, patiently } from '../patiently';
import type { Clock } from '../ports';

export interface FolderOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: node:fs/promises. */
  readonly files?: Partial<FileOperations>;
}

/** What fails in a different way on Windows and on shares. */
export interface FileOperations {
  rename(from: string, to: string): Promise<void>;
  rm(path: string): Promise<void>;
}

/** Not `rm`, which takes a file that somebody else has just deleted for its own doing. */
export const plainFiles: FileOperations = { rename, rm: unlink };

/** Makes the folder, for its owner only. Rejects with SETTING_INVALID when something else stands in its place. */
export async function ownFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Whoever can put a link here could have files written elsewhere.
    if (!(await lstat(path)).isDirectory()) throw folderFailed(path, 'it is no folder');
  } catch (error) {
    throw failure(path, error);
  }
}

/** Writes beside and renames over: at every moment there is one whole file, the old or the new. */
export async function replaceFile(
  folder: string,
  name: string,
  text: string,
  options: FolderOptions = {},
): Promise<void> {
  const files = { ...plainFiles, ...options.files };
  const beside = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      if (text !== '') await file.writeFile(text, 'utf8');
    } finally {
      await file.close();
    }
    await patiently(options.clock ?? systemClock, () => files.rename(beside, join(folder, name)));
  } catch (error) {
    await files.rm(beside).catch(() => undefined);
    throw failure(folder, error);
  }
}

/** Text of a plain file of at most `largest` bytes; null: there is none such. */
export async function readPlain(path: string, largest: number, clock: Clock = systemClock): Promise<string | null> {
  try {
    return await patiently(clock, async () => {
      const about = await lstat(path);
      if (!about.isFile() || about.size > largest) return null;
      const file = await open(path, 'r');
      try {
        // Not by the size seen above: the file may be another by now.
        const { buffer, bytesRead } = await file.read(Buffer.alloc(largest + 1), 0, largest + 1, 0);
        return bytesRead > largest ? null : buffer.toString('utf8', 0, bytesRead);
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw failure(path, error);
  }
}

/** `<home>/.cosell/<connection>`; undefined where there is no home folder. App Service sets HOME on Windows too. */
export function defaultSharedFolder(
  env: Readonly<Record<string, string | undefined>>,
  connection: string,
): string | undefined {
  const home = env['HOME']?.trim() || env['USERPROFILE']?.trim();
  return home ? `${home}/.cosell/${connection}` : undefined;
}

export function failure(path: string, error: unknown): SyncError {
  return error instanceof SyncError ? error : folderFailed(path, `it cannot be used (${codeOf(error)})`, error);
}

function folderFailed(path: string, why: string, cause?: unknown): SyncError {
  return new SyncError('SETTING_INVALID', { detail: `COSELL_SHARED_FOLDER ${path}: ${why}`, cause });
}

/** A file can be put there. It stays, empty: the next time it is replaced, as all others are. */
export async function isWritable(folder: string, clock: Clock = systemClock): Promise<boolean> {
  try {
    await ownFolder(folder);
    await replaceFile(folder, '.writable', '', { clock });
    return true;
  } catch {
    return false;
  }
}
