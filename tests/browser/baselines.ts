/**
 * Kept pictures: where they lie, which build of the browser drew them, and how two are compared.
 *
 * Another build draws text a little differently, so pictures are only compared when the browser is the one inside the
 * npm package, whose version the lock file holds.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { findBrowser } from './stage';

/** Value of COSELL_BROWSER for the browser inside the npm package. */
export const packagedBrowser = 'npm';
const folder = join(__dirname, 'baselines');
const results = join(__dirname, '..', '..', 'build', 'screenshots');
/** Part of the pixels that may differ. */
const tolerance = 0.001;

export const baselineFile = (name: string): string => join(folder, `${name}.png`);

/** Why pictures cannot be compared here, or null. */
export function whyNot(): string | null {
  try {
    findBrowser(packagedBrowser);
    return null;
  } catch (error) {
    return `Pictures are compared with the browser of the npm package @sparticuz/chromium only, which runs on 64-bit Linux. ${String(error)}`;
  }
}

/** Null when the pictures are the same but for `allowed` of their pixels; else what differs and where both lie. */
export function difference(name: string, actual: Buffer, allowed = tolerance): string | null {
  const file = baselineFile(name);
  if (!existsSync(file)) return `${name} has no baseline. Run: npx tsx scripts/baselines.ts`;
  const kept = readFileSync(file);
  // The same browser draws the same bytes; only what differs has to be looked into.
  if (kept.equals(actual)) return null;
  const want = PNG.sync.read(kept);
  const have = PNG.sync.read(actual);
  const { width, height } = want;
  const save = (suffix: string, png: Buffer): string => {
    mkdirSync(results, { recursive: true });
    const path = join(results, `${name}-${suffix}.png`);
    writeFileSync(path, png);
    return path;
  };
  const hint = `If the change is meant, look at it and run: npx tsx scripts/baselines.ts ${name}`;
  if (have.width !== width || have.height !== height) {
    const sizes = `${have.width} x ${have.height} pixels in place of ${width} x ${height}`;
    return `${name} has ${sizes}. See ${save('actual', actual)}. ${hint}`;
  }
  const shown = new PNG({ width, height });
  const differing = pixelmatch(want.data, have.data, shown.data, width, height, { threshold: 0.1 });
  if (differing <= width * height * allowed) return null;
  const files = `${save('actual', actual)} and ${save('difference', PNG.sync.write(shown))}`;
  return `${name} differs in ${differing} of ${width * height} pixels. See ${files}. ${hint}`;
}

export function keep(name: string, png: Buffer): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(baselineFile(name), png);
}
