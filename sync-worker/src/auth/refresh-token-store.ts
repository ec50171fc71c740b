/**
 * Where the refresh token of the Partner Center sign-in is kept, and the local file as such a place. It is worth as
 * much as the signed-in user, so only its owner may read it.
 *
 * Two files: the newest token, and beside it the one before. A write that is torn or lost, as network shares do to
 * files in a crash, leaves the other one whole.
 */
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '../clock';
import { SyncError } from '../errors';
import { codeOf, patiently } from '../patiently';
import type { Clock, Log } from '../ports';
import { inForce, isSuperseded, readKept, seedHashOf } from './kept-sign-in';
import type { KeptToken, StoredRefreshToken } from './kept-sign-in';

export type { StoredRefreshToken } from './kept-sign-in';

/** Implemented by a local file and by Azure Key Vault. Rejects with a SyncError whose detail names setting and way out. */
export interface RefreshTokenStore {
  /** For people: "file /home/..." */
  readonly place: string;
  /** The newest, then the one before it, if it belongs to the same sign-in. Empty: nobody has signed in. */
  read(): Promise<readonly StoredRefreshToken[]>;
  /** Rejects when a write would be refused. Asked once before a token is used up, so that its successor has a place. */
  ready(): Promise<void>;
  /**
   * Resolves when the token would survive a power cut. With `rotationOf` it replaces only tokens of that sign-in;
   * 'superseded' means that somebody signed in meanwhile, and nothing was written.
   */
  write(token: StoredRefreshToken, rotationOf?: string): Promise<'kept' | 'superseded'>;
}

export interface FileStoreOptions {
  readonly path: string;
  /** Initial value from the settings. It counts until a newer one was stored, and again when it is replaced. */
  readonly seed?: string;
  /** Default: process.platform. Windows has no mode bits; there the folder's access list decides. */
  readonly platform?: NodeJS.Platform;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: node:fs/promises. Fails in a different way on Windows. */
  readonly files?: Partial<FileOperations>;
  readonly log?: Log;
}

interface FileOperations {
  rename(from: string, to: string): Promise<void>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
}

export function fileRefreshTokenStore(options: FileStoreOptions): RefreshTokenStore {
  const { path, seed } = options;
  const posix = (options.platform ?? process.platform) !== 'win32';
  const clock = options.clock ?? systemClock;
  const files: FileOperations = { rename, readFile, ...options.files };
  const previous = `${path}.previous`;

  async function read(): Promise<readonly StoredRefreshToken[]> {
    const [newest, before] = [await readSlot(path), await readSlot(previous)];
    const kept = [newest, before].filter((one): one is KeptToken => typeof one === 'object');
    if (newest === 'damaged') {
      if (kept.length === 0) throw refused(path, 'it is damaged: delete it and sign in again');
      options.log?.warn('the file of the refresh token is damaged; the token before it is used', { path });
    }
    // A previous one alone is no sign-in: the admin has deleted the file to end it.
    return newest === 'none' ? inForce([], seed) : inForce(kept, seed);
  }

  async function readSlot(file: string): Promise<KeptToken | 'none' | 'damaged'> {
    try {
      if (posix) await checkMode(file);
      return readKept(await patiently(clock, () => files.readFile(file, 'utf8'))) ?? 'damaged';
    } catch (error) {
      if (error instanceof SyncError) throw error;
      if (codeOf(error) === 'ENOENT') return 'none';
      throw refused(file, `it cannot be read (${codeOf(error)})`);
    }
  }

  async function write(token: StoredRefreshToken, rotationOf?: string): Promise<'kept' | 'superseded'> {
    if (rotationOf !== undefined && isSuperseded(await read(), rotationOf)) return 'superseded';
    const now = await readSlot(path);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (typeof now === 'object') await replaceFile(previous, JSON.stringify(now));
      await replaceFile(path, JSON.stringify({ ...token, seedHash: seedHashOf(seed) }));
    } catch (error) {
      throw refused(path, `it cannot be written (${codeOf(error)})`);
    }
    if (posix) await checkMode(path);
    return 'kept';
  }

  /** Written beside, flushed, then renamed: at every moment there is one whole file, the old or the new. */
  async function replaceFile(file: string, text: string): Promise<void> {
    const beside = besideOf(file);
    try {
      await writeWhole(beside, text);
      await patiently(clock, () => files.rename(beside, file));
    } catch (error) {
      await rm(beside, { force: true }).catch(() => undefined);
      throw error;
    }
    if (!posix) return;
    // The rename itself is safe only when the folder is flushed too.
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async function ready(): Promise<void> {
    const beside = besideOf(path);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await removeLeftovers(path);
      await writeWhole(beside, '{}');
      if (posix) await checkMode(beside);
    } catch (error) {
      throw error instanceof SyncError ? error : refused(path, `it cannot be written (${codeOf(error)})`);
    } finally {
      await rm(beside, { force: true }).catch(() => undefined);
    }
  }

  return { place: `file ${path}`, read, ready, write };
}

async function checkMode(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isFile()) throw refused(path, 'it is no plain file');
  if ((found.mode & 0o077) === 0) return;
  const fix = `others can read it; run: chmod 600 ${path}`;
  throw refused(
    path,
    `${fix} (if that does not help, its file system keeps no permissions: choose another place, or Key Vault)`,
  );
}

/** A name of its own: the worker and `cosell signin` may write at the same moment. */
function besideOf(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.new`;
}

/** What a crash left between writing and renaming is a refresh token that nobody looks after. Young ones are somebody's work. */
async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.new')) continue;
    const file = join(dirname(path), name);
    const { mtimeMs } = await lstat(file).catch(() => ({ mtimeMs: Infinity }));
    // Files age by the machine's clock, whatever clock the worker was given.
    if (systemClock.now() - mtimeMs > 60_000) await rm(file, { force: true });
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

function refused(path: string, why: string): SyncError {
  return new SyncError('SETTING_INVALID', { detail: `PARTNER_CENTER_TOKEN_FILE ${path}: ${why}` });
}
