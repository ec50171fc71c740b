/** Comparing secrets so that the time it takes tells nothing, not even the length. */
import { createHash, timingSafeEqual } from 'node:crypto';

export function sameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
