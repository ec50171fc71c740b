/**
 * What must be true of leads in the end (rule B9), beside what is true of every record.
 */
import { rowState } from './codes';
import { nameOf, type Pair } from './oracle';
import { isSealed, type CrmRecord } from './records';
import type { SimWorld } from './world';

export function judgeLeads(world: SimWorld, pairs: readonly Pair[]): void {
  for (const pair of pairs) {
    if (pair.record?.table !== 'lead') continue;
    answeredByLead(world, pair);
    movedOn(world, pair, pairs);
  }
  letGo(world, pairs);
  goOn(world, pairs);
}

/** With the lead's referral, or a newer one that its seller asked for, and with sync on as it was on the lead. */
function goOn(world: SimWorld, pairs: readonly Pair[]): void {
  for (const { opportunity, lead, referral } of world.ledger.successions.all()) {
    const about = `lead ${lead.slice(0, 8)} opportunity ${opportunity.id.slice(0, 8)} referral ${referral.slice(0, 8)}`;
    const tie = pairs.find(({ record }) => record?.id === opportunity.id);
    const isArchived = pairs.some(
      (one) => one.referral?.id === referral && one.row['cosell_state'] === rowState.archived,
    );
    if (!tie || (tie.referral?.id !== referral && !isArchived))
      world.violate('an opportunity without the referral of its lead', about);
    if (opportunity.values['cosell_syncwithpartnercenter'] !== true && !isSealed(world.services, opportunity))
      world.violate('qualified, and its sync is off', about);
  }
}

/**
 * What a qualified lead asks for is its opportunity's: it says so, reopened or not, unless it takes no writes or somebody
 * has written over it.
 */
export function isSucceeded(world: SimWorld, record: CrmRecord, pairs: readonly Pair[]): boolean {
  if (record.table !== 'lead') return false;
  const { cosell_syncmessage: says, qualifyingopportunityid: opportunity } = record.values;
  if (/^The lead was qualified/.test(String(says ?? '')) || isSealed(world.services, record)) return true;
  // Reopened and qualified once more, it names another one than that which has its referral.
  const isHeir = (one: CrmRecord | null): boolean =>
    one !== null && (one.id === opportunity || one.values['originatingleadid'] === record.id);
  return pairs.some((one) => isHeir(one.record));
}

/** Qualifying accepts, disqualifying declines or closes as lost; a lead that was merged away says neither. */
function answeredByLead(world: SimWorld, pair: Pair): void {
  const { record, referral, row } = pair;
  if (!record || !referral || record.values['cosell_syncwithpartnercenter'] !== true) return;
  const { statecode, merged } = record.values;
  const state = row['cosell_state'];
  // Parked deals say what they lack, and wait for it.
  if (state !== rowState.onHold && state !== rowState.synced) return;
  if (statecode === 1 && referral.status === 'New') world.violate('qualified, and not accepted', nameOf(pair));
  if (statecode === 2 && merged !== true && referral.status !== 'Closed')
    world.violate('disqualified, and neither declined nor lost', nameOf(pair));
}

/** The opportunity that a lead became goes on with the lead's referral, whether sync is on or off (B9, B10). */
function movedOn(world: SimWorld, pair: Pair, pairs: readonly Pair[]): void {
  const { record, referral } = pair;
  if (!record || !referral || record.values['statecode'] !== 1) return;
  const opportunity = String(record.values['qualifyingopportunityid'] ?? '');
  if (!world.services.dataverse.store.get('opportunity', opportunity)) return;
  const other = pairs.find((one) => one.record?.id === opportunity);
  if (!other) world.violate('qualified, and its referral did not go along', nameOf(pair));
  else if (other.referral) world.violate('a lead and its opportunity have two', `${nameOf(pair)}; ${nameOf(other)}`);
}

/** Who looks at a qualified lead is not shown a referral that is its opportunity's by now. */
function letGo(world: SimWorld, pairs: readonly Pair[]): void {
  for (const [id, { values }] of world.services.dataverse.store.table('lead').rows) {
    const shown = values['cosell_referralidentifier'];
    const opportunity = values['qualifyingopportunityid'];
    if (!shown || values['statecode'] !== 1 || !opportunity) continue;
    if (isSealed(world.services, { table: 'lead', values })) continue;
    if (pairs.some(({ record, referral }) => record?.id === opportunity && referral?.id === shown))
      world.violate('two records of one referral', `lead ${id} and its opportunity ${String(opportunity)}`);
  }
}
