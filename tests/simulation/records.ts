/**
 * The CRM's records that a referral can belong to, and what differs between an opportunity and a lead.
 */
import type { Row } from '../../emulators/dataverse';
import type { Services } from './services';

export const recordTables = ['opportunity', 'lead'] as const;
export type RecordTable = (typeof recordTables)[number];

export interface CrmRecord {
  readonly table: RecordTable;
  readonly id: string;
  readonly values: Row;
}

type Crm = Pick<Services, 'dataverse'>;

export function recordOf({ dataverse: { store } }: Crm, id: string): CrmRecord | null {
  for (const table of recordTables) {
    const found = store.get(table, id);
    if (found) return { table, id, values: found.values };
  }
  return null;
}

export function recordsOf({ dataverse: { store } }: Crm): CrmRecord[] {
  return recordTables.flatMap((table) =>
    [...store.table(table).rows].map(([id, { values }]) => ({ table, id, values })),
  );
}

/** Closed for good where the CRM takes no writes of such records. */
export function isSealed({ dataverse: { switches } }: Crm, { table, values }: Omit<CrmRecord, 'id'>): boolean {
  return table === 'lead'
    ? values['statecode'] === 1 && switches.qualifiedReadOnly === 'on'
    : values['statecode'] !== 0 && switches.wonLostReadOnly === 'on';
}

/** Is the event about this very record? */
export function isAbout(event: Row, record: Pick<CrmRecord, 'id'> | null): boolean {
  return record !== null && (event['cosell_opportunityid'] === record.id || event['cosell_leadid'] === record.id);
}

/** A name without the worker's marks (rule B11). */
export function withoutMarks(name: unknown): string {
  return String(name ?? '').replace(/^[\s\u2714\u2716]+|[\s\u2714\u2716]+$/g, '');
}

/** What a lead carries: no notes, no solutions, no switch for Microsoft's eyes, and of the team its owner alone. */
export function carries(record: CrmRecord, field: string, services: Crm): boolean {
  return record.table === 'opportunity' || field in leadValues(services, record.values);
}

export function leadValues({ dataverse: { store } }: Crm, row: Row): Record<string, string> {
  const currency = store.get('transactioncurrency', String(row['transactioncurrencyid'] ?? ''))?.values;
  const owner = store.get('systemuser', String(row['ownerid'] ?? ''))?.values['internalemailaddress'];
  return {
    name: withoutMarks(row['subject']),
    dealValue:
      row['budgetamount'] == null
        ? ''
        : `${Number(row['budgetamount'])} ${String(currency?.['isocurrencycode'] ?? '')}`,
    closeDate: String(row['estimatedclosedate'] ?? '').slice(0, 10),
    ...(owner ? { [`member ${String(owner).toLowerCase()}`]: 'yes' } : {}),
  };
}
