/**
 * What is said beside a deal's state without being a reason to hold it: a colleague left out, a mark without room, a
 * value from Partner Center that does not fit into its column.
 *
 * Pure, and told from what both sides show now, so that the next look says the same and writes nothing.
 */
import type { Person } from '../../domain/deal';
import { finding } from '../../domain/finding';
import { normaliseText } from '../../domain/normalise';
import { addMark } from '../../domain/text';
import type { CrmSettings, Deal, Shadow, SyncStatus, Unfit } from './ports';
import { joined, markFor, messageOf, noMessage, notice, type Message } from './show';
import { say } from './words';

export interface Remarked {
  readonly deal: Pick<Deal, 'ref'> & { readonly values: Pick<Deal['values'], 'name'> };
  readonly state: SyncStatus;
  readonly settings: CrmSettings;
  /** Fields as both sides show them. */
  readonly fields: Shadow['fields'];
  readonly unfit: readonly Unfit[];
  /** The record names no seller who could be sent; who stands in Partner Center stays there. */
  readonly sellerless?: boolean;
}

/** Nothing for a deal that is over: what its record says then stays. */
export function remarksOf({ deal, state, settings, fields, unfit, sellerless }: Remarked): Message {
  if (state === 'closed' || state === 'paused') return noMessage;
  const { language } = settings;
  const people = state === 'synced' ? leftOut(fields) : [];
  const colleagues =
    people.length > 0 ? notice('COLLEAGUE_LEFT_OUT', language, { people: people.join(', ') }) : noMessage;
  const team = (fields.team?.crm ?? []) as readonly Person[];
  // Whoever is named and lacks something is told above.
  const nobody = sellerless && team.length === 0 ? messageOf([finding('TEAM_MISSING')], language) : noMessage;
  return [markRemark(deal, state, settings), nobody, ...unfit.map((one) => unfitMessage(one, language))].reduce(
    joined,
    colleagues,
  );
}

/** The seller wonders where the mark is; the name has no room for it. */
export function markRemark(deal: Remarked['deal'], state: SyncStatus, settings: CrmSettings): Message {
  const mark = markFor(state, settings.displayCheckMark);
  const room = settings.nameRoom[deal.ref.type];
  if (mark === 'none' || addMark(deal.values.name ?? '', mark, room).fits) return noMessage;
  return messageOf([finding('NAME_MARK_DOES_NOT_FIT', { limit: String(room - 2) })], settings.language);
}

export function unfitMessage({ field, code, params }: Unfit, language: number): Message {
  const text = say(language, `crm_${code}`, { ...params, field: say(language, `field_${field}`) });
  return { text, code: JSON.stringify([{ code, params: { ...params, field } }]) };
}

/** Names of the sellers whom Partner Center would refuse, and so was not told of. */
function leftOut({ team }: Shadow['fields']): string[] {
  const there = new Set(((team?.pc ?? []) as readonly Person[]).map(({ email }) => normaliseText(email).toLowerCase()));
  return ((team?.crm ?? []) as readonly Person[]).flatMap((person, index) => {
    const complete = [person.firstName, person.lastName, person.phone, person.email].every(
      (detail) => normaliseText(detail) !== '',
    );
    if (complete || there.has(normaliseText(person.email).toLowerCase())) return [];
    return [`${normaliseText(person.firstName)} ${normaliseText(person.lastName)}`.trim() || `#${index + 1}`];
  });
}
