import fc from 'fast-check';
import type { Link } from '../ports';
import type { Environment } from './environment';
import { tables } from './generated/schema';
import { headFromRow, linkAfter, linkColumns, linkFromRow, rowFromLink } from './link-row';

const environment = {
  set: (table: string) => `${table}s`,
  nav: (_table: string, column: string) => column,
} as unknown as Environment;
const key = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const recordId = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';

const state = fc.constantFrom(
  'notShared',
  'syncing',
  'synced',
  'onHold',
  'needsAttention',
  'paused',
  'closed',
  'crmRecordDeleted',
  'archived',
);
const instant = fc.option(
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, 19)}Z`),
);
const shortText = fc.string({ maxLength: 60 });
const links: fc.Arbitrary<Link> = fc.record({
  key: fc.constant(key),
  version: fc.constant('W/"1"'),
  record: fc.option(fc.record({ type: fc.constantFrom('opportunity', 'lead'), id: fc.constant(recordId) })),
  recordDeleted: fc.constant(false),
  name: shortText.map((text) => `n${text}`),
  referralId: fc.option(shortText.map((text) => `r${text}`)),
  engagementId: fc.option(shortText.map((text) => `e${text}`)),
  referralEtag: shortText,
  state,
  due: instant,
  attempts: fc.nat(),
  errorCode: shortText,
  error: shortText,
  parkedHash: shortText,
  claim: shortText,
  claimedOn: instant,
  rawStatus: shortText,
  shadow: fc.record({ fields: fc.constant({ name: { crm: 'a', pc: 'b' } }), children: fc.array(fc.uuid()) }),
  pending: fc.constantFrom({}, { crm: { fields: { name: ['x'] } } }),
}) as fc.Arbitrary<Link>;

/** What Dataverse shows of a row that was written: lookups under their value names, the primary id beside it. */
function stored(columns: Record<string, unknown>): Record<string, unknown> {
  const row: Record<string, unknown> = { '@odata.etag': 'W/"1"', cosell_referralid: key };
  for (const [column, value] of Object.entries(columns)) {
    const bind = /^(.*)@odata\.bind$/.exec(column)?.[1];
    if (bind) row[`_${bind}_value`] = /\(([^)]*)\)/.exec(String(value))?.[1];
    else row[column] = value;
  }
  return row;
}

describe('link rows', () => {
  it('read back as the link that was written', () => {
    fc.assert(
      fc.property(links, (link) => {
        const columns = rowFromLink({ key, set: link, claim: '', token: 'tok', create: true }, environment);
        expect(linkFromRow(stored(columns))).toEqual(link);
      }),
    );
  });

  it('write only the members that are given, and the token always', () => {
    expect(rowFromLink({ key, set: { attempts: 3 }, claim: 'w:1', token: 'tok', create: false }, environment)).toEqual({
      cosell_attempts: 3,
      cosell_claim: 'w:1#tok',
    });
    expect(rowFromLink({ key, set: { claim: '' }, claim: 'w:1', token: 'tok', create: false }, environment)).toEqual({
      cosell_claim: '#tok',
    });
  });

  it('never leave a unique key empty', () => {
    expect(rowFromLink({ key, set: {}, claim: '', token: 't', create: true }, environment)).toMatchObject({
      cosell_referralidentifier: `none-${key}`,
      cosell_recordid: `none-${key}`,
    });
    expect(
      rowFromLink({ key, set: { referralId: null, record: null }, claim: '', token: 't', create: false }, environment),
    ).toMatchObject({ cosell_referralidentifier: `none-${key}`, cosell_recordid: `none-${key}` });
    expect(
      linkFromRow({ cosell_referralid: key, cosell_referralidentifier: `none-${key}`, cosell_recordid: `none-${key}` }),
    ).toMatchObject({ referralId: null, record: null });
  });

  it('know a record that was deleted: its id is left, its lookup is not', () => {
    const columns = stored(
      rowFromLink(
        { key, set: { record: { type: 'opportunity', id: recordId } }, claim: '', token: 't', create: false },
        environment,
      ),
    );
    expect(linkFromRow(columns).recordDeleted).toBe(false);
    expect(linkFromRow({ ...columns, _cosell_opportunityid_value: null })).toMatchObject({
      record: { type: 'opportunity', id: recordId },
      recordDeleted: true,
    });
  });

  it('follow a lead that became an opportunity', () => {
    const columns = rowFromLink(
      { key, set: { record: { type: 'opportunity', id: recordId } }, claim: '', token: 't', create: false },
      environment,
    );
    expect(columns).toMatchObject({
      cosell_leadid: null,
      'cosell_opportunityid@odata.bind': `opportunitys(${recordId})`,
    });
  });

  it('that somebody damaged are read without the damaged part, and it is told', () => {
    const told: string[] = [];
    const link = linkFromRow(
      { cosell_referralid: key, cosell_shadow: '{"fields":', cosell_pending: '[1' },
      (...what) => void told.push(what.join()),
    );
    expect(link).toMatchObject({ shadow: { fields: {} }, pending: {} });
    expect(told).toEqual([`${key},cosell_shadow`, `${key},cosell_pending`]);
  });

  it.each([
    ['pending writes without their values', { cosell_pending: '{"pc":{}}' }, 'cosell_pending'],
    [
      'pending values that are no list',
      { cosell_pending: '{"pc":{"etag":"1","since":"","fields":{"name":"x"}}}' },
      'cosell_pending',
    ],
    ['a field that is null', { cosell_shadow: '{"fields":{"name":null}}' }, 'cosell_shadow'],
    ['fields that are a text', { cosell_shadow: '{"fields":"name"}' }, 'cosell_shadow'],
    ['an amount that is a number', { cosell_shadow: '{"fields":{"dealValue":{"crm":5,"pc":null}}}' }, 'cosell_shadow'],
    ['a team of nobodies', { cosell_shadow: '{"fields":{"team":{"crm":[null],"pc":[]}}}' }, 'cosell_shadow'],
    ['children that are no list', { cosell_shadow: '{"fields":{},"children":{}}' }, 'cosell_shadow'],
    ['a tower', { cosell_shadow: `{"fields":{},"x":${'['.repeat(9_000)}${']'.repeat(9_000)}}` }, 'cosell_shadow'],
  ])('of another shape are read as damaged: %s', (_what, columns, column) => {
    const told: string[] = [];
    const link = linkFromRow({ cosell_referralid: key, ...columns }, (_key, which) => void told.push(which));
    expect(link).toMatchObject({ shadow: { fields: {} }, pending: {} });
    expect(told).toEqual([column]);
  });

  it('keep what another version added', () => {
    const shadow = { fields: { name: { crm: 'a', pc: 'b', since: 4 }, later: { crm: 'x' } }, later: [1] };
    expect(linkFromRow({ cosell_referralid: key, cosell_shadow: JSON.stringify(shadow) }).shadow).toEqual(shadow);
  });

  it('with a claim and unreadable pending writes stand for a POST that may have happened', () => {
    const row = { cosell_referralid: key, cosell_pending: '{"create":', cosell_claimedon: '2026-03-02T09:00:00Z' };
    expect(linkFromRow(row).pending.create).toMatchObject({ step: 'own', at: '2026-03-02T09:00:00Z', sent: true });
  });

  it('fit their columns', () => {
    const columns = rowFromLink(
      {
        key,
        set: { error: 'x'.repeat(9000), name: 'n'.repeat(900), claim: 'c'.repeat(300) },
        claim: '',
        token: 'tok',
        create: false,
      },
      environment,
    );
    expect(String(columns['cosell_error']).length).toBeLessThanOrEqual(4000);
    expect(String(columns['cosell_name']).length).toBeLessThanOrEqual(300);
    expect(String(columns['cosell_claim'])).toMatch(/#tok$/);
    expect(String(columns['cosell_claim']).length).toBeLessThanOrEqual(100);
  });

  it('name columns that the solution installs', () => {
    for (const column of linkColumns)
      expect(Object.keys(tables.referral.columns)).toContain(column.replace(/^_(.*)_value$/, '$1'));
  });

  it('have heads with what the index needs', () => {
    const row = stored(
      rowFromLink(
        {
          key,
          set: {
            record: { type: 'lead', id: recordId },
            referralId: 'r',
            engagementId: 'e',
            state: 'paused',
            due: '2026-01-01T00:00:00Z',
            errorCode: 'addressMissing',
          },
          claim: '',
          token: '',
          create: true,
        },
        environment,
      ),
    );
    expect(headFromRow({ ...row, '@odata.etag': 'W/"7"' })).toEqual({
      key,
      version: 'W/"7"',
      recordId,
      recordType: 'lead',
      referralId: 'r',
      engagementId: 'e',
      state: 'paused',
      due: '2026-01-01T00:00:00Z',
      errorCode: 'addressMissing',
    });
  });

  it('after a write have the new version and the new members', () => {
    const link = linkFromRow({ cosell_referralid: key });
    expect(linkAfter(link, { attempts: 2 }, 'W/"2"')).toEqual({ ...link, attempts: 2, version: 'W/"2"' });
  });
});
