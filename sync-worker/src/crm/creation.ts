/**
 * What an inbound referral makes in the CRM: account and contacts beforehand, then the record itself. Pure.
 *
 * Everything has a derived id, so that a thousand deals of one new customer make one account, and a repeated write
 * fails instead of making a second deal.
 */
import type { Customer, DealValues, Person } from '../../../domain/deal';
import type { NewRecord, Party } from '../ports';
import type { Operation } from './batch';
import { ownerBind } from './owner';
import { rowPath } from './odata';
import { idColumn } from './record-columns';
import { writeValues, type Problem, type WritingContext } from './row-from-changes';

/** Account and contacts that do not exist yet. An answer 412 means that somebody was first, which is as good. */
export function partyCreations(
  values: DealValues,
  party: Party,
  owner: string | null,
  context: WritingContext,
): Operation[] {
  const { environment } = context;
  const creations: Operation[] = [];
  if (party.newAccount !== null && values.customer) {
    creations.push({
      method: 'POST',
      path: environment.set('account'),
      body: { ...accountRow(values.customer, party.newAccount, context), ...ownerBind(owner, environment) },
    });
  }
  return [...creations, ...contactCreations(party, owner, context)];
}

export function contactCreations(party: Party, owner: string | null, context: WritingContext): Operation[] {
  const { environment, settings } = context;
  const account = party.account ?? party.newAccount;
  const parent =
    account === null
      ? {}
      : {
          [`${environment.nav('contact', 'parentcustomerid', 'account')}@odata.bind`]: rowPath(
            environment.set('account'),
            account,
          ),
        };
  return party.contacts
    .filter((contact) => contact.isNew)
    .map(({ id, person }) => ({
      method: 'POST',
      path: environment.set('contact'),
      body: {
        ...settings.mapping.defaults.contact,
        contactid: id,
        ...personColumns(person),
        ...parent,
        ...ownerBind(owner, environment),
      },
    }));
}

function personColumns(person: Person): Record<string, string | null> {
  return {
    firstname: person.firstName || null,
    lastname: person.lastName || person.email || null,
    emailaddress1: person.email || null,
    telephone1: person.phone || null,
  };
}

function accountRow(customer: Customer, id: string, { settings }: WritingContext): Record<string, unknown> {
  const { mapping } = settings;
  return {
    ...mapping.defaults.account,
    accountid: id,
    name: customer.name.trim(),
    ...addressColumns(customer, mapping.countryColumn ?? settings.countryColumn),
    ...(mapping.dunsColumn && customer.duns ? { [mapping.dunsColumn]: customer.duns } : {}),
  };
}

function addressColumns({ address }: Customer, countryColumn: string): Record<string, string | null> {
  return {
    address1_line1: address.line1 || null,
    address1_line2: address.line2 || null,
    address1_city: address.city || null,
    address1_stateorprovince: address.state || null,
    address1_postalcode: address.postalCode || null,
    [countryColumn]: address.country || null,
  };
}

export interface RecordCreation {
  readonly columns: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Columns of the new record. The admin's defaults give way to what the referral says. */
export function recordCreation(create: NewRecord, context: WritingContext): RecordCreation {
  const { ref, values, party } = create;
  const { environment, settings } = context;
  const problems: Problem[] = [];
  const columns: Record<string, unknown> = { ...settings.mapping.defaults[ref.type], [idColumn(ref.type)]: ref.id };
  writeValues(ref.type, values, columns, problems, context);
  columns['cosell_syncwithpartnercenter'] = true;
  columns['cosell_referralidentifier'] = create.referralId;
  Object.assign(columns, ownerBind(create.owner, environment));
  if (ref.type === 'lead') Object.assign(columns, leadColumns(values, context));
  else Object.assign(columns, partyColumns(party, context), stageColumns(create, context, problems));
  return { columns, problems };
}

/** Whether customerid follows from the account is not documented, so both are written. */
function partyColumns(party: Party, { environment }: WritingContext): Record<string, unknown> {
  const bind = (column: string, target: string, id: string | null | undefined): Record<string, string> =>
    id
      ? { [`${environment.nav('opportunity', column, target)}@odata.bind`]: rowPath(environment.set(target), id) }
      : {};
  const account = party.account ?? party.newAccount;
  return {
    ...bind('customerid', 'account', account),
    ...bind('parentaccountid', 'account', account),
    ...bind('parentcontactid', 'contact', party.contacts[0]?.id),
  };
}

/** Only open stages can be created; a deal that is already closed is created open and stays as its state says. */
function stageColumns(create: NewRecord, { settings }: WritingContext, problems: Problem[]): Record<string, unknown> {
  const status = create.stage === 'hold' ? settings.stages.hold : settings.stages.open;
  if (status !== null) return { statuscode: status };
  problems.push({
    code: 'stageUnknown',
    message: `no status reason is known for stage "${create.stage}": see the stage settings`,
  });
  return {};
}

function leadColumns(values: DealValues, { environment }: WritingContext): Record<string, unknown> {
  const [person] = values.contacts ?? [];
  const columns = {
    ...(person ? personColumns(person) : {}),
    companyname: values.customer?.name || null,
    ...(values.customer ? addressColumns(values.customer, 'address1_country') : {}),
  };
  // A lead of one's own make may lack some of them.
  return Object.fromEntries(Object.entries(columns).filter(([column]) => environment.columns('lead').has(column)));
}
