/**
 * What forgetting a person means for one row, event or record, decided without asking anybody. Pure.
 *
 * Rows of deals that are over lose their persons altogether, as they would by age: half a memory would be taken for an
 * edit. Events keep who else was there. What people typed is theirs: it is named and never changed.
 */
import { isOver, withoutPersons } from '../ageing';
import type { HeldRecord, HeldTexts } from '../crm/person-store';
import type { Link, Shadow } from '../ports';
import { UsageError } from './refusals';

export interface Person {
  /** Lower case. */
  readonly address: string;
  /** How events show the address, without initials (see crm/events.ts). */
  readonly masked: string;
  /** The same as far as it stands in a text that was cut. */
  readonly maskedStart: string;
}

/** @throws UsageError; the text is not repeated, since a terminal is often recorded */
export function personOf(text: string): Person {
  const address = text.trim().toLowerCase();
  if (!/^[^\s@"\\<>()[\],;:%]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}$/u.test(address))
    throw new UsageError('forget takes one e-mail address, without a name or brackets');
  const maskedStart = `${address.charAt(0)}***@`;
  return { address, maskedStart, masked: `${maskedStart}${address.slice(address.indexOf('@') + 1)}` };
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const somebody = 'somebody';

/** The address, and not a longer one that it is a part of. */
function addressIn(person: Person, flags: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}._%+-]|\\p{L}')${literally(person.address)}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
    flags,
  );
}

export function mentions(text: string, person: Person): boolean {
  return addressIn(person, 'iu').test(text);
}

/** Texts of a JSON value, each as it is: in its spelling a line's end would be taken for a letter of the address. */
export function anyMentions(value: unknown, person: Person): boolean {
  if (typeof value === 'string') return mentions(value, person);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => anyMentions(member, person));
}

const without = (text: string, person: Person): string => text.replace(addressIn(person, 'giu'), somebody);

export type LinkSet = Partial<Omit<Link, 'key' | 'version'>>;

/** What the row becomes; null when there is nothing in it that may be taken away. */
export function linkWithout(link: Link, person: Person): LinkSet | null {
  if (!linkMentions(link, person)) return null;
  if (!isOver(link)) return withoutRewritten(link, person);
  const set = { ...withoutPersons(link), due: null };
  const shadow = anyMentions(set.shadow, person) ? withoutWords(set.shadow) : set.shadow;
  const after = { ...set, shadow };
  return sameMemory(link, after) ? null : after;
}

export function linkMentions({ shadow, pending, error, name }: Link, person: Person): boolean {
  return anyMentions([shadow, pending, error, name], person);
}

function sameMemory(link: Link, set: LinkSet): boolean {
  return (
    JSON.stringify([link.shadow, link.pending, link.error]) === JSON.stringify([set.shadow, set.pending, set.error])
  );
}

/** A correction that a field went through is remembered until its next one, though nobody shows the person any more. */
function withoutRewritten(link: Link, person: Person): LinkSet | null {
  let moved = false;
  const fields = Object.entries(link.shadow.fields).map(([name, field]) => {
    const { rewritten, putBack, ...shown } = field;
    const stale = anyMentions([rewritten, putBack], person) && !anyMentions(shown, person);
    moved ||= stale;
    return [name, stale ? shown : field] as const;
  });
  return moved ? { shadow: { ...link.shadow, fields: Object.fromEntries(fields) as Shadow['fields'] } } : null;
}

function withoutWords(shadow: Shadow): Shadow {
  const { answer, ...rest } = shadow;
  void answer;
  const { syncMessage, syncMessageCode, ...shown } = shadow.shown ?? {};
  void [syncMessage, syncMessageCode];
  return { ...rest, ...(shadow.shown ? { shown } : {}) };
}

/** Parts of a row that hold the person, in the mapping's words. */
export function placesIn({ shadow, pending, name, error }: Link, person: Person): string[] {
  const places: readonly (readonly [string, unknown])[] = [
    ...Object.entries(shadow.fields),
    [
      'microsoft',
      [shadow.microsoft, shadow.shown?.microsoftTeam, shadow.shown?.microsoftNotes, shadow.shown?.microsoftReason],
    ],
    ['message', [shadow.shown?.syncMessage, shadow.shown?.syncMessageCode, shadow.answer, error]],
    ['underway', pending],
    ['name', name],
  ];
  return [...new Set(places.filter(([, value]) => anyMentions(value, person)).map(([place]) => place))];
}

/** The event's texts that change. Whoever has the same initial at the same domain looks the same, and goes too. */
export function eventWithout({ texts }: HeldTexts, person: Person): Record<string, string> | null {
  const initials = '(?:(?:\\p{L}\\.){1,2} )?';
  const whole = new RegExp(
    `(?<![\\p{L}\\p{N}])${initials}${literally(person.masked)}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`,
    'giu',
  );
  const cut = new RegExp(
    `(?<![\\p{L}\\p{N}])${initials}(${literally(person.maskedStart)}[\\p{L}\\p{N}.-]*)( ?…)$`,
    'iu',
  );
  return changedTexts(texts, (text) =>
    without(text, person)
      .replace(whole, somebody)
      .replace(cut, (all: string, start: string, end: string) =>
        person.masked.startsWith(start.toLowerCase()) ? `${somebody}${end}` : all,
      ),
  );
}

/**
 * The record's own columns that change. `over`: nobody writes them any more, so what Microsoft's people look like there
 * goes as well; on a deal that is at work the worker would write it again.
 */
export function recordWithout({ texts }: HeldRecord, over: boolean, person: Person): Record<string, string> | null {
  return changedTexts(texts, (text, column) => {
    if (column === 'cosell_audit') return without(text, person);
    if (!over) return text;
    if (column === 'cosell_microsoftteam')
      return text
        .split(/\r?\n/)
        .filter((line) => !mentions(line, person))
        .join('\n');
    return column === 'cosell_syncmessage' || column === 'cosell_syncmessagecode' ? without(text, person) : text;
  });
}

/** Columns that still hold the person after that. */
export function columnsLeft(record: HeldRecord, over: boolean, person: Person): string[] {
  const texts = { ...record.texts, ...recordWithout(record, over, person) };
  return Object.keys(texts).filter((column) => mentions(texts[column] ?? '', person));
}

function changedTexts(
  texts: Readonly<Record<string, string>>,
  change: (text: string, column: string) => string,
): Record<string, string> | null {
  const changed = Object.entries(texts).flatMap(([column, text]) => {
    const after = change(text, column);
    return after === text ? [] : [[column, after] as const];
  });
  return changed.length === 0 ? null : Object.fromEntries(changed);
}
