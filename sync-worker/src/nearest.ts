/** "Did you mean ...?": the known name with the fewest changed letters, if it is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // Nobody means a setting by a whole page; measuring one would take seconds.
  if (name.length > longestMeant) return undefined;
  const ranked = known.map((one) => ({ one, distance: distance(name.toUpperCase(), one.toUpperCase()) }));
  const best = ranked.reduce<(typeof ranked)[number] | undefined>(
    (a, b) => (a && a.distance <= b.distance ? a : b),
    undefined,
  );
  return best && best.distance <= Math.max(2, Math.floor(name.length / 4)) ? best.one : undefined;
}

const longestMeant = 100;

/** Levenshtein: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_unused, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
