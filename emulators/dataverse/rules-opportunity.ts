/**
 * What the Sales app adds to an opportunity's and a lead's own columns.
 *
 * Sources: Microsoft Learn "Opportunity entity reference" (estimatedvalue follows the product
 * total while the revenue is system calculated; closing only by messages), "Web service error
 * codes". Points that no page settles are switches.
 */
import { assign, type Draft } from './draft';
import { closeViaAction, DataverseError, NotModelledError } from './errors';
import { roundTo } from './text';

export function applyOpportunity(draft: Draft): void {
  if (!draft.system) refuseStateByUpdate(draft);
  deriveCustomer(draft);
  if (draft.after['isrevenuesystemcalculated'] === true) {
    assign(draft, 'estimatedvalue', draft.after['totalamount'] ?? 0);
  }
  const moved = draft.before && draft.changed.has('transactioncurrencyid');
  if (moved && draft.after['transactioncurrencyid'] !== draft.before?.['transactioncurrencyid'])
    refuseWithProducts(draft);
}

function refuseStateByUpdate({ before, after, changed, world }: Draft): void {
  if (!before) return;
  const was = before['statecode'];
  const moves = changed.has('statecode') && after['statecode'] !== was;
  if (moves && after['statecode'] !== 0) throw closeViaAction();
  if (moves && world.switches.reopenByPatch === 'off') throw closeViaAction();
  if (was !== 0 && !moves && world.switches.wonLostReadOnly === 'on') {
    // Which code a read-only closed opportunity answers with is UNVERIFIED.
    throw new DataverseError(400, '0x80040516', 'The opportunity is closed and read-only.');
  }
}

function deriveCustomer(draft: Draft): void {
  const { after, world } = draft;
  if (world.switches.customerDerivedFromParent === 'off' || after['customerid'] != null) return;
  const [id, target] =
    after['parentaccountid'] != null
      ? [after['parentaccountid'], 'account']
      : [after['parentcontactid'] ?? null, 'contact'];
  if (id === null) return;
  assign(draft, 'customerid', id);
  after['customeridtype'] = target;
}

/** 0x80048479: the currency can't change under existing product lines. */
function refuseWithProducts({ world, id }: Draft): void {
  if (world.store.table('opportunityproduct').referencing('opportunityid', id).length > 0) {
    throw new DataverseError(
      400,
      '0x80048479',
      'The currency of the record cannot be changed while it has product lines.',
    );
  }
}

export function applyLead(draft: Draft): void {
  const { before, after, changed, system, world } = draft;
  if (system || !before) return;
  if (!changed.has('statecode') || after['statecode'] === before['statecode']) {
    if (before['statecode'] === 1 && world.switches.qualifiedReadOnly === 'on')
      throw new DataverseError(400, '0x80040516', 'The lead is qualified and read-only.');
    return;
  }
  if (after['statecode'] === 1) throw new NotModelledError('qualifying a lead by PATCH of statecode (use QualifyLead)');
}

/** A product line takes its parent's currency and computes its amount. */
export function applyProduct(draft: Draft): void {
  const { after, world } = draft;
  const parent = world.store.get('opportunity', String(after['opportunityid']))?.values;
  assign(draft, 'transactioncurrencyid', parent?.['transactioncurrencyid'] ?? null);
  const amount = roundTo(Number(after['priceperunit'] ?? 0) * Number(after['quantity'] ?? 0), 4);
  assign(draft, 'baseamount', amount);
  assign(draft, 'extendedamount', amount);
}

/** The new totals of an opportunity; undefined when nothing changed. */
export function productTotals(draft: Pick<Draft, 'world'>, opportunityId: string): number {
  const { store } = draft.world;
  const lines = store.table('opportunityproduct').referencing('opportunityid', opportunityId);
  const amounts = lines.map((id) => Number(store.get('opportunityproduct', id)?.values['extendedamount'] ?? 0));
  return roundTo(
    amounts.reduce((sum, amount) => sum + amount, 0),
    4,
  );
}
