/**
 * What must be true of a world in which nobody acts and nothing fails any more.
 *
 * Written from the rules (B1 to B15), not from the worker: it reads the services' stores and what the ledger saw, and
 * asks the worker nothing. Fields that a rule leaves alone are left alone here, each with the rule's name.
 */
import type { Referral } from '../../emulators';
import type { Row } from '../../emulators/dataverse';
import { outcome, rowState } from './codes';
import { tampering } from './actors-seller';
import { judgeEdits } from './lost-edits';
import { partnerCenterValues, valuesOf } from './values';
import { isSucceeded, judgeLeads } from './lead-rules';
import { carries, isAbout, isSealed, recordOf, recordsOf, type CrmRecord } from './records';
import type { SimWorld } from './world';

/** A row that ties a record to a referral, with both as they stand. */
export interface Pair {
  readonly key: string;
  readonly row: Row;
  readonly record: CrmRecord | null;
  readonly referral: Referral | null;
}

export function judge(world: SimWorld): void {
  const pairs = pairsOf(world);
  for (const pair of pairs) {
    stateFits(world, pair, pairs);
    parkedWithReason(world, pair);
    requestAnswered(world, pair);
    startedAnew(world, pair);
    sidesEqual(world, pair);
    readOnlyKept(world, pair);
  }
  judgeLeads(world, pairs);
  sharedInTheEnd(world, pairs);
  nothingTwice(world);
  nobodyForgotten(world, pairs);
  judgeEdits(world, pairs);
  booksBalance(world);
}

export function pairsOf(world: SimWorld): Pair[] {
  const { dataverse, partnerCenter } = world.services;
  return [...dataverse.store.table('cosell_referral').rows].map(([key, { values: row }]) => {
    const record = recordOf(world.services, String(row['cosell_recordid'] ?? '').toLowerCase());
    const referral = partnerCenter.referral(String(row['cosell_referralidentifier'] ?? ''));
    return { key, row, record, referral: referral ?? null };
  });
}

export function nameOf(pair: Pair): string {
  return `${pair.record?.table ?? 'record'} ${pair.record?.id.slice(0, 8) ?? '-'} referral ${pair.referral?.id.slice(0, 8) ?? '-'} row ${pair.key.slice(0, 8)} state ${Number(pair.row['cosell_state']) - rowState.notShared} error ${String(pair.row['cosell_errorcode'] ?? '')}`;
}

/** A parked deal says why, to the admin and to the seller (rules B2, D13). */
function parkedWithReason(world: SimWorld, pair: Pair): void {
  if (pair.row['cosell_state'] !== rowState.needsAttention) return;
  if (!pair.row['cosell_errorcode']) world.violate('parked without a reason', nameOf(pair));
  const { record } = pair;
  if (!record?.values['cosell_syncwithpartnercenter'] || record.values['cosell_syncmessage']) return;
  // A record that takes no writes tells it in its history.
  const told = isSealed(world.services, record) && hasEvent(world, pair, outcome.parked);
  if (!told) world.violate('parked without a word to the seller', nameOf(pair));
}

/** What a seller asks for is done or answered; a record that takes no writes keeps it (rule B2). */
function requestAnswered(world: SimWorld, pair: Pair): void {
  const { record } = pair;
  const values = record?.values ?? {};
  if (!record || values['cosell_syncwithpartnercenter'] !== true || values['cosell_requestedaction'] == null) return;
  if (!isSealed(world.services, record))
    world.violate('a request without an answer', `${nameOf(pair)} ${String(values['cosell_requestedaction'])}`);
}

/** A closed referral whose record is said to have been shared again holds that record's row no more (rule B8). */
function startedAnew(world: SimWorld, pair: Pair): void {
  if (!pair.record || pair.row['cosell_state'] === rowState.archived) return;
  const said = [...world.services.dataverse.store.table('cosell_syncevent').rows.values()].some(
    ({ values }) =>
      values['cosell_code'] === 'SHARE_AGAIN' &&
      values['cosell_oldvalue'] === pair.referral?.id &&
      values['cosell_opportunityid'] === pair.record?.id,
  );
  if (said) world.violate('shared again, and still tied to the closed one', nameOf(pair));
}

/** The row says how the deal stands, and the seller is shown the same. */
function stateFits(world: SimWorld, pair: Pair, pairs: readonly Pair[]): void {
  const { record, referral, row } = pair;
  const state = Number(row['cosell_state']);
  const on = record?.values['cosell_syncwithpartnercenter'] === true;
  const complain = (what: string): void =>
    world.violate(
      'the row is wrong',
      `${what}: ${nameOf(pair)} ${referral ? `${referral.status}/${referral.substatus}` : 'no referral'}`,
    );
  const gone = state === rowState.crmRecordDeleted || state === rowState.archived;
  if (!record && !gone) complain('its record is gone');
  if (record && gone) complain('its record is there');
  if (referral && pairs.some((one) => one.key !== pair.key && one.referral === referral))
    complain('its referral has two');
  if (!record) return;
  if (pairs.some((one) => one.key !== pair.key && one.record?.id === record.id)) complain('its record has two');
  if (on && state === rowState.paused) complain('sync is on');
  const off: readonly number[] = [rowState.notShared, rowState.paused, rowState.closed, rowState.needsAttention];
  if (!on && !off.includes(state)) complain('sync is off');
  if (on && state === rowState.closed && referral?.status !== 'Closed') complain('its referral is not closed');
  if (on && state === rowState.onHold && referral?.status !== 'New' && referral?.substatus !== 'Expired')
    complain('its referral does not wait for an answer');
  if (on && record.values['cosell_syncstatus'] !== state && !isSealed(world.services, record))
    complain(`the seller is shown ${Number(record.values['cosell_syncstatus']) - rowState.notShared}`);
}

/** Deals in order are the same on both sides, field by field. */
function sidesEqual(world: SimWorld, pair: Pair): void {
  const { record, referral, row } = pair;
  if (!record || row['cosell_state'] !== rowState.synced) return;
  if (!referral) return world.violate('synced without a referral', nameOf(pair));
  if (referral.status !== 'Active')
    return world.violate(
      'synced, but the referral is not active',
      `${nameOf(pair)} ${referral.status}/${referral.substatus}`,
    );
  if (record.table === 'opportunity' && record.values['statecode'] !== 0)
    return world.violate('closed in the CRM only', nameOf(pair));
  if (record.values['cosell_referralidentifier'] !== referral.id)
    world.violate(
      'the record shows another referral',
      `${nameOf(pair)} shows ${String(record.values['cosell_referralidentifier'])}`,
    );
  if (referral.externalReferenceId?.toLowerCase() !== record.id)
    world.violate('the referral names another record', `${nameOf(pair)} names ${referral.externalReferenceId}`);
  for (const field of differences(world, pair))
    if (!isGoingRound(world, record.id, field)) world.violate('sides differ', `${nameOf(pair)} ${field}`);
}

/** What people write into the connector's own columns is put back (rule B1). */
function readOnlyKept(world: SimWorld, { key, row, record }: Pair): void {
  if (record?.values['cosell_syncwithpartnercenter'] !== true || isSealed(world.services, record)) return;
  // Parked and waiting deals are looked at when what they lack has changed.
  if (row['cosell_state'] === rowState.needsAttention) return;
  for (const [column, value] of Object.entries(tampering))
    if (record.values[column] === value) world.violate('a read-only column stays overwritten', `row ${key} ${column}`);
}

/** Turned to and fro by both sides like by two flows: left where it stands, and told (rule B4). */
function isGoingRound({ services }: SimWorld, record: string, difference: string): boolean {
  return [...services.dataverse.store.table('cosell_syncevent').rows.values()].some(
    ({ values }) =>
      isAbout(values, { id: record }) &&
      values['cosell_code'] === 'FIELD_LOOP' &&
      difference.startsWith(`${String(values['cosell_field'])}:`),
  );
}

/** Fields that both sides should show alike and do not. */
export function differences(world: SimWorld, { record, referral }: Pair): string[] {
  if (!record || !referral) return [];
  const crm = valuesOf(world.services, record);
  const pc = partnerCenterValues(referral);
  const fields = [...new Set([...Object.keys(crm), ...Object.keys(pc)])];
  return fields
    .filter((field) => (crm[field] ?? '') !== (pc[field] ?? '') && !isForeign(field) && !isCreateOnly(world, field))
    .filter((field) => !(field.startsWith('contact ') && pc['visibility'] === 'yes'))
    .filter((field) => carries(record, field, world.services))
    .map(
      (field) => `${field}: CRM ${JSON.stringify(crm[field] ?? '')}, Partner Center ${JSON.stringify(pc[field] ?? '')}`,
    );
}

/** The service takes no other name after creation: what is said of it since is told (rule B3). */
function isCreateOnly(world: SimWorld, field: string): boolean {
  return field === 'name' && world.plan.switches['patch.extraPaths'] === 'none';
}

/** Sellers of Partner Center who are no CRM users are reported (NO_CRM_USER). */
export function isForeign(field: string): boolean {
  return field.startsWith('member ') && field.includes('@partner.example');
}

/** Who ticked the box has a referral, or is told why not (rules B1, B2). */
function sharedInTheEnd(world: SimWorld, pairs: readonly Pair[]): void {
  for (const record of recordsOf(world.services)) {
    const { id, values } = record;
    if (values['cosell_syncwithpartnercenter'] !== true || isSucceeded(world, record, pairs)) continue;
    const pair = pairs.find(({ record }) => record?.id === id);
    if (!pair) world.violate('shared, but nobody knows it', `record ${id}`);
    else if (pair.row['cosell_state'] === rowState.syncing || pair.row['cosell_state'] === rowState.notShared)
      world.violate('a share without an end', nameOf(pair));
    else if (!pair.referral && pair.row['cosell_state'] !== rowState.needsAttention)
      world.violate('shared without a referral', nameOf(pair));
  }
}

/** Sync is on, and the worker can take the id from the record if it is not the record's own. */
function isClaimed(world: SimWorld, record: CrmRecord): boolean {
  return record.values['cosell_syncwithpartnercenter'] === true && !isSealed(world.services, record);
}

function hasEvent({ services }: SimWorld, { record }: Pair, wanted: number): boolean {
  const events = [...services.dataverse.store.table('cosell_syncevent').rows.values()];
  return events.some(({ values }) => isAbout(values, record) && values['cosell_outcome'] === wanted);
}

function nothingTwice(world: SimWorld): void {
  const { store } = world.services.dataverse;
  const owners = new Map<string, string>();
  for (const record of recordsOf(world.services)) {
    const { id, values } = record;
    const shown = String(values['cosell_referralidentifier'] ?? '');
    if (shown === '') continue;
    if (!isClaimed(world, record)) continue;
    const other = owners.get(shown);
    if (other) world.violate('two records of one referral', `${shown}: ${other}, ${id}`);
    owners.set(shown, id);
  }
  const accounts = new Map<string, number>();
  for (const { values } of store.table('account').rows.values())
    accounts.set(String(values['name']), (accounts.get(String(values['name'])) ?? 0) + 1);
  for (const [name, count] of accounts)
    if (/^(Neukunde|Adatum)/.test(name) && count > 1)
      world.violate('two accounts of one customer', `${count} x ${name}`);
}

/** What came in for us is somewhere: a record, or a row that says why not (rules B5, B13). */
function nobodyForgotten(world: SimWorld, pairs: readonly Pair[]): void {
  const [state] = [...world.services.dataverse.store.table('cosell_syncstate').rows.values()];
  const baseline = Date.parse(String(state?.values['cosell_baseline'] ?? ''));
  for (const referral of world.services.partnerCenter.referrals()) {
    if (referral.status === 'Closed' || pairs.some((pair) => pair.referral?.id === referral.id)) continue;
    const named = referral.externalReferenceId?.toLowerCase();
    const record = recordOf(world.services, named ?? '')?.values;
    // Whatever it is and however old: an open referral that names a record that is shared belongs to it.
    if (record?.['cosell_syncwithpartnercenter'] === true) {
      world.violate('a referral that its record does not know', `${referral.id} names ${named}`);
      continue;
    }
    // Private deals and leads stay in Partner Center while only co-sell deals sync; what is older than the connection stays as well.
    if ((referral.type !== 'Shared' && !world.plan.leads) || Date.parse(referral.createdDateTime) < baseline) continue;
    // Its record was deleted while it was being shared: the record's row says so, and nobody makes it again (B10, B13).
    const deletedHere = pairs.some(
      ({ row }) => row['cosell_state'] === rowState.crmRecordDeleted && row['cosell_recordid'] === named,
    );
    // When that row is deleted as well, nothing is left to know it by; it comes in again when it changes.
    const untied = world.untied.get(referral.id);
    const nothingLeft = untied !== undefined && !recordOf(world.services, untied);
    // Sync is off: the record still shows the referral, and is tied to it again when somebody switches it on.
    const resting = recordsOf(world.services).some(
      ({ values }) =>
        values['cosell_referralidentifier'] === referral.id && values['cosell_syncwithpartnercenter'] !== true,
    );
    if (!deletedHere && !nothingLeft && !resting) world.violate('a referral that nobody knows', referral.id);
  }
}

/** Everything that was seen has ended somewhere (rule B12). */
function booksBalance(world: SimWorld): void {
  for (const { name, composed } of world.processes) {
    const { seen, endings } = composed.worker.balance();
    const booked = Object.values(endings).reduce((sum, count) => sum + count, 0);
    if (seen !== booked) world.violate('books', `${name} has seen ${seen} and booked ${booked}`);
  }
}
