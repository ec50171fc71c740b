/**
 * Text as it is compared, and the mark beside a deal's name.
 *
 * Comparison forms only: what is sent or shown is the text as found, otherwise we would rewrite what people
 * typed. Partner Center was seen to return names HTML-escaped ("&amp;") and with trailing blanks; without
 * this each side would look edited for ever. Source: Microsoft Learn "Referral resources", real payloads.
 */

/** Entities that ASP.NET's and common encoders write by name; every other character comes as a number. */
const namedEntities = /*#__PURE__*/ new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/** Text that was escaped twice is met, deeper is not; the bound keeps a hostile text from costing much time. */
const deepestEscaping = 8;

/** Undo one level of HTML escaping. Unknown or impossible entities stay as they are. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return namedEntities.get(String(name)) ?? whole;
    const code = decimal !== undefined ? Number(decimal) : parseInt(String(hex), 16);
    const impossible = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
    return impossible ? whole : String.fromCodePoint(code);
  });
}

/**
 * The form in which two texts are compared: HTML-unescaped, NFC, line ends as LF, trimmed. Inner blanks stay.
 * Absent counts as empty. Applying it again changes nothing, and escaping a text does not change its form
 * (up to eight levels deep, beyond which nobody escapes in good faith).
 */
export function normaliseText(text: string | null | undefined): string {
  let plain = (text ?? '').normalize('NFC');
  for (let level = 0; level < deepestEscaping; level++) {
    const next = unescapeHtml(plain).normalize('NFC');
    if (next === plain) break;
    plain = next;
  }
  return plain.replace(/\r\n?/g, '\n').trim();
}

/** Do two texts say the same? Absent and empty do. */
export function sameText(a: string | null | undefined, b: string | null | undefined): boolean {
  return normaliseText(a) === normaliseText(b);
}

/** Signs that are put beside a deal's name while it syncs, and when it failed to. */
export const marks = { ok: '\u2714', failed: '\u2716' } as const;
export type Mark = keyof typeof marks;

export interface MarkedName {
  readonly name: string;
  /** False: the name has no room for the mark and is returned without it. */
  readonly fits: boolean;
}

/** Nothing but blanks and our marks, so that `stripMark` leaves nothing of it. */
export function isOnlyMark(text: string): boolean {
  return /^(?:\s|[\u2714\u2716][\ufe0e\ufe0f]?)*$/.test(text);
}

/**
 * A name without our mark: never sent, never compared. Marks are taken off both ends, since Microsoft's own
 * connector set one too; a name without a mark is returned untouched, blanks included.
 */
export function stripMark(name: string): string {
  let start = 0;
  let end = name.length;
  let found = false;
  for (let length = markBefore(name, end); length > 0; length = markBefore(name, end)) {
    end -= length;
    found ||= !isBlank(name.charAt(end));
  }
  for (let length = markAt(name, start, end); length > 0; length = markAt(name, start, end)) {
    found ||= !isBlank(name.charAt(start));
    start += length;
  }
  return found ? name.slice(start, end) : name;
}

/**
 * The name with one mark behind it, whatever mark it had before. Behind and not in front, so that lists keep
 * their order and searching by the first letters works.
 *
 * @param maxLength room of the column in UTF-16 units, as Dataverse and Salesforce count
 */
export function addMark(name: string, mark: Mark, maxLength: number): MarkedName {
  const bare = stripMark(name).trim();
  const marked = bare === '' ? marks[mark] : `${bare} ${marks[mark]}`;
  return marked.length <= maxLength ? { name: marked, fits: true } : { name: bare, fits: false };
}

const isBlank = (char: string): boolean => char !== '' && char.trim() === '';
const isMark = (char: string): boolean => char === marks.ok || char === marks.failed;
/** Phones append a selector that asks for the text or emoji form of the sign before it. */
const isFormSelector = (char: string): boolean => char === '\ufe0e' || char === '\ufe0f';

/** Length of the blank or mark that ends at `end`, 0 for anything else (another sign's form selector too). */
function markBefore(name: string, end: number): number {
  const last = name.charAt(end - 1);
  if (isBlank(last) || isMark(last)) return 1;
  return isFormSelector(last) && isMark(name.charAt(end - 2)) ? 2 : 0;
}

/** Length of the blank or mark that starts at `start`. */
function markAt(name: string, start: number, end: number): number {
  if (start >= end) return 0;
  const first = name.charAt(start);
  if (isMark(first)) return isFormSelector(name.charAt(start + 1)) ? 2 : 1;
  return isBlank(first) ? 1 : 0;
}
