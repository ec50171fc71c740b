/**
 * Policies around a transport. First policy is closest to the caller, last is closest to the wire:
 * the array is the order, and there is no other way to say it.
 */
import type { Policy, Send } from './types';

export function pipeline(policies: readonly Policy[], transport: Send): Send {
  return policies.reduceRight<Send>((next, policy) => (request) => policy(request, next), transport);
}
