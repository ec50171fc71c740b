/**
 * The audit text on a record: newest lines first, bounded by dropping the oldest. Pure.
 */

const note = '(older lines: see the sync events)';

/** New lines before the old text; whole lines fall off the end until the rest fits. */
export function withAudit(before: string, lines: readonly string[], room: number): string {
  const all = [...lines.map((line) => line.replace(/\s*\r?\n\s*/g, ' ').trim()), ...before.split(/\r?\n/)].filter(
    (line) => line !== '' && line !== note,
  );
  const full = all.join('\n');
  if (full.length <= room) return full;
  const kept: string[] = [];
  let left = room - note.length - 1;
  for (const line of all) {
    if (line.length + 1 > left) break;
    kept.push(line);
    left -= line.length + 1;
  }
  // One line alone may be longer than the column: its beginning says more than nothing.
  if (kept.length === 0) return `${(all[0] ?? '').slice(0, room - 1)}…`;
  return [...kept, note].join('\n');
}
