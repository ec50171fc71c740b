/**
 * The deal that stands on a form, unsaved edits included, with everything around it.
 *
 * What the form does not show is read from the saved record, so that a customer's slim form is judged like the full
 * one. Rejects when something could not be read: a deal that was only half looked at is not judged.
 */
import { columnsOfDeal, findingsForAccept, findingsForShare, hasUnreadable } from './deal-values';
import { type Form, has, recordId, rowOf } from './form';
import { readRelated, type Related } from './related';
import type { Finding } from '../domain/finding';
import type { Records, Row } from './records';
import { settingsOf, type Settings } from './settings';

export interface Gathered {
  readonly deal: Row;
  readonly related: Related;
  readonly settings: Settings;
}

/** Thrown when a record that the deal names is not in the answer, most often for lack of rights. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export async function gather(form: Form, records: Records): Promise<Gathered> {
  const settings = await settingsOf(records);
  const columns = columnsOfDeal(settings);
  const id = recordId(form);
  const absent = columns.filter((column) => !has(form, column));
  const saved = id === '' || absent.length === 0 ? {} : await savedRow(records, id, absent);
  const deal: Row = { ...saved, ...rowOf(form, columns), ...(id === '' ? {} : { opportunityid: id }) };
  const related = await readRelated(records, [deal], settings);
  if (hasUnreadable(deal, related, settings)) throw new Unreadable();
  return { deal, related, settings };
}

async function savedRow(records: Records, id: string, select: readonly string[]): Promise<Row> {
  const [row] = await records.find('opportunity', { select, where: `opportunityid eq ${id}` });
  if (!row) throw new Unreadable();
  return row;
}

export async function checkShare(form: Form, records: Records): Promise<readonly Finding[]> {
  const { deal, related, settings } = await gather(form, records);
  return findingsForShare(deal, related, settings, today());
}

export async function checkAccept(form: Form, records: Records): Promise<readonly Finding[]> {
  const { deal, related, settings } = await gather(form, records);
  return findingsForAccept(deal, related, settings, today());
}

/** The seller's own day, not UTC's. */
export function today(now = new Date()): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
