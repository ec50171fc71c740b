/** Fingerprint of the inputs of a decision: a parked deal is looked at again only when they differ (decision D13). */
import { createHash } from 'node:crypto';

/** Hex SHA-256 of the JSON form; members in the order given, so callers pass lists rather than open objects. */
export function hashOf(inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 40);
}
