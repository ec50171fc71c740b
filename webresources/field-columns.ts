/**
 * From a finding's field to the place on the form where it is mended. Pure but for looking at the form.
 */
import { own, stock } from './columns';
import { controlsOf, type Form } from './form';

type Control = Xrm.Controls.StandardControl;

/** Columns that show a field, best first. Where an admin moved a field, its own column is simply not on the form. */
const columnsByField: Readonly<Record<string, readonly string[]>> = {
  name: [stock.name],
  dealValue: [stock.value],
  'dealValue.currency': [stock.currency],
  closeDate: [stock.closeDate],
  dealNotes: [own.dealNotes],
  solutions: [own.draft],
  'solutions.id': [own.draft],
  team: [stock.owner],
  customer: [stock.account, stock.customer],
  contacts: [stock.contact],
  helpRequired: [own.help, own.sync],
  visibility: [own.visibility, own.sync],
  notesToMicrosoft: [own.notesToMicrosoft, own.sync],
  consent: [own.consent, own.sync],
  purchaseIntent: [own.purchaseIntent, own.sync],
  coSellType: [own.coSellType],
  partnerRole: [own.partnerRole],
  solutionArea: [own.solutionArea],
  solutionPlay: [own.solutionPlay],
  statusReason: [own.closeReason],
  status: [stock.status],
};

/** Where a related record's field leads: the lookup that names the record. */
export const lookupsByRecord: Readonly<Record<string, readonly string[]>> = {
  account: [stock.account, stock.customer],
  contact: [stock.contact, stock.customer],
  user: [stock.owner],
};

export function columnsFor(field: string): readonly string[] {
  return columnsByField[field] ?? [];
}

/** Controls of the first column that the form has at all; the header's copy among them. */
export function controlsFor(form: Form, field: string): Control[] {
  for (const column of columnsFor(field)) {
    const controls = controlsOf(form, column);
    if (controls.length > 0) return controls;
  }
  return [];
}
