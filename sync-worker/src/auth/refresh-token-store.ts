/**
 * Where the refresh token of the Partner Center sign-in is kept. It is worth as much as the signed-in
 * user, so it lives in a place that only the worker can read, and the newest one replaces the last:
 * each use brings a new one with a new life of its own.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { SyncError } from '../errors';

export interface StoredRefreshToken {
  readonly refreshToken: string;
  /** When it was got, ISO UTC; empty for a seed, whose age is not known. */
  readonly savedOn: string;
}

/** Implemented by a local file now, by Azure Key Vault for production. */
export interface RefreshTokenStore {
  /** Null when nobody has signed in yet. */
  read(): Promise<StoredRefreshToken | null>;
  /** Resolves when the token would survive a power cut. */
  write(token: StoredRefreshToken): Promise<void>;
}

export interface FileStoreOptions {
  readonly path: string;
  /** Initial value from the settings. It counts until a newer one was stored, and again when it is replaced. */
  readonly seed?: string;
  /** Default: process.platform. Windows has no mode bits; there the folder's access list decides. */
  readonly platform?: NodeJS.Platform;
}

const fileShape = z.object({ refreshToken: z.string().min(1), savedOn: z.string(), seedHash: z.string() });

export function fileRefreshTokenStore(options: FileStoreOptions): RefreshTokenStore {
  const { path, seed } = options;
  const posix = (options.platform ?? process.platform) !== 'win32';
  const seedHash = seed ? createHash('sha256').update(seed).digest('base64url') : '';

  return {
    read: async () => {
      const kept = await readKept();
      // A seed other than the one that the file grew from is a new sign-in by the admin. A file that grew from none
      // was made by a sign-in on this machine, which stands above a setting whose age we cannot tell.
      const replaced = kept !== null && kept.seedHash !== '' && kept.seedHash !== seedHash;
      if (seed && (!kept || replaced)) return { refreshToken: seed, savedOn: '' };
      return kept && { refreshToken: kept.refreshToken, savedOn: kept.savedOn };
    },
    write: async (token) => {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await replaceFile(path, JSON.stringify({ ...token, seedHash }), posix);
      } catch (error) {
        throw refused(path, `it cannot be written (${codeOf(error)})`);
      }
      if (posix) await checkMode();
    },
  };

  async function readKept(): Promise<z.infer<typeof fileShape> | null> {
    let text: string;
    try {
      if (posix) await checkMode();
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof SyncError) throw error;
      if (codeOf(error) === 'ENOENT') return null;
      throw refused(path, `it cannot be read (${codeOf(error)})`);
    }
    const parsed = fileShape.safeParse(parse(text));
    if (!parsed.success) throw refused(path, 'it is damaged: delete it and sign in again');
    return parsed.data;
  }

  async function checkMode(): Promise<void> {
    const found = await lstat(path);
    if (!found.isFile()) throw refused(path, 'it is no plain file');
    if ((found.mode & 0o077) !== 0) {
      throw refused(
        path,
        `others can read it; run: chmod 600 ${path} (if that does not help, its file system keeps no permissions: choose another place)`,
      );
    }
  }
}

/** Written beside, flushed, then renamed: at every moment there is one whole file, the old or the new. */
async function replaceFile(path: string, text: string, posix: boolean): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  if (!posix) return;
  // The rename itself is safe only when the folder is flushed too.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refused(path: string, why: string): SyncError {
  return new SyncError('SETTING_INVALID', { detail: `PARTNER_CENTER_TOKEN_FILE ${path}: ${why}` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'unknown');
}
