/**
 * Texts that cost much to make and never change, kept for as long as the process lives.
 *
 * Each of jest's test files has modules of its own, which would make them all anew; tests/environment.cjs lends every
 * file of a process the same map. Elsewhere this module's own does. Texts only: nobody can change one for another.
 */
const shared = (globalThis as { [key: symbol]: unknown })[Symbol.for('cosell.kept-texts')];
const texts = (shared as Map<string, string> | undefined) ?? new Map<string, string>();

/** A run makes a handful; tests of odd solutions would make hundreds. */
const most = 32;

export function keptText(key: string, make: () => string): string {
  const found = texts.get(key);
  if (found !== undefined) return found;
  const made = make();
  for (const oldest of [...texts.keys()].slice(0, Math.max(0, texts.size + 1 - most))) texts.delete(oldest);
  texts.set(key, made);
  return made;
}
