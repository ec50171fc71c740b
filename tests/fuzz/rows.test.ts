/** Rows of the CRM, whose columns people, flows, other versions and restores can fill with anything. */
import fc from 'fast-check';
import type { Shadow, Pending, Link } from '../../sync-worker/src/ports';
import { dealFromFeedRow, dealFromRows } from '../../sync-worker/src/crm/deal-from-row';
import { column, currencies, environmentOf, settingsWith } from '../../sync-worker/src/crm/fixture';
import { environmentVariables } from '../../sync-worker/src/crm/generated/schema';
import { headFromRow, linkFromRow, rowFromLink } from '../../sync-worker/src/crm/link-row';
import { readMapping } from '../../sync-worker/src/crm/mapping';
import { checkMapping } from '../../sync-worker/src/crm/mapping-check';
import { readSettings, type Variables } from '../../sync-worker/src/crm/settings';
import { defaultRules } from '../../sync-worker/src/fields';
import { merge } from '../../sync-worker/src/merge';
import { fullValues, referralFromShadow, sideOf } from '../../sync-worker/src/view';
import { holds, judged, oddText, oddValue, spoilt, spoiltJson } from './kit';

const key = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const recordId = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';
const person = {
  firstName: 'Mareike',
  lastName: 'Osterkamp',
  phone: '+49 40 5550 1234',
  email: 'mareike@contoso.example',
};
const solution = { id: 'SOL-1', name: 'Monitor', type: 'Name', publisher: 'Larkspur', price: '12.5', quantity: null };
const customer = {
  name: 'Brückner',
  address: { line1: 'a', line2: '', city: 'Köln', state: '', postalCode: '50674', country: 'DE' },
  size: null,
  duns: '',
};
const shadow: Shadow = {
  fields: {
    name: { crm: 'Kühlkette', pc: 'Kühlkette' },
    dealValue: {
      crm: { amount: '48000', currency: 'EUR' },
      pc: { amount: '48000', currency: 'EUR' },
      rewritten: { wrote: { amount: '1', currency: 'EUR' } },
    },
    closeDate: { crm: '2027-03-31', pc: null },
    team: { crm: [person], pc: [person] },
    contacts: { crm: [], pc: [person] },
    solutions: { crm: [solution], pc: [solution] },
    customer: { crm: customer, pc: customer },
    visibility: { crm: true, pc: false },
  },
  status: 'Active/Accepted',
  stage: 'open',
  share: true,
  shown: { referralId: 'r', expiresOn: null },
  related: 'a|b',
  children: [recordId],
  microsoft: {
    referralId: 'm',
    etag: 'e',
    status: 'New',
    substatus: 'Pending',
    reason: '',
    notes: '',
    team: [person],
    crmId: '',
  },
  refused: ['name'],
  answer: { message: { text: 'x', code: 'y' }, over: { text: 'x', code: 'y' }, inputs: 'h' },
  outbox: { notes: [{ id: recordId, cause: 'received' }], due: null },
  reminded: 3,
  kind: 'coSell',
  direction: 'outbound',
};
const pending: Pending = {
  pc: {
    etag: '"1"',
    since: '2026-03-02T09:00:00Z',
    fields: { name: ['a', 'b'], status: ['Active/Accepted'], team: [[person], []] },
  },
  crm: { fields: { dealValue: [{ amount: '1', currency: 'EUR' }, null] } },
  create: {
    step: 'own',
    at: '2026-03-02T09:00:00Z',
    snapshot: { name: 'x', team: [person], dealValue: null },
    sent: true,
  },
};
const row = {
  '@odata.etag': 'W/"1"',
  cosell_referralid: key,
  cosell_referralidentifier: '6f0c2d1e-1111-4a7b-9c55-5d2f8a7c0001',
  cosell_recordid: recordId,
  cosell_recordtype: 489100000,
  _cosell_opportunityid_value: recordId,
  cosell_state: 489100002,
  cosell_due: '2026-03-02T09:00:00Z',
  cosell_attempts: 2,
  cosell_claim: 'w:1#tok',
  cosell_claimedon: null,
  cosell_shadow: JSON.stringify(shadow),
  cosell_pending: JSON.stringify(pending),
};

/** Everything that the core does with a row before it decides. */
function use(link: Link): void {
  judged(() => sideOf(link.shadow, 'pc'));
  const referral = judged(() => referralFromShadow(link, 'org'));
  const deal = dealFromFeedRow('opportunity', opportunity, context);
  const crm = judged(() => fullValues(deal, link.shadow)) ?? {};
  const plan = judged(() =>
    merge({
      rules: defaultRules,
      shadow: link.shadow,
      pending: link.pending,
      crm,
      partnerCenter: { ...referral?.values, name: 'other', team: [], dealValue: null },
      mode: 'open',
    }),
  );
  expect(plan).toBeDefined();
  for (const child of link.shadow.children ?? []) expect(typeof child).toBe('string');
  expect(
    judged(() =>
      rowFromLink(
        { key, set: { shadow: link.shadow, pending: link.pending }, claim: '', token: 't', create: false },
        environmentOf(),
      ),
    ),
  ).toBeDefined();
}

const opportunity = {
  '@odata.etag': 'W/"7"',
  opportunityid: recordId,
  name: 'Deal ✖',
  createdon: '2026-01-01T00:00:00Z',
  modifiedon: '2026-01-02T00:00:00Z',
  estimatedvalue: 48000.5,
  _transactioncurrencyid_value: 'eur-id',
  _campaignid_value: null,
  estimatedclosedate: '2026-05-01',
  salesstage: 2,
  statecode: 0,
  statuscode: 2,
  cosell_syncwithpartnercenter: true,
  cosell_solutiondraft: '{"v":1,"solutions":[]}',
  cosell_audit: 'x',
  cosell_referralexpireson: '2026-04-01T08:00:00Z',
  parentaccountid: { name: 'A', address1_country: 'Germany', numberofemployees: 5 },
  owninguser: { firstname: 'A', lastname: 'B', internalemailaddress: 'a@b.example', address1_telephone1: '1' },
  parentcontactid: { firstname: 'A', emailaddress1: 'c@d.example' },
};
const context = { settings: settingsWith(), currencies, userId: 'us' };
const children = {
  solutions: [
    {
      cosell_opportunitysolutionid: recordId,
      cosell_price: 12.5,
      cosell_quantity: 2,
      cosell_solutionid: { cosell_solutionidentifier: 'SOL-1', cosell_name: 'x' },
    },
  ],
  connections: [
    { connectionid: recordId, roles: [1001], user: { internalemailaddress: 'u@v.example' }, contact: null },
  ],
};

test('memory comes back as it was written', () => {
  const columns = rowFromLink({ key, set: { shadow, pending }, claim: '', token: 't', create: false }, environmentOf());
  expect(linkFromRow({ cosell_referralid: key, ...columns })).toMatchObject({ shadow, pending });
});

test('a spoilt memory is used or told to be damaged, and never stops the deal', () => {
  const text = (value: unknown): string => JSON.stringify(value);
  const damaged = fc.record(
    {
      cosell_shadow: fc.oneof(spoilt(shadow).map(text), spoiltJson(shadow)),
      cosell_pending: fc.oneof(spoilt(pending).map(text), spoiltJson(pending)),
      cosell_claimedon: fc.constantFrom(null, '2026-03-02T09:00:00Z'),
    },
    { requiredKeys: [] },
  );
  let told = 0;
  let used = 0;
  holds(
    damaged,
    (columns) => {
      const before = told;
      const link = judged(() => linkFromRow({ ...row, ...columns }, () => void (told += 1)));
      expect(link).toBeDefined();
      if (told === before) used += 1;
      use(link as Link);
    },
    4,
  );
  expect(told).toBeGreaterThan(5);
  expect(used).toBeGreaterThan(5);
});

test('a link row of any columns is a link with a known state and instants that can be compared', () => {
  holds(spoilt(row), (value) => {
    const link = judged(() => linkFromRow(value as Record<string, unknown>));
    expect(link).toBeDefined();
    for (const at of [link?.due, link?.claimedOn])
      expect(at ?? '2026-01-01T00:00:00Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(judged(() => headFromRow(value as Record<string, unknown>))).toBeDefined();
    use(link as Link);
  });
});

test('a record of any columns is a deal whose values have their types', () => {
  holds(
    fc.tuple(spoilt(opportunity), spoilt(children)),
    ([record, below]) => {
      const feed = judged(() => dealFromFeedRow('opportunity', record as never, context));
      expect(feed?.complete).toBe(false);
      const lists = below as { solutions?: unknown; connections?: unknown };
      const rows = (list: unknown): never[] =>
        (Array.isArray(list)
          ? list.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
          : []) as never[];
      const deal = judged(() =>
        dealFromRows(
          'opportunity',
          record as never,
          { solutions: rows(lists.solutions), connections: rows(lists.connections) },
          context,
        ),
      );
      expect(deal?.complete).toBe(true);
      for (const one of deal?.values.team ?? [])
        expect(Object.values(one).every((text) => typeof text === 'string')).toBe(true);
      expect(judged(() => dealFromFeedRow('lead', record as never, context))).toBeDefined();
    },
    2,
  );
});

describe('what an admin sets in the CRM', () => {
  const mapping = {
    fields: { dealNotes: { opportunity: 'description', direction: 'both', wins: 'crm' }, closeDate: { lead: null } },
    salesStages: { '0': '20' },
    account: { duns: 'new_duns', country: 'address1_country' },
    defaults: { opportunity: { new_channel: 'Partner' }, account: {}, contact: { new_n: 1, new_b: true } },
    owners: [{ countries: ['DE'], solutions: ['SOL-1'], owner: 'partner-desk@contoso.example' }],
  };
  const environment = environmentOf({
    opportunity: [column('description', 'Memo', { maxLength: 2000 }), column('new_channel', 'String')],
    account: [column('new_duns', 'String')],
  });

  test('a mapping of any text works or is refused naming each member', () => {
    holds(
      fc.oneof(spoiltJson(mapping), spoilt(mapping), oddValue),
      (source) => {
        const read = judged(() => readMapping(source));
        if (read === undefined) return;
        judged(() => checkMapping(read, environment));
        expect(Object.values(read.columns.opportunity).every((name) => /^[a-z][a-z0-9_]*$/.test(name))).toBe(true);
        expect(
          read.rules.every(({ direction }) => ['both', 'toPartnerCenter', 'toCrm', 'createOnly'].includes(direction)),
        ).toBe(true);
      },
      3,
    );
  });

  test('environment variables of any text leave settings that work, and findings that name the variable', () => {
    const names = Object.keys(environmentVariables) as (keyof Variables)[];
    const last = readSettings({}, environment, null);
    holds(fc.dictionary(fc.constantFrom(...names), oddText, { maxKeys: 6 }) as fc.Arbitrary<Variables>, (variables) => {
      const settings = judged(() => readSettings(variables, environment, last));
      expect(settings).toBeDefined();
      expect(settings?.logRetentionDays).toBeGreaterThan(0);
      expect(settings?.inboundScope).toMatch(/^(?:linked|all|(?:location|campaign):.+)$/i);
      for (const { params } of settings?.findings ?? []) expect(params?.['variable']).toMatch(/^cosell_/);
    });
  });
});
