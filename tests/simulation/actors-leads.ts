/**
 * Sellers who work on leads: they edit, take back, share and stop, qualify, disqualify, merge, reopen, copy and delete.
 * And those who send leads.
 */
import type { Row } from '../../emulators/dataverse';
import { requestedAction } from './codes';
import { copied, dayOf, tampered, tampering } from './actors-seller';
import type { EditField, Step } from './plan';
import { isSealed } from './records';
import { catalogue } from './services';
import type { SimWorld } from './world';

/** No other deal is of such a customer: qualifying makes him an account, whether there is one or not. */
const customer = (step: Step): object => ({
  name: `Interessent ${step.unique} GmbH`,
  address: { addressLine1: 'Ringstraße 8', city: 'Wien', postalCode: '1010', country: 'AT' },
  team:
    step.choice < 0.5
      ? [{ firstName: 'Liesl', lastName: 'Grün', phoneNumber: '+43 1 5550 400', email: 'liesl@gruen.example' }]
      : [],
});

/** Microsoft's people or its marketplace send a lead. Answers its referral. */
export function newLead(world: SimWorld, step: Step): string {
  return world.services.partnerCenter.microsoft.createLead({
    name: `Interest ${step.unique}`,
    kind: step.choice < 0.7 ? 'qualified' : 'marketplace',
    customer: customer(step),
    solutions: [catalogue[0]],
    value: 60_000 + step.unique,
    currency: 'EUR',
    closingDate: dayOf(step.unique),
    ...(step.choice > 0.9 ? { expires: new Date(world.time + 600_000).toISOString() } : {}),
  }).id;
}

/** A lead of the seller's own, whom nobody sent. */
function ownLead(world: SimWorld, step: Step): string {
  const { seed } = world.services.base;
  return world.seller.create('lead', {
    subject: `Lead ${step.unique}`,
    companyname: `Interessent ${step.unique} GmbH`,
    lastname: 'Grün',
    budgetamount: 20_000 + step.unique,
    transactioncurrencyid: seed.currencies.EUR as string,
    estimatedclosedate: dayOf(step.unique),
    cosell_syncwithpartnercenter: step.choice < 0.5,
  });
}

export function leadSeller(world: SimWorld, step: Step & { who: 'leadSeller' }): string | null {
  if (step.what === 'create') return `makes the lead ${ownLead(world, step).slice(0, 8)}`;
  const { store } = world.services.dataverse;
  const leads = [...store.table('lead').rows.keys()].sort();
  const id = leads[step.deal % Math.max(1, leads.length)];
  const row = id && store.get('lead', id)?.values;
  if (!id || !row) return null;
  const short = `the lead ${id.slice(0, 8)}`;
  const change = (columns: Row, what: string): string => {
    world.seller.update('lead', id, columns as never);
    return `${what} ${short}`;
  };
  const isOpen = row['statecode'] === 0;
  switch (step.what) {
    case 'edit':
      return change(leadValue(step.field, step.unique), `writes ${step.field} ${step.unique} on`);
    case 'undo': {
      const before = world.ledger.history('crm', id, step.field).at(-2);
      return before && before.value !== ''
        ? change(columnOf(step.field, before.value), `takes back ${step.field} (${before.value}) on`)
        : null;
    }
    case 'share':
      return change({ cosell_syncwithpartnercenter: true }, 'shares');
    case 'unshare':
      return change({ cosell_syncwithpartnercenter: false }, 'stops sharing');
    case 'qualify':
      return isOpen ? `qualifies ${short} into ${world.seller.qualifyLead(id).slice(0, 8)}` : null;
    case 'qualifyAlone':
      if (!isOpen) return null;
      world.seller.qualifyLeadAlone(id);
      return `qualifies ${short} into nothing`;
    case 'disqualify': {
      const why = step.choice < 0.5 ? { cosell_actionreason: 'Customer did not respond' } : {};
      return isOpen
        ? change({ statecode: 2, statuscode: 4 + Math.floor(step.choice * 3), ...why }, 'disqualifies')
        : null;
    }
    case 'merge':
      // What the platform does to the lead that goes.
      return isOpen ? change({ statecode: 2, statuscode: 7, merged: true }, 'merges into another') : null;
    case 'reopen':
      // Who may not write on a qualified lead does not open it either.
      return isOpen || isSealed(world.services, { table: 'lead', values: row })
        ? null
        : change({ statecode: 0, statuscode: 1 }, 'reopens');
    case 'delete':
      world.seller.delete('lead', id);
      return `deletes ${short}`;
    case 'copy':
      return `copies ${short} to ${copyOf(world, row).slice(0, 8)}`;
    case 'tamper':
      return change(tampered(step.choice, readOnly), 'writes a read-only column of');
    case 'spoil':
      return change(step.choice < 0.5 ? { budgetamount: null } : { estimatedclosedate: null }, 'spoils');
    case 'shareAgain':
    case 'syncNow':
    case 'accept':
      return change({ cosell_requestedaction: requestedAction[step.what] }, `asks ${step.what} of`);
    case 'decline':
      return change(
        { cosell_requestedaction: requestedAction.decline, cosell_actionreason: 'Outside our region' },
        'asks decline of',
      );
  }
}

function leadValue(field: EditField, unique: number): Row {
  switch (field) {
    case 'dealValue':
      return { budgetamount: 1_000 + unique };
    case 'closeDate':
      return { estimatedclosedate: dayOf(unique) };
    default:
      return { subject: `Lead ${unique}` };
  }
}

function columnOf(field: EditField, value: string): Row {
  switch (field) {
    case 'dealValue':
      return { budgetamount: Number(value.split(' ')[0]) };
    case 'closeDate':
      return { estimatedclosedate: value };
    default:
      return { subject: value };
  }
}

/** Of the connector's own columns those that a lead has. */
const { cosell_syncmessage, cosell_referrallink } = tampering;
const readOnly = { cosell_syncmessage, cosell_referrallink };

const alsoCopied = [
  'subject',
  'companyname',
  'lastname',
  'budgetamount',
  'transactioncurrencyid',
  'estimatedclosedate',
];

function copyOf(world: SimWorld, row: Row): string {
  return world.seller.create('lead', copied(row, alsoCopied) as never);
}
