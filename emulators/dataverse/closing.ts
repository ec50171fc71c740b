/**
 * Win, lose and qualify: the messages that move an opportunity or a lead out of its open state.
 *
 * Sources: Microsoft Learn "Use Web API actions" (WinOpportunity, LoseOpportunity), "Opportunity
 * entity reference" (actual value defaults to the estimate), "QualifyLead action" (general
 * knowledge of its parameters; which columns it copies is UNVERIFIED beyond the obvious ones).
 */
import { alreadyClosed, badStatus } from './errors';
import type { Records } from './records';
import type { Changes, InputValue, Row, Value } from './types';
import type { Caller } from './world';

export interface CloseRequest {
  readonly opportunityId: string;
  readonly status: number;
  /** Columns of the opportunityclose activity. */
  readonly close: Changes;
}

export function closeOpportunity(records: Records, caller: Caller, state: 1 | 2, request: CloseRequest): void {
  const { world } = records;
  world.store.transaction(() => {
    const row = records.row(caller, 'opportunity', request.opportunityId, 'Write');
    if (row['statecode'] !== 0) throw alreadyClosed();
    const option = world.metadata
      .column('opportunity', 'statuscode')
      ?.options?.find((each) => each.value === request.status);
    if (option?.state !== state) throw badStatus(request.status, state);
    const now = new Date(world.clock.now()).toISOString();
    const { actualrevenue, actualend, ...rest } = request.close;
    const revenue = actualrevenue ?? (state === 1 ? (row['estimatedvalue'] ?? null) : null);
    records.create(caller, 'opportunityclose', {
      subject: state === 1 ? 'Opportunity Won' : 'Opportunity Lost',
      ...rest,
      opportunityid: request.opportunityId,
      actualrevenue: revenue,
      actualend: actualend ?? now,
      transactioncurrencyid: row['transactioncurrencyid'] ?? null,
      opportunitystatecode: state,
      opportunitystatuscode: request.status,
    });
    const changes: Record<string, InputValue> = {
      statecode: state,
      statuscode: request.status,
      actualclosedate: String(actualend ?? now).slice(0, 10),
    };
    if (revenue !== null) changes['actualvalue'] = revenue;
    records.update(caller, 'opportunity', request.opportunityId, changes, { system: true });
  });
}

export interface QualifyRequest {
  readonly createAccount: boolean;
  readonly createContact: boolean;
  readonly createOpportunity: boolean;
  readonly status: number;
  readonly currencyId?: string | undefined;
  readonly customer?: InputValue | undefined;
  readonly campaignId?: string | undefined;
}

export interface Qualified {
  account?: string;
  contact?: string;
  opportunity?: string;
}

export function qualifyLead(records: Records, caller: Caller, leadId: string, request: QualifyRequest): Qualified {
  const { world } = records;
  return world.store.transaction(() => {
    const lead = records.row(caller, 'lead', leadId, 'Write');
    const option = world.metadata.column('lead', 'statuscode')?.options?.find((each) => each.value === request.status);
    if (lead['statecode'] !== 0 || option?.state !== 1) throw badStatus(request.status, 1);
    const made: Qualified = {};
    const owner = ownerOf(lead);
    const account = lead['parentaccountid'] ?? null;
    if (request.createAccount && account === null && lead['companyname'] != null) {
      made.account = records.create(caller, 'account', { ...accountOf(lead), ...owner });
    }
    const contact = lead['parentcontactid'] ?? null;
    const accountId = made.account ?? account;
    if (request.createContact && contact === null) {
      const parent = accountId === null ? {} : { parentcustomerid: { account: String(accountId) } };
      made.contact = records.create(caller, 'contact', { ...contactOf(lead), ...owner, ...parent });
    }
    if (request.createOpportunity) {
      const contactId = made.contact ?? contact;
      const customer = request.customer ?? customerOf(accountId, contactId);
      const changes = { ...opportunityOf(lead, leadId, request), ...owner, customerid: customer };
      const parents = { parentaccountid: accountId, parentcontactid: contactId };
      made.opportunity = records.create(caller, 'opportunity', { ...changes, ...parents });
    }
    records.update(
      caller,
      'lead',
      leadId,
      { statecode: 1, statuscode: request.status, qualifyingopportunityid: made.opportunity ?? null },
      { system: true },
    );
    return made;
  });
}

function customerOf(account: Value, contact: Value): InputValue {
  if (account !== null) return { account: String(account) };
  return contact === null ? null : { contact: String(contact) };
}

function ownerOf(row: Row): Changes {
  return { ownerid: { [String(row['owneridtype'] ?? 'systemuser')]: String(row['ownerid']) } };
}

const addressNames = ['line1', 'line2', 'line3', 'city', 'stateorprovince', 'postalcode', 'country'];

function addressOf(lead: Row): Record<string, Value> {
  return Object.fromEntries(addressNames.map((name) => [`address1_${name}`, lead[`address1_${name}`] ?? null]));
}

function accountOf(lead: Row): Record<string, Value> {
  return { name: lead['companyname'] ?? null, websiteurl: lead['websiteurl'] ?? null, ...addressOf(lead) };
}

function contactOf(lead: Row): Record<string, Value> {
  const same = ['firstname', 'lastname', 'emailaddress1', 'telephone1', 'mobilephone', 'jobtitle'];
  return { ...Object.fromEntries(same.map((name) => [name, lead[name] ?? null])), ...addressOf(lead) };
}

function opportunityOf(lead: Row, leadId: string, request: QualifyRequest): Changes {
  const campaign = request.campaignId ?? lead['campaignid'] ?? null;
  return {
    name: lead['subject'] ?? null,
    description: lead['description'] ?? null,
    estimatedvalue: lead['estimatedamount'] ?? null,
    budgetamount: lead['budgetamount'] ?? null,
    estimatedclosedate: lead['estimatedclosedate'] ?? null,
    transactioncurrencyid: request.currencyId ?? lead['transactioncurrencyid'] ?? null,
    originatingleadid: leadId,
    campaignid: campaign,
  };
}
