/**
 * How long a row remembers the persons of a deal that is over: as long as its events are kept (setting log retention).
 *
 * Pure. A row has to know the persons of an open deal, since it copies them between the sides. Once the deal has ended
 * nothing of them is ever sent again, so they go, and with them whatever people typed, which may name anybody. The flag
 * that stays in their place keeps them from coming back with the next look.
 */
import type { DealValues, FieldName } from '../../domain/deal';
import { fieldMappings } from '../../domain/mapping';
import type { CrmWrite, Link, MicrosoftSide, Pending, Shadow, ShownColumns } from './ports';

const dayMs = 24 * 60 * 60_000;

/** Typed by people: a note may hold a name or a number as well. */
const typedFields: readonly FieldName[] = ['dealNotes', 'notesToMicrosoft', 'statusReason'];

/** Fields that hold persons, or may. */
export const personalFields: ReadonlySet<string> = new Set<string>([
  ...fieldMappings.filter(({ compare }) => compare === 'set:person').map(({ field }) => field),
  ...typedFields,
]);

/** Columns of ours that show Microsoft's people, or what they typed. */
export const personalColumns: readonly (keyof ShownColumns)[] = ['microsoftTeam', 'microsoftNotes', 'microsoftReason'];

const overStates: ReadonlySet<string> = new Set(['closed', 'archived', 'crmRecordDeleted']);

/** The deal is over: whatever its row says, nothing of it will be sent to Partner Center any more. */
export function isOver({ state, shadow }: Pick<Link, 'state' | 'shadow'>): boolean {
  return overStates.has(state) || (shadow.status ?? '').startsWith('Closed/');
}

/** The row has forgotten its persons, and they are not to be taken in again. */
export function hasForgotten(shadow: Shadow): boolean {
  return shadow.personsForgotten === true && (shadow.status ?? '').startsWith('Closed/');
}

/** ISO UTC instant from which the row need not know them any more; null: never. */
function endOfMemory({ endedOn }: Shadow, days: number): string | null {
  const ended = Date.parse(endedOn ?? '');
  return days <= 0 || Number.isNaN(ended) ? null : new Date(ended + days * dayMs).toISOString();
}

/** @param now ISO UTC of the CRM's clock */
export function isAged(link: Link, days: number, now: string): boolean {
  if (!isOver(link) || link.shadow.personsForgotten === true) return false;
  const end = endOfMemory(link.shadow, days);
  return end !== null && Date.parse(end) <= Date.parse(now);
}

/** When a row that is over is to be looked at next: never, unless it still has somebody to forget. */
export function dueByAge(link: Link, days: number): string | null {
  return isOver(link) && link.shadow.personsForgotten !== true && holdsPersons(link)
    ? endOfMemory(link.shadow, days)
    : null;
}

/**
 * The write, and when the row is to forget: counted from the write that ended the deal, and anew from each later one
 * that has something to tell. Another time that the step has set goes first; the row comes by once more after it.
 *
 * @param now ISO UTC of the CRM's clock
 */
export function withAgeing(write: CrmWrite, days: number, now: string): CrmWrite {
  const { link, set } = write;
  const after = { ...link, ...set };
  if (!isOver(after)) return opened(write);
  if (after.shadow.personsForgotten === true || !holdsPersons(after)) return write;
  const news = write.events.length > 0 || !isOver(link) || after.shadow.endedOn === undefined;
  const shadow = news ? { ...after.shadow, endedOn: now } : after.shadow;
  const due = after.due ?? endOfMemory(shadow, days);
  return {
    ...write,
    set: { ...set, ...(news || set.shadow ? { shadow } : {}), ...(due === after.due ? {} : { due }) },
  };
}

/** Not over after all (an admin's or a backup's doing): it may know its people again. */
function opened(write: CrmWrite): CrmWrite {
  const { shadow } = write.set;
  if (!shadow || (shadow.endedOn === undefined && shadow.personsForgotten === undefined)) return write;
  const { endedOn, personsForgotten, ...rest } = shadow;
  void [endedOn, personsForgotten];
  return { ...write, set: { ...write.set, shadow: rest } };
}

export function holdsPersons(link: Link): boolean {
  const { pending, error } = withoutPersons(link);
  return (
    JSON.stringify([shadowWithout(link), pending, error]) !== JSON.stringify([link.shadow, link.pending, link.error])
  );
}

/** What the row becomes without its persons. */
export function withoutPersons(link: Link): Pick<Link, 'shadow' | 'pending' | 'error' | 'parkedHash'> {
  return {
    shadow: { ...shadowWithout(link), personsForgotten: true },
    pending: pendingWithout(link.pending),
    // A record that is gone has our own words; what a service said may repeat a name.
    error: link.state === 'crmRecordDeleted' ? link.error : '',
    parkedHash: '',
  };
}

function shadowWithout({ shadow, state }: Link): Shadow {
  const { answer, ...unanswered } = shadow;
  const { shown, microsoft } = shadow;
  // What a closed deal was told names nobody; the last words of one that was still at work may (a colleague left out).
  const words: readonly (keyof ShownColumns)[] =
    state === 'closed' || state === 'paused' ? [] : ['syncMessage', 'syncMessageCode'];
  return {
    ...(answer && words.length === 0 ? shadow : unanswered),
    fields: membersWithout(shadow.fields),
    ...(shown ? { shown: columnsWithout(shown, [...personalColumns, ...words]) } : {}),
    ...(microsoft ? { microsoft: sideWithout(microsoft) } : {}),
  };
}

/** Microsoft's side as a row that has forgotten sees it. */
export function sideWithout(side: MicrosoftSide): MicrosoftSide {
  return { ...side, team: [], notes: '', reason: '' };
}

/** Read-only columns that the row still knows about; the others are left as they are. */
export function columnsWithout(
  shown: ShownColumns,
  names: readonly (keyof ShownColumns)[] = personalColumns,
): ShownColumns {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !names.includes(name as keyof ShownColumns)));
}

function pendingWithout(pending: Pending): Pending {
  const { pc, crm, create } = pending;
  return {
    ...pending,
    ...(pc ? { pc: { ...pc, ...listsWithout(pc) } } : {}),
    ...(crm ? { crm: { ...crm, ...listsWithout(crm) } } : {}),
    ...(create ? { create: { ...create, snapshot: membersWithout(create.snapshot) as DealValues } } : {}),
  };
}

/** Each list of values by field that a pending write has. */
function listsWithout(sent: object): object {
  const lists = Object.entries(sent).filter(([, values]) => typeof values === 'object' && values !== null);
  return Object.fromEntries(lists.map(([name, values]) => [name, membersWithout(values as object)]));
}

function membersWithout<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !personalFields.has(name))) as Values;
}
