/**
 * Ids that look random and are not: the n-th one of a seed is always the same, so that a failing run
 * can be read beside its repetition.
 */
import { createHash } from 'node:crypto';

export class IdSource {
  private readonly seed: string;
  private counter = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  next(): string {
    const hex = createHash('sha256').update(`${this.seed} ${++this.counter}`).digest('hex');
    const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8';
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** A number from 0 to 9 that belongs to an id for ever. */
export function tenthOf(id: string, purpose: string): number {
  return (createHash('sha256').update(`${purpose} ${id}`).digest()[0] ?? 0) % 10;
}

/**
 * The quotes are part of the value; the eight digits before the last `0000` are the update time in
 * Unix seconds, as in real tags. Clients must treat it as opaque.
 */
export function eTagOf(version: number, updatedMs: number): string {
  const counter = (0x4a000000 + version).toString(16).padStart(8, '0');
  const seconds = Math.max(0, Math.floor(updatedMs / 1000))
    .toString(16)
    .padStart(8, '0');
  return `"${counter}-0000-0800-0000-${seconds}0000"`;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isGuid(text: string): boolean {
  return guid.test(text);
}
