/** A form session over an in-memory record, for tests of the page without a server. Test support only. */
import type { FormModel, CellModel } from '../model';
import { FormSession, type Services } from './form-session';
import { Formats } from './formatting';
import { Metadata, type ColumnInfo, type ColumnType, type TableInfo } from './metadata';
import { presets, type Switches } from './switches';
import type { Json } from './values';
import { WebApi } from './web-api';

export const recordId = '11111111-2222-4333-8444-555555555555';

export function column(name: string, type: ColumnType, more: Partial<ColumnInfo> = {}): ColumnInfo {
  return {
    name,
    type,
    label: name.toUpperCase(),
    description: '',
    required: false,
    recommended: false,
    forCreate: true,
    forUpdate: true,
    maxLength: 100,
    min: 0,
    max: 1000,
    precision: 2,
    format: '',
    options: [],
    targets: [],
    navigation: {},
    ...more,
  };
}

const options = [
  { value: 1, label: 'One', color: '' },
  { value: 2, label: 'Two', color: '#f00' },
];

export const columns: readonly ColumnInfo[] = [
  column('dealid', 'Uniqueidentifier', { forUpdate: false }),
  column('name', 'String', { required: true }),
  column('note', 'Memo', { maxLength: 2000 }),
  column('kind', 'Picklist', { options }),
  column('shared', 'Boolean', {
    options: [
      { value: 1, label: 'Yes', color: '' },
      { value: 0, label: 'No', color: '' },
    ],
  }),
  column('amount', 'Money'),
  column('count', 'Integer'),
  column('due', 'DateTime', { format: 'DateOnly' }),
  column('seen', 'DateTime', { format: 'DateAndTime', forUpdate: false }),
  column('customer', 'Customer', {
    targets: ['account', 'contact'],
    navigation: { account: 'customer_account', contact: 'customer_contact' },
  }),
  column('statecode', 'State', {
    options: [
      { value: 0, label: 'Open', color: '' },
      { value: 1, label: 'Won', color: '' },
    ],
  }),
];

const table: TableInfo = {
  name: 'deal',
  label: 'Deal',
  pluralLabel: 'Deals',
  setName: 'deals',
  idColumn: 'dealid',
  nameColumn: 'name',
  columns: new Map(columns.map((each) => [each.name, each])),
  lookups: new Map(),
};

const cell = (name: string): CellModel => ({
  id: name,
  label: {},
  showLabel: true,
  visible: true,
  colSpan: 1,
  rowSpan: 1,
  control: { id: name, classId: '', column: name, disabled: name === 'seen', parameters: {} },
});

const form: FormModel = {
  id: 'f',
  table: 'deal',
  label: { '1033': 'Main' },
  header: [],
  libraries: [],
  handlers: [],
  tabs: [
    {
      name: 'first',
      label: { '1033': 'First' },
      visible: true,
      columns: [
        {
          width: '100%',
          sections: [
            {
              name: 'top',
              label: {},
              showLabel: true,
              visible: true,
              columns: 1,
              rows: ['name', 'note', 'kind', 'shared', 'amount'].map((each) => [cell(each)]),
            },
          ],
        },
      ],
    },
    {
      name: 'second',
      label: { '1033': 'Second' },
      visible: true,
      columns: [
        {
          width: '100%',
          sections: [
            {
              name: 'low',
              label: {},
              showLabel: true,
              visible: true,
              columns: 1,
              rows: ['due', 'seen', 'customer', 'name'].map((each) => [cell(each)]),
            },
          ],
        },
      ],
    },
  ],
};

export interface Scene {
  readonly session: FormSession;
  readonly switches: Switches;
  /** The record as the service has it. */
  readonly row: Json;
  /** Method, path and body of each call. */
  readonly calls: { method: string; path: string; body: Json | undefined }[];
  /** The next call is answered with this. */
  refuse(status: number, code: string, message: string): void;
}

export function scene(id: string | null = recordId, changes: Json = {}): Scene {
  const switches = { ...presets };
  const row: Json = {
    '@odata.etag': 'W/"1"',
    dealid: recordId,
    name: 'Deal',
    shared: null,
    amount: 10.5,
    due: '2026-05-01',
    statecode: 0,
    ...changes,
  };
  const calls: Scene['calls'] = [];
  let refusal: { status: number; code: string; message: string } | null = null;
  const respond = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
    ({
      ok: status < 400,
      status,
      headers: { get: (name: string) => headers[name] ?? null },
      text: () => Promise.resolve(body === undefined ? '' : JSON.stringify(body)),
    }) as unknown as Response;
  globalThis.fetch = ((url: string, init: { method: string; body?: string }) => {
    const path = url.replace('/api/data/v9.2/', '');
    const body = init.body === undefined ? undefined : (JSON.parse(init.body) as Json);
    calls.push({ method: init.method, path, body });
    if (refusal) {
      const { status, code, message } = refusal;
      refusal = null;
      return Promise.resolve(respond(status, { error: { code, message } }));
    }
    if (init.method === 'GET') return Promise.resolve(respond(200, row));
    for (const [name, value] of Object.entries(body ?? {})) if (!name.includes('@')) row[name] = value;
    return Promise.resolve(respond(204, undefined, { 'odata-entityid': `/api/data/v9.2/deals(${recordId})` }));
  }) as typeof fetch;
  const metadata: Metadata = Object.assign(Object.create(Metadata.prototype) as Metadata, {
    table: (name: string) => Promise.resolve(name === 'deal' ? table : { ...table, name, setName: `${name}s` }),
    now: (name: string) => (name === 'deal' ? table : { ...table, name, setName: `${name}s` }),
  });
  const services: Services = {
    api: new WebApi(switches, () => metadata),
    metadata,
    formats: new Formats(1033),
    lang: 1033,
    user: { id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Mareike' },
  };
  return {
    session: new FormSession(table, form, services, id),
    switches,
    row,
    calls,
    refuse: (status, code, message) => void (refusal = { status, code, message }),
  };
}
