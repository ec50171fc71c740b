/**
 * Sellers in the CRM: they edit, take back, add and remove, share and stop, close, reopen, copy, delete, and write
 * into columns that are not theirs.
 */
import type { Row } from '../../emulators/dataverse';
import { helpWorkshop, requestedAction, statusReason } from './codes';
import { isMore, sellerChanges } from './more-fields';
import type { PlainField, Step } from './plan';
import { pick } from './random';
import { catalogue } from './services';
import type { SimWorld } from './world';

export function newDeal(world: SimWorld, kind: string, number: number): string {
  const { seed, solutions } = world.services.base;
  const id = world.seller.create('opportunity', {
    name: `Start ${number}`,
    estimatedvalue: 50_000 + number,
    transactioncurrencyid: seed.currencies.EUR,
    estimatedclosedate: `2027-03-0${1 + (number % 8)}`,
    customerid: { account: seed.accounts.brueckner },
    parentaccountid: seed.accounts.brueckner,
    parentcontactid: seed.contacts.complete,
    cosell_customerconsent: true,
    cosell_purchaseintent: 489_100_002,
    cosell_dealnotes: `Start note ${number}`,
    cosell_referralvisibility: kind === 'visible',
    ...(kind === 'coSell' ? { cosell_helprequired: helpWorkshop } : {}),
    cosell_syncwithpartnercenter: kind !== 'unshared',
  } as never);
  world.seller.create('cosell_opportunitysolution', {
    cosell_name: catalogue[0],
    cosell_opportunityid: id,
    cosell_solutionid: solutions[catalogue[0]] as string,
  });
  return id;
}

export function seller(world: SimWorld, step: Step & { who: 'seller' }): string | null {
  if (step.what === 'create') return `makes ${newDeal(world, 'private', step.unique).slice(0, 8)}`;
  const { store } = world.services.dataverse;
  world.deals = [...store.table('opportunity').rows.keys()].sort();
  const id = world.deals[step.deal % Math.max(1, world.deals.length)];
  const row = id && store.get('opportunity', id)?.values;
  if (!id || !row) return null;
  const change = (columns: Row, what: string): string => {
    world.seller.update('opportunity', id, columns as never);
    return `${what} ${id.slice(0, 8)}`;
  };
  const { field } = step;
  if (isMore(field)) {
    const done = sellerChanges(world, { ...step, field }, id);
    return done && `${done} on ${id.slice(0, 8)}`;
  }
  switch (step.what) {
    case 'edit':
      return change(sellerValue(field, step.unique), `writes ${field} ${step.unique} on`);
    case 'undo': {
      const before = world.ledger.history('crm', id, field).at(-2);
      return before && before.value !== ''
        ? change(columnOf(field, before.value), `takes back ${field} (${before.value}) on`)
        : null;
    }
    case 'share':
      return change({ cosell_syncwithpartnercenter: true }, 'shares');
    case 'unshare':
      return change({ cosell_syncwithpartnercenter: false }, 'stops sharing');
    case 'visible':
      return change({ cosell_referralvisibility: true }, 'makes visible');
    case 'hide':
      return change(step.choice < 0.6 ? { cosell_referralvisibility: false } : { cosell_helprequired: null }, 'hides');
    case 'help':
      return change({ cosell_helprequired: helpWorkshop }, 'asks for help on');
    case 'hold':
      return row['statecode'] === 0 ? change({ statuscode: statusReason.onHold }, 'puts on hold') : null;
    case 'activate':
      return row['statecode'] === 0 ? change({ statuscode: statusReason.inProgress }, 'activates') : null;
    case 'win':
      world.seller.win(id);
      return `wins ${id.slice(0, 8)}`;
    case 'lose':
      if (step.choice < 0.5) change({ cosell_closereason: 489_100_002 }, '');
      world.seller.lose(id);
      return `loses ${id.slice(0, 8)}`;
    case 'reopen':
      return row['statecode'] === 0 ? null : change({ statecode: 0, statuscode: 1 }, 'reopens');
    case 'delete':
      world.seller.delete('opportunity', id);
      return `deletes ${id.slice(0, 8)}`;
    case 'copy':
      return `copies ${id.slice(0, 8)} to ${copyOf(world, row).slice(0, 8)}`;
    case 'tamper':
      return change(tampered(step.choice), 'writes a read-only column of');
    case 'spoil':
      return change(step.choice < 0.5 ? { estimatedvalue: 0 } : { estimatedclosedate: null }, 'spoils');
    case 'shareAgain':
    case 'syncNow':
    case 'accept':
      return change({ cosell_requestedaction: requestedAction[step.what] }, `asks ${step.what} of`);
    case 'decline':
      return change(
        { cosell_requestedaction: requestedAction.decline, cosell_actionreason: 'Outside our region' },
        'asks decline of',
      );
    default:
      return childStep(world, step, id);
  }
}

function childStep(world: SimWorld, step: Step, id: string): string | null {
  const { store } = world.services.dataverse;
  const { seed, solutions, colleague } = world.services.base;
  const rows = store.table('cosell_opportunitysolution').referencing('cosell_opportunityid', id);
  const members = store.table('connection').referencing('record1id', id);
  switch (step.what) {
    case 'addSolution': {
      const has = rows.map((child) => store.get('cosell_opportunitysolution', child)?.values['cosell_solutionid']);
      const free = catalogue.filter((one) => !has.includes(solutions[one] as string));
      const solution = free[Math.floor(step.choice * free.length)];
      if (!solution) return null;
      world.seller.create('cosell_opportunitysolution', {
        cosell_name: solution,
        cosell_opportunityid: id,
        cosell_solutionid: solutions[solution] as string,
      });
      return `adds ${solution} to ${id.slice(0, 8)}`;
    }
    case 'removeSolution': {
      // The last one is needed: without any the deal is not valid, which is another step's matter.
      const child = rows.length > 1 ? rows[Math.floor(step.choice * rows.length)] : undefined;
      if (!child) return null;
      world.seller.delete('cosell_opportunitysolution', child);
      return `removes a solution from ${id.slice(0, 8)}`;
    }
    case 'addMember':
      if (members.length > 0) return null;
      world.seller.create('connection', {
        record1id: { opportunity: id },
        record2id: { systemuser: colleague },
        record2roleid: seed.roles.salesProfessional,
      } as never);
      return `adds a colleague to ${id.slice(0, 8)}`;
    case 'removeMember': {
      const member = members.find((one) => store.get('connection', one)?.values['record2id'] === colleague);
      if (!member) return null;
      world.seller.delete('connection', member);
      return `removes a colleague from ${id.slice(0, 8)}`;
    }
    default:
      return null;
  }
}

function sellerValue(field: PlainField, unique: number): Row {
  switch (field) {
    case 'name':
      return { name: `Deal ${unique}` };
    case 'dealValue':
      return { estimatedvalue: 1_000 + unique };
    case 'closeDate':
      return { estimatedclosedate: dayOf(unique) };
    case 'dealNotes':
      return { cosell_dealnotes: `Note ${unique}` };
  }
}

function columnOf(field: PlainField, value: string): Row {
  switch (field) {
    case 'name':
      return { name: value };
    case 'dealValue':
      return { estimatedvalue: Number(value.split(' ')[0]) };
    case 'closeDate':
      return { estimatedclosedate: value };
    case 'dealNotes':
      return { cosell_dealnotes: value };
  }
}

/** Columns that only the connector writes, and what sellers write there all the same. */
export const tampering = {
  cosell_syncmessage: 'I know better',
  cosell_microsoftcrmidentifier: 'X-1',
  cosell_referrallink: 'https://elsewhere.example/',
} as const;

export function tampered(choice: number, columns: Readonly<Record<string, string>> = tampering): Row {
  const [column, value] = pick(() => choice, Object.entries(columns));
  return { [column]: value };
}

const notCopied = new Set([
  'opportunityid',
  'versionnumber',
  'createdon',
  'modifiedon',
  'createdby',
  'modifiedby',
  'ownerid',
  'owninguser',
  'owningbusinessunit',
  'statecode',
  'statuscode',
  'actualvalue',
  'actualclosedate',
]);

/** The record and its columns, as "copy with related columns" of the Sales app or an import makes it. */
function copyOf(world: SimWorld, row: Row): string {
  const columns = copied(row, [
    'name',
    'estimatedvalue',
    'transactioncurrencyid',
    'estimatedclosedate',
    'parentaccountid',
    'parentcontactid',
  ]);
  const { seed } = world.services.base;
  return world.seller.create('opportunity', { ...columns, customerid: { account: seed.accounts.brueckner } } as never);
}

/** All columns of the connector, and these. */
export function copied(row: Row, others: readonly string[]): Row {
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) =>
        value !== null && !notCopied.has(name) && (name.startsWith('cosell_') || others.includes(name)),
    ),
  );
}

/** A day that no other step writes. */
export function dayOf(unique: number): string {
  return new Date(Date.UTC(2027, 3, 1) + unique * 86_400_000).toISOString().slice(0, 10);
}
