/**
 * What is kept of a sign-in, and which of several counts. Pure: the stores (file, Key Vault) only read and write it.
 *
 * The rules of who wins stand here, so that both stores agree: a sign-in that a person made wins over the rotations of
 * the one before it, and a seed from the settings counts until something newer was made from it or in its place.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export interface StoredRefreshToken {
  readonly refreshToken: string;
  /** When it was got, ISO UTC; empty for a seed, whose age is not known. */
  readonly savedOn: string;
  /** Which sign-in it descends from. Rotations keep it; each new sign-in has its own. Empty: made before this was kept. */
  readonly signIn: string;
}

/** A stored token and the seed that stood in the settings when it was written ('' without one). */
export interface KeptToken extends StoredRefreshToken {
  readonly seedHash: string;
}

const keptShape = z.object({
  refreshToken: z.string().min(1),
  savedOn: z.string(),
  seedHash: z.string(),
  signIn: z.string().default(''),
});

/** Null for anything but a whole kept token, such as the half of one that a torn write leaves. */
export function readKept(text: string): KeptToken | null {
  try {
    return keptShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function seedHashOf(seed: string | undefined): string {
  return seed ? createHash('sha256').update(seed).digest('base64url') : '';
}

/**
 * Newest first. A seed other than the one that the kept token grew with is a new sign-in by the admin, and stands
 * alone; a kept token that grew with none was made by `cosell signin`, which stands above a setting of unknown age.
 */
export function inForce(kept: readonly KeptToken[], seed: string | undefined): StoredRefreshToken[] {
  const seedHash = seedHashOf(seed);
  const newest = kept[0];
  const replaced = newest !== undefined && newest.seedHash !== '' && newest.seedHash !== seedHash;
  if (seed && (!newest || replaced))
    return [{ refreshToken: seed, savedOn: '', signIn: `seed ${seedHash.slice(0, 12)}` }];
  return kept
    .filter((one) => one.signIn === newest?.signIn)
    .map(({ refreshToken, savedOn, signIn }) => ({ refreshToken, savedOn, signIn }));
}

/** A rotation of one sign-in must not replace another that a person made meanwhile. */
export function isSuperseded(now: readonly StoredRefreshToken[], signIn: string): boolean {
  return now[0] !== undefined && now[0].signIn !== signIn;
}
