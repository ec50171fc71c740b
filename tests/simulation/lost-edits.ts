/**
 * No edit is lost: each one ends on the other side, or was followed by a later word of a person who could have seen
 * it, or stands in an event that says why not (rule B15).
 */
import type { Row } from '../../emulators/dataverse';
import { outcome, requestedAction, rowState } from './codes';
import type { Edit, Side, Version } from './ledger';
import { isWithoutSolution, stageShown } from './more-fields';
import { isForeign, type Pair } from './oracle';
import { carries, isAbout } from './records';
import type { Pending, Shadow } from '../../sync-worker/src/ports';
import type { SimWorld } from './world';

export function judgeEdits(world: SimWorld, pairs: readonly Pair[]): void {
  for (const edit of world.ledger.edits()) {
    const pair = pairs.find((one) => (edit.side === 'crm' ? one.record?.id : one.referral?.id) === edit.entity);
    if (!pair?.record || !pair.referral || isOutOfScope(world, edit, pair)) continue;
    const why = lost(world, edit, pair);
    if (why)
      world.violate(
        'an edit is lost',
        `${edit.by} wrote ${edit.field} = ${JSON.stringify(edit.value)} at ${(edit.at / 1000).toFixed(3)} on ${edit.side} ${edit.entity.slice(0, 8)}: ${why}`,
      );
  }
}

/** Where a rule says that the edit stays where it was made. */
function isOutOfScope(world: SimWorld, edit: Edit, { record, referral, row, key }: Pair): boolean {
  if (isForeign(edit.field) || isWithoutSolution(edit.field, edit.value)) return true;
  // A lead has no such field (docs/fields.md): its opportunity will show it.
  if (record && !carries(record, edit.field, world.services)) return true;
  const state = Number(row['cosell_state']);
  // Sync is off (B10).
  if (record?.values['cosell_syncwithpartnercenter'] !== true) return true;
  // What a parked deal's seller writes waits with the reason (B2); what comes in is taken over, unless the CRM takes nothing.
  const refused = row['cosell_errorcode'] === 'CRM_REFUSED';
  if (state === rowState.needsAttention && (edit.side === 'crm' || refused)) return true;
  // A new start that the CRM refuses waits with its reason, and what is changed meanwhile goes out with it.
  const startsAnew = record.values['cosell_requestedaction'] === requestedAction.shareAgain;
  if (edit.side === 'crm' && refused && startsAnew) return true;
  // A deal for which Microsoft's help was asked is visible by itself (B1).
  if (edit.field === 'visibility' && edit.value === '' && referral?.type === 'Shared') return true;
  // What the opportunity of a qualified lead lacks is taken from Partner Center (docs/how-it-works.md).
  if (edit.side === 'crm' && edit.value === '' && world.ledger.saidBeforeTied(edit.entity, edit)) return true;
  // The record was deleted since, and came in anew under the same id.
  if (edit.side === 'crm' && edit.sequence <= world.ledger.deleted(edit.entity)) return true;
  // While a referral is New, the CRM's edits stay there (B6).
  if (edit.side === 'crm' && state === rowState.onHold) return true;
  // Made before there was anything on the other side: a draft, or the share itself carried it.
  const own = world.ledger.history(edit.side, edit.entity, edit.field);
  const made = world.ledger.history('pc', referral?.id ?? '', 'name')[0]?.sequence ?? 0;
  if (edit.side === 'crm' && edit.sequence < made) {
    const isLast = own.findLast(({ sequence }) => sequence < made)?.sequence === edit.sequence;
    const other = otherHistory(world, edit, { record, referral } as Pair);
    const carried = other.findLast(({ sequence }) => sequence <= made)?.value ?? '';
    if (!isLast || carried === edit.value) return true;
  }
  // Without what was agreed before, one who left a list looks like one who never came.
  if (edit.value === '' && isForgotten(world, edit, { key, referral })) return true;
  // What was told of it stood in an event that went with the restore.
  const next = own.find(({ sequence }) => sequence > edit.sequence);
  const toldThen = (from: number, to: number): boolean =>
    next?.by === 'worker' && next.sequence > from && next.sequence <= to;
  if (world.restores.some(({ from, to }) => toldThen(from, to))) return true;
  // A restored database has forgotten what was written after its backup was taken.
  return world.restores.some(({ from, to }) => edit.sequence > from && edit.sequence <= to && edit.side === 'crm');
}

/**
 * What both sides had agreed on before it was not known to anybody, or is not any more: its row was restored, or deleted
 * and made anew, or a deal that came in has no row yet. Nobody can tell then who has seen what.
 */
function isForgotten(world: SimWorld, edit: Edit, { key, referral }: Pick<Pair, 'key' | 'referral'>): boolean {
  const { restores, ledger } = world;
  const cameIn = ledger.history('pc', referral?.id ?? '', edit.field)[0]?.by !== 'worker';
  const mayBe = cameIn || world.forgotten > 0 || restores.length > 0;
  return (mayBe && edit.sequence <= ledger.agreedSince(key)) || restores.some(({ to }) => edit.sequence <= to);
}

function otherHistory(world: SimWorld, edit: Edit, pair: Pair): readonly Version[] {
  const own = historyThere(world, edit, pair);
  const [list, id] = edit.field.split(' ');
  if (list !== 'solution') return own;
  // Who writes how many of it there are says that it is there.
  const amounts = ['quantity', 'price'].flatMap((part) =>
    historyThere(world, { ...edit, field: `${part} ${id}` }, pair),
  );
  const words = amounts.filter((version) => isPerson(version) && version.value !== '');
  return [...own, ...words.map((version) => ({ ...version, value: 'yes' }))].sort(
    (one, other) => one.sequence - other.sequence,
  );
}

function historyThere(world: SimWorld, { side, field }: Edit, { record, referral }: Pair): readonly Version[] {
  if (side === 'crm') return world.ledger.history('pc', referral?.id ?? '', field);
  // What was said on a record that is deleted since was heard as well.
  const records = new Set(world.ledger.records(referral?.id ?? '')).add(record?.id ?? '');
  return [...records]
    .flatMap((one) => world.ledger.history('crm', one, field).filter((said) => world.ledger.inCharge(one, said)))
    .sort((one, other) => one.sequence - other.sequence);
}

function lost(world: SimWorld, edit: Edit, pair: Pair): string | null {
  const own = world.ledger.history(edit.side, edit.entity, edit.field);
  const other = otherHistory(world, edit, pair);
  const ends = [own.at(-1)?.value ?? '', other.at(-1)?.value ?? ''];
  if (ends[0] === edit.value && ends[1] === edit.value) return null;
  // On hold and parked, the CRM's word waits and nothing of Partner Center's is replaced.
  const state = Number(pair.row['cosell_state']);
  const held = state === rowState.onHold || state === rowState.needsAttention;
  const forgotten = isForgotten(world, edit, pair);
  if (forgotten && isBackToRestored(world, edit, pair)) return null;
  const replaced = !forgotten && backToReplaced(edit, own, other);
  // Who finds a write that was made in steps half done can't tell what was shown; that two words met he tells.
  const inSteps = world.plan.switches['crm.conditionsInChangeSet'] === 'refuse';
  // How many there are of a solution goes with it: whoever took that off has spoken. So has who moved the portal's stage
  // to one that the record shows as the one before, of which the ledger knows nothing.
  const excuse = (by: Version | null, otherwise: readonly number[]): readonly number[] =>
    edit.field === 'salesStage' || (by && isWithoutSolution(edit.field, by.value)) ? endings : otherwise;
  const excused = excuse(replaced || null, inSteps ? endings : refusals);
  if (replaced && !isBackToAgreed(edit, own, other, held) && !isTold(world, edit, pair, excused))
    return `it replaced ${JSON.stringify(replaced.value)}, and the worker put that back, which nobody had said again`;
  // Until the opportunity goes on with the referral, what its seller says on the lead is a word as well.
  const { ledger } = world;
  const lead =
    edit.side === 'crm' && ledger.saidBeforeTied(edit.entity, edit)
      ? ledger.history('crm', ledger.leadOf(edit.entity) ?? '', edit.field)
      : [];
  const back = takenBack(edit, own, other, [...other, ...lead]);
  // A value that nobody had written is no word that could win: only what no row remembers may look like one.
  const asItWas = isBackToBefore(world, edit, own, other);
  if (back && !asItWas && !isTold(world, edit, pair, excuse(back, forgotten ? endings : refusals)))
    return `the worker took it back to ${JSON.stringify(back.value)}, which nobody had written`;
  // The same person's side has said something else since.
  if ([...own, ...lead].some((later) => later.sequence > edit.sequence && isPerson(later))) return null;
  // Somebody on the other side has said something else after he could see it.
  const shown =
    other.findLast((version) => version.sequence <= edit.sequence)?.value === edit.value
      ? edit.sequence
      : (other.find((version) => version.sequence > edit.sequence && version.value === edit.value)?.sequence ??
        Infinity);
  if (other.some((later) => later.sequence > shown && isPerson(later))) return null;
  if (isTold(world, edit, pair)) return null;
  if (asItWas || isBackToAgreed(edit, own, other, held)) return null;
  if (isEcho(world, edit, pair)) return null;
  return `the sides show ${JSON.stringify(ends)} and no event speaks of it`;
}

/**
 * Back to a value that the other side had shown already, and replaced by what somebody there wrote after that: whoever
 * compares states sees no change here and one there, unless he was quick enough to see what was in between. On hold
 * nothing is replaced: what was written there waits.
 */
function isBackToAgreed(edit: Edit, own: readonly Version[], other: readonly Version[], held: boolean): boolean {
  const before = (versions: readonly Version[]): Version | undefined =>
    versions.find(({ value, sequence }) => value === edit.value && sequence < edit.sequence);
  const shown = before(other);
  const next = own.find(({ sequence }) => sequence > edit.sequence);
  if (!before(own) || !shown || (!next && !held)) return false;
  return other.some(
    (later) => later.sequence > shown.sequence && isPerson(later) && (!next || later.value === next.value),
  );
}

/** Gone and come back while the other side stood still: all is as it was, and what differs now differed before. */
function isBackToBefore({ ledger }: SimWorld, edit: Edit, own: readonly Version[], other: readonly Version[]): boolean {
  const before = own.findLast(({ value, sequence }) => value === edit.value && sequence < edit.sequence);
  const isLast = !own.some((later) => later.sequence > edit.sequence && isPerson(later));
  // One who was never on a list was not there since the record was made.
  const made = ledger.history(edit.side, edit.entity, 'name')[0]?.sequence ?? 0;
  // What the other side wrote before it went is judged by itself: it may be told, and stay different.
  const gone = before && own.find(({ sequence }) => sequence > before.sequence);
  const since = Math.max(gone?.sequence ?? 0, made);
  // What a person had said before he came back to it is judged by itself only if nobody has said anything since.
  return isLast && before !== undefined && !isPerson(before) && !other.some(({ sequence }) => sequence > since);
}

/** Back to what the restored row remembers: who compares with that sees no change here. */
function isBackToRestored({ ledger }: SimWorld, { side, field, value }: Edit, { key }: Pair): boolean {
  const shadow = ledger.remembered(key);
  if (shadow === undefined) return false;
  const { fields = {} } = JSON.parse(shadow) as Partial<Shadow>;
  const known = fields[field as keyof typeof fields]?.[side];
  const { amount, currency } = (known ?? {}) as { amount?: string; currency?: string };
  return value === (field === 'dealValue' ? `${Number(amount)} ${String(currency)}` : known);
}

/** The portal wrote what was on its way there without an answer: nobody can tell it from that. */
function isEcho(world: SimWorld, { side, field, value, sequence }: Edit, { key }: Pair): boolean {
  if (side !== 'pc' || value === '') return false;
  const [list = '', member] = field.split(' ');
  const name = lists[list] ?? list;
  const said = member ?? (list === 'dealValue' ? value.split(' ')[0] : value);
  const { pc } = JSON.parse(world.ledger.underWay(key, sequence) || '{}') as Pending;
  const sent = [pc?.fields, pc?.earlier].map((lists) => lists?.[name as keyof typeof lists] ?? []);
  return JSON.stringify(sent).includes(JSON.stringify(said));
}

/** Replaced by the worker, before the other side had shown it, by something that is no word of the other side's people. */
function takenBack(
  edit: Edit,
  own: readonly Version[],
  other: readonly Version[],
  said: readonly Version[],
): Version | null {
  const next = own.find(({ sequence }) => sequence > edit.sequence);
  if (next?.by !== 'worker' || next.value === edit.value) return null;
  const shown =
    other.findLast(({ sequence }) => sequence <= edit.sequence)?.value === edit.value ||
    other.some(({ sequence, value }) => sequence > edit.sequence && sequence < next.sequence && value === edit.value);
  const word = said.some(
    (version) => isPerson(version) && version.value === next.value && version.sequence < next.sequence,
  );
  return shown || word ? null : next;
}

/**
 * Replaced by the worker with the very value that it had brought and the edit, or one before it, had replaced, and nobody
 * on the other side has said it since. Who changes what he sees has the later word: that is no conflict (rule B4).
 */
function backToReplaced(edit: Edit, own: readonly Version[], other: readonly Version[]): Version | null {
  const before = own.findLast((version) => version.sequence < edit.sequence && !isPerson(version));
  const next = own.find(({ sequence }) => sequence > edit.sequence);
  if (next?.by !== 'worker' || before?.by !== 'worker' || before.value !== next.value) return null;
  return other.some((one) => isPerson(one) && one.value === next.value && one.sequence > before.sequence) ? null : next;
}

function isPerson({ by }: Version): boolean {
  return by === 'seller' || by === 'portal';
}

/** Where the ledger tells members of a list apart, and events speak of the list. */
const lists: Readonly<Record<string, string>> = {
  solution: 'solutions',
  quantity: 'solutions',
  price: 'solutions',
  member: 'team',
  contact: 'contacts',
};

/** Endings of an edit that a rule refuses. */
const refusals: readonly number[] = [outcome.putBack, outcome.notSent, outcome.parked];
const endings: readonly number[] = [...refusals, outcome.conflict];

/** An event about this field and this value, written since. */
function isTold(world: SimWorld, edit: Edit, pair: Pair, told: readonly number[] = endings): boolean {
  const since = saidSince(world.ledger.history(edit.side, edit.entity, edit.field), edit);
  const events = world.services.dataverse.store.table('cosell_syncevent').rows.values();
  const [list = '', member] = edit.field.split(' ');
  const field = lists[list] ?? list;
  for (const { values } of events) {
    if (!belongs(values, pair) || values['cosell_field'] !== field || !told.includes(Number(values['cosell_outcome'])))
      continue;
    // Instants of rows are whole seconds.
    if (Date.parse(String(values['createdon'])) < since - 1_000) continue;
    const texts = [values['cosell_oldvalue'], values['cosell_newvalue']].map((text) => String(text ?? ''));
    const name = field === 'team' || field === 'contacts' ? masked(member ?? '') : member;
    if (texts.some((text) => (name === undefined ? speaksOf(text, edit) : text.includes(name)))) return true;
  }
  return false;
}

/** Taken back and said again while nobody else wrote: the same word as before, and what was told of that counts. */
function saidSince(own: readonly Version[], edit: Edit): number {
  let { time } = edit;
  const earlier = own.slice(
    0,
    own.findIndex(({ sequence }) => sequence === edit.sequence),
  );
  for (const version of earlier.reverse()) {
    if (!isPerson(version)) break;
    if (version.value === edit.value) ({ time } = version);
  }
  return time;
}

function belongs(event: Row, { record, key }: Pair): boolean {
  // Its record and its row are deleted both, and the deal came in anew.
  if (!event['cosell_opportunityid'] && !event['cosell_leadid'] && !event['cosell_referralrowid']) return true;
  return isAbout(event, record) || event['cosell_referralrowid'] === key;
}

/** Events name no persons: initials and domain. */
function masked(email: string): string {
  return email.replace(/^(.)[^@]*/, '$1***');
}

function speaksOf(text: string, { field, value }: { field: string; value: string }): boolean {
  if (field === 'visibility') return text === String(value === 'yes');
  if (value === '') return text === '' || text === 'null';
  if (field === 'closeDate') return text.slice(0, 10) === value;
  if (field === 'salesStage') return stageShown(text) === value;
  if (field !== 'dealValue') return text === value;
  return new RegExp(`\\b${value.split(' ')[0] ?? ''}\\b`).test(text);
}

export type { Side };
