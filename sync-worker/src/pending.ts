/**
 * Lists of values that are under way to one side or the other. Pure.
 */
import type { Sent } from './ports';

/** Values that may still arrive are remembered as a list, the newest last. */
const pendingLimit = 6;

/** The lists with these values at their ends. */
export function longer(lists: Sent, values: readonly (readonly [string, unknown])[]): Sent {
  const result: Record<string, readonly unknown[]> = { ...lists };
  for (const [name, value] of values) result[name] = [...(result[name] ?? []), value].slice(-pendingLimit);
  return result;
}
