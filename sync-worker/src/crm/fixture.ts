/**
 * A small environment for tests of the pure parts: the columns that they look at, with the out-of-box limits.
 */
import { currencyTable } from './currencies';
import type { ColumnFacts } from './column-facts';
import type { Environment } from './environment';
import { leadColumns, opportunityColumns } from './generated/schema';
import type { WritingContext } from './row-from-changes';
import { readSettings, type AdapterSettings, type Variables } from './settings';

export function column(name: string, type: string, extras: Partial<ColumnFacts> = {}): [string, ColumnFacts] {
  return [
    name,
    {
      name,
      type,
      required: 'None',
      forCreate: true,
      forUpdate: true,
      custom: false,
      maxLength: null,
      range: null,
      digits: null,
      behavior: null,
      options: [],
      labels: [],
      ...extras,
    },
  ];
}

const types: Readonly<Record<string, string>> = {
  string: 'String',
  memo: 'Memo',
  choice: 'Picklist',
  boolean: 'Boolean',
  datetime: 'DateTime',
  integer: 'Integer',
};

function own(
  columns: Readonly<Record<string, { readonly type: string; readonly maxLength?: number }>>,
): [string, ColumnFacts][] {
  return Object.entries(columns).map(([name, { type, maxLength }]) =>
    column(name, types[type] ?? type, { maxLength: maxLength ?? null, custom: true }),
  );
}

const tablesOf = (
  extra: Readonly<Record<string, readonly [string, ColumnFacts][]>>,
): Record<string, [string, ColumnFacts][]> => ({
  opportunity: [
    column('name', 'String', { maxLength: 300, labels: ['Topic'] }),
    column('estimatedvalue', 'Money', { labels: ['Est. revenue', 'Geschätzter Umsatz'] }),
    column('budgetamount', 'Money'),
    column('estimatedclosedate', 'DateTime'),
    column('transactioncurrencyid', 'Lookup'),
    column('campaignid', 'Lookup'),
    column('salesstage', 'Picklist'),
    column('exchangerate', 'Decimal', { forUpdate: false, forCreate: false }),
    ...own(opportunityColumns),
    ...(extra['opportunity'] ?? []),
  ],
  lead: [
    column('subject', 'String', { maxLength: 300 }),
    column('budgetamount', 'Money'),
    column('companyname', 'String', { maxLength: 100 }),
    column('lastname', 'String', { maxLength: 50 }),
    ...own(leadColumns),
    ...(extra['lead'] ?? []),
  ],
  account: [
    column('name', 'String', { maxLength: 160 }),
    column('address1_country', 'String', { maxLength: 80, labels: ['Country/Region'] }),
    ...(extra['account'] ?? []),
  ],
  contact: [column('lastname', 'String', { maxLength: 50 }), ...(extra['contact'] ?? [])],
  connection: [],
});

export function environmentOf(extra: Readonly<Record<string, readonly [string, ColumnFacts][]>> = {}): Environment {
  const tables = tablesOf(extra);
  return {
    organizationId: 'org',
    userId: 'us',
    retentionDays: 7,
    language: 1033,
    hasTable: () => true,
    isTracked: () => true,
    isVersioned: () => true,
    set: (table) =>
      table === 'opportunity'
        ? 'opportunities'
        : table === 'transactioncurrency'
          ? 'transactioncurrencies'
          : `${table}s`,
    nav: (_table, name, target) =>
      name === 'customerid' || name === 'parentcustomerid' || /^record\did$/.test(name) ? `${name}_${target}` : name,
    columns: (table) => new Map(tables[table] ?? []),
    statuses: (table) =>
      table === 'opportunity'
        ? [
            { value: 1, state: 0, labels: ['In Progress'] },
            { value: 2, state: 0, labels: ['On Hold', 'En attente'] },
            { value: 3, state: 1, labels: ['Won'] },
            { value: 4, state: 2, labels: ['Canceled'] },
          ]
        : [
            { value: 1, state: 0, labels: ['New'] },
            { value: 4, state: 2, labels: ['Lost'] },
          ],
    salesTeamRole: 'sales-role',
    stakeholderRole: 'stakeholder-role',
  };
}

export function settingsWith(
  variables: Variables = {},
  environment: Environment = environmentOf(),
  last: AdapterSettings | null = null,
): AdapterSettings {
  return readSettings(variables, environment, last);
}

export const currencies = currencyTable([
  { id: 'eur-id', code: 'EUR', active: true, digits: 2 },
  { id: 'usd-id', code: 'USD', active: true, digits: 2 },
  { id: 'chf-id', code: 'CHF', active: false, digits: 2 },
]);

export function writingContext(environment: Environment = environmentOf(), variables: Variables = {}): WritingContext {
  return { environment, settings: settingsWith(variables, environment), currencies, now: '2026-03-02T09:00:00.123Z' };
}
