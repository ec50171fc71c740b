/**
 * Hints as files: one empty file per hint, whose name says it all.
 *
 * A name that exists already is the same hint, so a flood about one deal is one file. Whoever takes a hint deletes its
 * file first and looks afterwards: a hint that comes while he looks is a new file. What is not ours in the folder is
 * never read or followed; files are swept, folders left alone.
 */
import { lstat, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../clock';
import { codeOf, patiently } from '../patiently';
import type { Hint, HintFolder } from '../ports';
import { failure, ownFolder, plainFiles, replaceFile, type FolderOptions } from './folder';

/** More are refused: somebody does not take them, and a folder of a million files helps nobody. */
export const mostHints = 5_000;
/** Taken at once; the rest half a second later. */
const mostTaken = 500;
const togetherAtOnce = 16;
/** How long a count of the folder is believed. */
const countedForMs = 1_000;
/** A file that is being written is gone long before; what is older was left by a process that died. */
const leftOverMs = 60_000;

const pattern = /^(referral|record)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export interface HintFolderOptions extends FolderOptions {
  readonly most?: number;
}

/** @param folder the shared folder; hints are in `hints` below it */
export function hintFolder(folder: string, options: HintFolderOptions = {}): HintFolder {
  const path = join(folder, 'hints');
  const clock = options.clock ?? systemClock;
  const files = { ...plainFiles, ...options.files };
  const most = options.most ?? mostHints;
  const room = new Room(path, most, () => clock.monotonic());
  /** Strange names and when they were first met. */
  let strangers = new Map<string, number>();
  let refused = 0;

  return {
    get refused() {
      return refused;
    },
    put: async (hint) => {
      const name = `${hint.kind}-${hint.id}`;
      if (!pattern.test(name)) throw new TypeError('a hint is a kind and a GUID in lower case');
      await ownFolder(path);
      if (!(await room.take()) && !(await exists(join(path, name)))) return 'full';
      await replaceFile(path, name, '', options);
      return 'kept';
    },
    take: async () => {
      const { ours, strange } = await look(path);
      const taken: Hint[] = [];
      const names = ours.slice(0, mostTaken);
      for (let from = 0; from < names.length; from += togetherAtOnce) {
        const some = names.slice(from, from + togetherAtOnce);
        const results = await Promise.all(some.map((name) => deleted(name)));
        some.forEach((name, at) => results[at] && taken.push(hintOf(name)));
      }
      await sweep(strange);
      return taken;
    },
  };

  /** False: somebody else took it, or still holds it, in which case it is there the next time. */
  async function deleted(name: string): Promise<boolean> {
    try {
      await patiently(clock, () => files.rm(join(path, name)));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EBUSY') return false;
      throw failure(path, error);
    }
  }

  /** A dot means that somebody may still be writing: only when it stays. Everything else strange goes at once. */
  async function sweep(names: readonly string[]): Promise<void> {
    const now = clock.monotonic();
    const met = new Map(names.map((name) => [name, strangers.get(name) ?? now]));
    for (const name of names) {
      if (!strangers.has(name) && !name.startsWith('.')) refused += 1;
      if (name.startsWith('.') && now - (met.get(name) ?? now) < leftOverMs) continue;
      await files
        .rm(join(path, name))
        // An empty folder is nobody's; a full one may be somebody's by mistake and is left to a person.
        .catch(() => rmdir(join(path, name)))
        .catch(() => undefined);
    }
    strangers = met;
  }
}

async function look(path: string): Promise<{ readonly ours: string[]; readonly strange: string[] }> {
  try {
    const ours: string[] = [];
    const strange: string[] = [];
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isFile() && pattern.test(entry.name)) ours.push(entry.name);
      else strange.push(entry.name);
    }
    return { ours, strange };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { ours: [], strange: [] };
    throw failure(path, error);
  }
}

function hintOf(name: string): Hint {
  const [, kind, id] = pattern.exec(name) as unknown as [string, Hint['kind'], string];
  return { kind, id };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    (about) => about.isFile(),
    () => false,
  );
}

/** How many more files the folder takes. Counted now and then, since counting thousands at each put would be the flood's work. */
class Room {
  private left = 0;
  private countedAt = -Infinity;
  private counting: Promise<void> | null = null;

  constructor(
    private readonly path: string,
    private readonly most: number,
    private readonly now: () => number,
  ) {}

  async take(): Promise<boolean> {
    if (this.now() - this.countedAt >= countedForMs) await (this.counting ??= this.count());
    this.left -= 1;
    return this.left >= 0;
  }

  private async count(): Promise<void> {
    try {
      this.left = this.most - (await readdir(this.path)).length;
      this.countedAt = this.now();
    } catch (error) {
      throw failure(this.path, error);
    } finally {
      this.counting = null;
    }
  }
}
