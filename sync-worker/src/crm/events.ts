/**
 * Sync events as rows of cosell_syncevent. Pure.
 *
 * Persons are masked here and nowhere else: the table is read by everyone who sees the deal and is kept for months.
 */
import type { Person } from '../../../domain/deal';
import { scrub } from '../scrub';
import type { RecordRef, SyncEvent } from '../ports';
import { say, sayIfKnown } from '../words';
import { choiceOf } from './choices';
import type { Environment } from './environment';
import { tables } from './generated/schema';
import { bounded } from './link-row';
import { asObject, rowPath } from './odata';

const { columns } = tables.syncevent;

export interface EventContext {
  readonly key: string;
  readonly record: RecordRef | null;
  readonly correlationId: string;
  /** ISO UTC. */
  readonly occurredOn: string;
}

export function eventRow(event: SyncEvent, context: EventContext, environment: Environment): Record<string, unknown> {
  const { record } = context;
  const bind = (column: string, table: string, id: string): Record<string, string> => ({
    [`${environment.nav('cosell_syncevent', column, table)}@odata.bind`]: rowPath(environment.set(table), id),
  });
  return {
    cosell_name: bounded(title(event, environment.language), columns.cosell_name.maxLength),
    cosell_direction: choiceOf.direction.option(event.direction),
    cosell_outcome: choiceOf.outcome.option(event.outcome),
    cosell_field: event.field ? bounded(event.field, columns.cosell_field.maxLength) : null,
    cosell_oldvalue: shownValue(event.field, event.from),
    cosell_newvalue: shownValue(event.field, event.to),
    cosell_code: event.code ? bounded(event.code, columns.cosell_code.maxLength) : null,
    cosell_message: event.message ? bounded(scrub(event.message), columns.cosell_message.maxLength) : null,
    cosell_correlationid: bounded(context.correlationId, columns.cosell_correlationid.maxLength),
    cosell_occurredon: context.occurredOn,
    ...bind('cosell_referralrowid', 'cosell_referral', context.key),
    ...(record ? bind(`cosell_${record.type}id`, record.type, record.id) : {}),
  };
}

/** What a list of events shows first, in the language of the organization like the audit text. */
function title({ field, outcome, code }: SyncEvent, language: number): string {
  const label = field && (sayIfKnown(language, `field_${field}`) ?? field);
  return [label, say(language, `outcome_${outcome}`), code].filter(Boolean).join(' · ');
}

/** Value as text: persons masked, everything else as plain text or JSON, bounded to the column. */
export function shownValue(field: string | undefined, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  const persons = field === 'team' || field === 'contacts' || isPerson(value);
  const text = persons ? maskedPeople(value) : typeof value === 'string' ? value : JSON.stringify(value);
  // A note or a name may hold an address or a number as well; an amount of seven digits only looks like one.
  const plain = persons || amounts.has(field ?? '');
  return bounded(plain ? text : scrub(text), columns.cosell_newvalue.maxLength);
}

/** Nobody types into these but numbers and what the catalogue says: what gave way must be read there again. */
const amounts: ReadonlySet<string> = new Set(['dealValue', 'solutions']);

function isPerson(value: unknown): boolean {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return asObject(one)?.['email'] !== undefined && asObject(one)?.['lastName'] !== undefined;
}

function maskedPeople(value: unknown): string {
  const people = (Array.isArray(value) ? value : [value]) as readonly Partial<Person>[];
  return people.map((person) => maskedPerson(person)).join(', ');
}

/** Enough to tell two people of one team apart: initials, first letter and domain of the address. */
export function maskedPerson(person: Partial<Person>): string {
  const initials = [person.firstName, person.lastName].map((name) => (name ? `${name.charAt(0)}.` : '')).join('');
  const [local = '', domain = ''] = (person.email ?? '').split('@');
  const address = domain === '' ? '' : `${local.charAt(0)}***@${domain}`;
  return [initials, address].filter(Boolean).join(' ') || 'somebody';
}
