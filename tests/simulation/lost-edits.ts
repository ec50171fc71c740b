/**
 * No edit is lost: each one ends on the other side, or was followed by a later word of a person who could have seen
 * it, or stands in an event that says why not (rule B15).
 */
import type { Row } from '../../emulators/dataverse';
import { outcome, requestedAction, rowState } from './codes';
import type { Edit, Side, Version } from './ledger';
import { isLeftAlone, type Pair } from './oracle';
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
function isOutOfScope(world: SimWorld, edit: Edit, { record, referral, row }: Pair): boolean {
  if (isLeftAlone(world, edit.field) || edit.field === 'visibility') return true;
  const state = Number(row['cosell_state']);
  // Sync is off, or the record is gone (B10); parked deals wait with a reason (B2).
  if (record?.values['cosell_syncwithpartnercenter'] !== true) return true;
  if (state === rowState.needsAttention || state === rowState.archived || state === rowState.crmRecordDeleted)
    return true;
  // A new start that the CRM refuses waits with its reason, and what is changed meanwhile goes out with it.
  if (
    row['cosell_errorcode'] === 'CRM_REFUSED' &&
    record.values['cosell_requestedaction'] === requestedAction.shareAgain
  )
    return true;
  // The record was deleted since, and came in anew under the same id.
  if (edit.side === 'crm' && edit.sequence <= world.ledger.deleted(edit.entity)) return true;
  // While a referral is New, the CRM's edits stay there (B6).
  if (edit.side === 'crm' && state === rowState.onHold) return true;
  // Made before there was anything on the other side: the share itself carried it, or it is a draft.
  const other = otherHistory(world, edit, { record, referral } as Pair);
  const born = other[0]?.sequence ?? Infinity;
  if (edit.side === 'crm' && edit.sequence < born && other.length > 0) return true;
  // Without what was agreed before, one who left a list looks like one who never came.
  if (edit.value === '' && (world.forgotten > 0 || world.restores.length > 0)) return true;
  // What was told of it stood in an event that went with the restore.
  const next = world.ledger
    .history(edit.side, edit.entity, edit.field)
    .find(({ sequence }) => sequence > edit.sequence);
  const toldThen = (from: number, to: number): boolean =>
    next?.by === 'worker' && next.sequence > from && next.sequence <= to;
  if (world.restores.some(({ from, to }) => toldThen(from, to))) return true;
  if (world.restores.length > 0 && isBackToOwn(world, edit)) return true;
  // A restored database has forgotten what was written after its backup was taken.
  return world.restores.some(({ from, to }) => edit.sequence > from && edit.sequence <= to && edit.side === 'crm');
}

/** To and fro on one side: after a restore only the other side still knows what was written before it. */
function isBackToOwn(world: SimWorld, edit: Edit): boolean {
  const before = world.ledger
    .history(edit.side, edit.entity, edit.field)
    .filter(({ sequence }) => sequence < edit.sequence);
  const same = before.findLastIndex(({ value }) => value === edit.value);
  return same >= 0 && before.slice(same + 1).every(isPerson);
}

function otherHistory(world: SimWorld, { side, field }: Edit, { record, referral }: Pair): readonly Version[] {
  if (side === 'crm') return world.ledger.history('pc', referral?.id ?? '', field);
  // What was said on a record that is deleted since was heard as well.
  const records = new Set(world.ledger.records(referral?.id ?? '')).add(record?.id ?? '');
  return [...records]
    .flatMap((one) => world.ledger.history('crm', one, field))
    .sort((one, other) => one.sequence - other.sequence);
}

function lost(world: SimWorld, edit: Edit, pair: Pair): string | null {
  const own = world.ledger.history(edit.side, edit.entity, edit.field);
  const other = otherHistory(world, edit, pair);
  const ends = [own.at(-1)?.value ?? '', other.at(-1)?.value ?? ''];
  if (ends[0] === edit.value && ends[1] === edit.value) return null;
  const held = Number(pair.row['cosell_state']) === rowState.onHold;
  const replaced = isRemembered(world, edit, pair) && backToReplaced(edit, own, other);
  if (replaced && !isBackToAgreed(edit, own, other, held) && !isTold(world, edit, pair, refusals))
    return `it replaced ${JSON.stringify(replaced.value)}, and the worker put that back, which nobody had said again`;
  const back = takenBack(edit, own, other);
  if (back && !isTold(world, edit, pair))
    return `the worker took it back to ${JSON.stringify(back.value)}, which nobody had written`;
  // The same person's side has said something else since.
  if (own.some((later) => later.sequence > edit.sequence && isPerson(later))) return null;
  // Somebody on the other side has said something else after he could see it.
  const shown =
    other.findLast((version) => version.sequence <= edit.sequence)?.value === edit.value
      ? edit.sequence
      : (other.find((version) => version.sequence > edit.sequence && version.value === edit.value)?.sequence ??
        Infinity);
  if (other.some((later) => later.sequence > shown && isPerson(later))) return null;
  if (isTold(world, edit, pair)) return null;
  if (isBackToAgreed(edit, own, other, held)) return null;
  if (
    edit.side === 'pc' &&
    world.restores.some(
      ({ from, to }) =>
        edit.sequence <= to && other.some((one) => one.sequence > from && one.sequence <= to && isPerson(one)),
    )
  )
    return null;
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

/** Replaced by the worker, before the other side had shown it, by something that is no word of the other side's people. */
function takenBack(edit: Edit, own: readonly Version[], other: readonly Version[]): Version | null {
  const next = own.find(({ sequence }) => sequence > edit.sequence);
  if (next?.by !== 'worker' || next.value === edit.value) return null;
  const shown =
    other.findLast(({ sequence }) => sequence <= edit.sequence)?.value === edit.value ||
    other.some(({ sequence, value }) => sequence > edit.sequence && sequence < next.sequence && value === edit.value);
  const word = other.some(
    (version) => isPerson(version) && version.value === next.value && version.sequence < next.sequence,
  );
  return shown || word ? null : next;
}

/**
 * Replaced by the worker with the very value that it had brought and the edit had replaced, and nobody on the other
 * side has said it since. Who changes what he sees has the later word: that is no conflict (rule B4).
 */
function backToReplaced(edit: Edit, own: readonly Version[], other: readonly Version[]): Version | null {
  const at = own.findIndex(({ sequence }) => sequence === edit.sequence);
  const [before, next] = [own[at - 1], own[at + 1]];
  if (next?.by !== 'worker' || before?.by !== 'worker' || before.value !== next.value) return null;
  return other.some((one) => isPerson(one) && one.value === next.value && one.sequence > edit.sequence) ? null : next;
}

/**
 * Was what both sides agreed on kept? Without it nobody can tell who has seen what. A CRM that takes no conditions in
 * change sets gets a deal that comes in step by step, and a worker that dies in between leaves a record without a past.
 */
function isRemembered({ restores, forgotten, plan, ledger }: SimWorld, { field }: Edit, { referral }: Pair): boolean {
  const cameIn = ledger.history('pc', referral?.id ?? '', field)[0]?.by !== 'worker';
  const inSteps = plan.switches['crm.conditionsInChangeSet'] === 'refuse';
  return restores.length === 0 && forgotten === 0 && !(cameIn && inSteps);
}

function isPerson({ by }: Version): boolean {
  return by === 'seller' || by === 'portal';
}

/** Endings of an edit that a rule refuses. */
const refusals: readonly number[] = [outcome.putBack, outcome.notSent, outcome.parked];

/** An event about this field and this value, written since. */
function isTold(
  world: SimWorld,
  edit: Edit,
  pair: Pair,
  told: readonly number[] = [...refusals, outcome.conflict],
): boolean {
  const events = world.services.dataverse.store.table('cosell_syncevent').rows.values();
  const [list, member] = edit.field.split(' ');
  const field = list === 'solution' ? 'solutions' : list === 'member' ? 'team' : list;
  for (const { values } of events) {
    if (!belongs(values, pair) || values['cosell_field'] !== field || !told.includes(Number(values['cosell_outcome'])))
      continue;
    const texts = [values['cosell_oldvalue'], values['cosell_newvalue']].map((text) => String(text ?? ''));
    if (
      member !== undefined
        ? field === 'team' || texts.some((text) => text.includes(member))
        : texts.some((text) => speaksOf(text, edit))
    )
      return true;
  }
  return false;
}

function belongs(event: Row, { record, key }: Pair): boolean {
  // Its record and its row are deleted both.
  if (!event['cosell_opportunityid'] && !event['cosell_referralrowid']) return true;
  return event['cosell_opportunityid'] === record?.id || event['cosell_referralrowid'] === key;
}

function speaksOf(text: string, { field, value }: { field: string; value: string }): boolean {
  if (value === '') return text === '' || text === 'null';
  if (field !== 'dealValue') return text.includes(value);
  return new RegExp(`\\b${value.split(' ')[0] ?? ''}\\b`).test(text);
}

export type { Side };
