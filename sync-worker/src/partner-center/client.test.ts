import { SyncError } from '../errors';
import type { ReferralChanges } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { createPartnerCenter } from './client';
import { coSellValues, etag, ids, json, scriptedSend, wireReferral, type Scripted } from './test-deals';

const baseUrl = 'https://pc.example/v1.0/engagements';
const newEtag = '"5b00f1a2-0000-0800-0000-69b0c3aa0000"';

function client(...answers: readonly Scripted[]) {
  return clientOf({}, ...answers);
}

function clientOf(options: { baseUrl?: string; ownOrganizationId?: string }, ...answers: readonly Scripted[]) {
  const { send, asked } = scriptedSend(...answers);
  const log = logLines();
  return { asked, log, partnerCenter: createPartnerCenter({ send, baseUrl, clock: new FakeClock(), log, ...options }) };
}

const refusal = (status: number, code: string, more: object = {}) =>
  json({ error: { code, message: 'no', ...more } }, status);
const patched = json(wireReferral({ eTag: newEtag }));
const rename: ReferralChanges = { values: { name: 'New name' } };
const reprice: ReferralChanges = { values: { dealValue: { amount: '48000', currency: 'EUR' } } };
const draft = { type: 'Shared', recipient: 'own', values: coSellValues() } as const;

describe('reading one referral', () => {
  it('asks for it by its id', async () => {
    const { partnerCenter, asked } = client(json(wireReferral()));
    expect((await partnerCenter.get(ids.referral.toUpperCase())).etag).toBe(etag);
    expect(asked[0]).toMatchObject({ method: 'GET', url: `${baseUrl}/referrals/${ids.referral}`, safe: 'read' });
  });

  it.each([['../webhooks'], ['1'], [''], [`${ids.referral}?x=1`]])(
    'does not ask for %p, which is no id',
    async (id) => {
      const { partnerCenter, asked } = client();
      await expect(partnerCenter.get(id)).rejects.toMatchObject({ code: 'REFERRAL_NOT_FOUND' });
      expect(asked).toEqual([]);
    },
  );

  it('does not take another referral, half an answer or an empty one for it', async () => {
    const other = json(wireReferral({ id: ids.engagement }));
    const { partnerCenter } = client(other, { body: '{"id":' }, { body: '' });
    for (let n = 0; n < 3; n++)
      await expect(partnerCenter.get(ids.referral)).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it('says that it is hidden or gone', async () => {
    const { partnerCenter } = client(refusal(404, 'itemNotFound'), refusal(403, 'accessDenied'));
    await expect(partnerCenter.get(ids.referral)).rejects.toMatchObject({ code: 'REFERRAL_NOT_FOUND' });
    await expect(partnerCenter.get(ids.referral)).rejects.toMatchObject({ code: 'REFERRAL_NOT_FOUND', status: 403 });
  });

  it('turns a failed connection into one of our errors, and lets a shutdown through', async () => {
    const abort = new Error('stopped');
    abort.name = 'AbortError';
    const { partnerCenter } = client(new Error('ECONNRESET'), new SyncError('THROTTLED'), abort);
    await expect(partnerCenter.get(ids.referral)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    await expect(partnerCenter.get(ids.referral)).rejects.toMatchObject({ code: 'THROTTLED' });
    await expect(partnerCenter.get(ids.referral)).rejects.toBe(abort);
  });
});

describe('the address of the service', () => {
  it.each([
    ['https://pc.example'],
    ['https://pc.example/'],
    ['https://pc.example/v1.0/engagements'],
    ['https://pc.example/v1.0/engagements/'],
    ['https://pc.example/v1.0/engagements/referrals'],
    ['https://pc.example/v1.0/engagements/referrals/?x=1'],
  ])('may be configured as %s', async (configured) => {
    const { partnerCenter, asked } = clientOf({ baseUrl: configured }, json(wireReferral()));
    await partnerCenter.get(ids.referral);
    expect(asked[0]?.url).toBe(`https://pc.example/v1.0/engagements/referrals/${ids.referral}`);
  });

  it.each([['pc.example'], ['ftp://pc.example'], ['']])('cannot be %p', (configured) => {
    expect(() => clientOf({ baseUrl: configured })).toThrow(expect.objectContaining({ code: 'SETTING_INVALID' }));
  });
});

describe('creating a referral', () => {
  it.each([[200], [201], [202]])('believes an answer %i that carries it', async (status) => {
    const { partnerCenter, asked } = client({ status, body: JSON.stringify(wireReferral()) });
    expect((await partnerCenter.create(draft)).id).toBe(ids.referral);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', safe: 'once', headers: { 'Content-Type': 'application/json' } });
  });

  it.each([
    ['no body', { status: 201, body: '' }],
    ['no content', { status: 204, body: '' }],
    ['half a body', { status: 200, body: JSON.stringify(wireReferral()).slice(0, 200) }],
    ['something else', { status: 200, body: '{"ok":true}' }],
    ['a failure of the service', { status: 500, body: '' }],
    ['a gateway that gave up', { status: 504, body: '<html></html>' }],
    ['a lost connection', new Error('socket hang up')],
  ])('does not know the outcome after %s, and never asks twice', async (_, answer) => {
    const { partnerCenter, asked } = client(answer);
    await expect(partnerCenter.create(draft)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(asked).toHaveLength(1);
  });

  it('says which field is not accepted', async () => {
    const { partnerCenter } = client(refusal(400, 'invalidRequest', { target: 'details.closingDateTime' }));
    await expect(partnerCenter.create(draft)).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
      field: 'closeDate',
      action: 'park',
    });
  });

  it('sends nothing when a needed value is missing', async () => {
    const { partnerCenter, asked } = client();
    const values = coSellValues({ customer: null });
    await expect(partnerCenter.create({ ...draft, values })).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
      field: 'customer',
    });
    expect(asked).toEqual([]);
  });
});

describe('updating a referral', () => {
  it('is conditional on the version as it is, and answers with the new one', async () => {
    const { partnerCenter, asked } = client(patched);
    expect((await partnerCenter.update(ids.referral, etag, reprice)).etag).toBe(newEtag);
    expect(asked[0]).toMatchObject({
      method: 'PATCH',
      url: `${baseUrl}/referrals/${ids.referral}`,
      safe: 'conditional',
      headers: { 'If-Match': etag, Prefer: 'return=representation' },
    });
  });

  it.each([
    ['nothing', { status: 204, body: '' }],
    ['half a body', { status: 200, body: '{"id":' }],
    ['another referral', json(wireReferral({ id: ids.engagement }))],
  ])('reads the referral when the answer is %s', async (_, answer) => {
    const { partnerCenter, asked } = client(answer, patched);
    expect((await partnerCenter.update(ids.referral, etag, reprice)).etag).toBe(newEtag);
    expect(asked.map((request) => request.method)).toEqual(['PATCH', 'GET']);
  });

  it('with nothing to change only reads', async () => {
    const { partnerCenter, asked } = client(json(wireReferral()));
    await partnerCenter.update(ids.referral, etag, {});
    expect(asked.map((request) => request.method)).toEqual(['GET']);
  });

  it('of a list starts from what the service holds, and stops when that moved', async () => {
    const changes: ReferralChanges = { values: { team: coSellValues().team ?? [] } };
    const { partnerCenter, asked } = client(json(wireReferral()), patched, json(wireReferral({ eTag: newEtag })));
    await partnerCenter.update(ids.referral, etag, changes);
    await expect(partnerCenter.update(ids.referral, etag, changes)).rejects.toMatchObject({ code: 'REFERRAL_CHANGED' });
    expect(asked.map((request) => request.method)).toEqual(['GET', 'PATCH', 'GET']);
  });

  it.each([
    [412, 'preconditionFailed'],
    [412, 'resourceModified'],
    [409, 'resourceModified'],
  ])('says that somebody was faster after %i %s, without another look', async (status, code) => {
    const { partnerCenter, asked } = client(refusal(status, code));
    await expect(partnerCenter.update(ids.referral, etag, reprice)).rejects.toMatchObject({ code: 'REFERRAL_CHANGED' });
    expect(asked).toHaveLength(1);
  });

  it.each([[400], [409], [422]])('says that the referral is closed when %i means that', async (status) => {
    const closed = json(wireReferral({ status: 'Closed', substatus: 'Won' }));
    for (const refused of [
      refusal(status, 'invalidRequest'),
      { status, body: '' },
      { status, body: '<html></html>' },
    ]) {
      const { partnerCenter } = client(refused, closed);
      await expect(partnerCenter.update(ids.referral, etag, rename)).rejects.toMatchObject({
        code: 'REFERRAL_CLOSED',
        status,
      });
    }
  });

  it('says that it moved when it was closed by somebody else meanwhile', async () => {
    const closed = json(wireReferral({ status: 'Closed', eTag: newEtag }));
    const { partnerCenter } = client(refusal(400, 'invalidRequest'), closed);
    await expect(partnerCenter.update(ids.referral, etag, reprice)).rejects.toMatchObject({ code: 'REFERRAL_CHANGED' });
  });

  it('believes the answer when the second look fails', async () => {
    const unavailable = { status: 503, body: '' };
    const { partnerCenter } = client(
      refusal(400, 'referralClosed'),
      unavailable,
      refusal(400, 'invalidRequest'),
      unavailable,
    );
    await expect(partnerCenter.update(ids.referral, etag, reprice)).rejects.toMatchObject({ code: 'REFERRAL_CLOSED' });
    await expect(partnerCenter.update(ids.referral, etag, reprice)).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
    });
  });

  it.each([[400], [409], [422]])('says which value is not accepted after %i', async (status) => {
    const refused = refusal(status, 'invalidRequest', {
      target: '/details/dealValue',
      innerError: { code: 'invalidDealValue' },
    });
    const { partnerCenter } = client(refused, json(wireReferral()));
    await expect(partnerCenter.update(ids.referral, etag, reprice)).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
      field: 'dealValue',
    });
  });

  it('says that the name is not taken when the service names its path', async () => {
    const refused = refusal(400, 'invalidRequest', { target: '/name', innerError: { code: 'pathNotAllowed' } });
    const { partnerCenter } = client(refused, json(wireReferral()));
    await expect(partnerCenter.update(ids.referral, etag, rename)).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'name',
    });
  });

  it('says that a name is wrong when the service refuses its value', async () => {
    const refused = refusal(400, 'invalidRequest', { target: '/name', innerError: { code: 'tooLong' } });
    const { partnerCenter } = client(refused, json(wireReferral()));
    await expect(partnerCenter.update(ids.referral, etag, rename)).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
      field: 'name',
    });
  });

  it('blames the name when nothing else was sent and the service names nothing', async () => {
    const { partnerCenter, asked } = client({ status: 400, body: '' }, json(wireReferral()));
    await expect(partnerCenter.update(ids.referral, etag, rename)).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'name',
    });
    expect(asked).toHaveLength(2);
  });

  it('finds out by leaving the name away when more was sent and the service names nothing', async () => {
    const both: ReferralChanges = { values: { ...rename.values, ...reprice.values } };
    const taken = client({ status: 400, body: '' }, json(wireReferral()), patched);
    await expect(taken.partnerCenter.update(ids.referral, etag, both)).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'name',
    });
    expect(JSON.parse(taken.asked[2]?.body ?? '')).toEqual([
      { op: 'replace', path: '/details/dealValue', value: 48000 },
      { op: 'replace', path: '/details/currency', value: 'EUR' },
    ]);
    expect(taken.asked[2]?.headers).toMatchObject({ 'If-Match': etag });
    const refused = client({ status: 400, body: '' }, json(wireReferral()), { status: 400, body: '' });
    await expect(refused.partnerCenter.update(ids.referral, etag, both)).rejects.toMatchObject({
      code: 'REFERRAL_REJECTED',
      field: undefined,
    });
  });

  it('blames the attribute that was changed, by its field', async () => {
    const { partnerCenter } = client(json(wireReferral()), { status: 400, body: '' }, json(wireReferral()));
    const changes: ReferralChanges = { values: { solutionArea: 'Infrastructure' } };
    await expect(partnerCenter.update(ids.referral, etag, changes)).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'solutionArea',
    });
  });

  it('sends nothing for a value that no path changes', async () => {
    const { partnerCenter, asked } = client();
    await expect(
      partnerCenter.update(ids.referral, etag, { values: { helpRequired: 'GeneralOrOther' } }),
    ).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'helpRequired',
    });
    expect(asked).toEqual([]);
  });
});

describe('the own organization', () => {
  const msft = { organizationId: 'msft' };
  const invitedBy = (organizationId: string | null) => ({ inviteContext: { invitedBy: { organizationId } } });
  const list = (...rows: Record<string, unknown>[]) => json({ value: rows.map((row) => wireReferral(row)) });

  it('is the configured one, and one row is enough for the check', async () => {
    const { partnerCenter, asked } = clientOf({ ownOrganizationId: ids.own }, list({}));
    await partnerCenter.check();
    expect(partnerCenter.organizationId).toBe(ids.own);
    expect(asked[0]?.url).toMatch(/\$top=1$/);
  });

  it.each([
    ['a deal of our own', [{}]],
    ["Microsoft's invitation to us", [msft, invitedBy('msft')]],
    ['a lead', [msft, { ...invitedBy(null), type: 'Independent' }]],
    ['most of what we see', [{ organizationId: ids.partner, ...invitedBy(ids.partner) }, {}, invitedBy('msft')]],
  ])('is learnt from %s', async (_, rows) => {
    const { partnerCenter } = client(list(...rows));
    expect(partnerCenter.organizationId).toBe('');
    await partnerCenter.check();
    expect(partnerCenter.organizationId).toBe(ids.own);
  });

  it('is not learnt from records that may be of others, but from the answer to our own POST', async () => {
    const { partnerCenter } = client(
      list(msft, { organizationId: ids.partner, ...invitedBy(ids.own) }),
      json(wireReferral()),
    );
    await partnerCenter.check();
    expect(partnerCenter.organizationId).toBe('');
    await partnerCenter.create(draft);
    expect(partnerCenter.organizationId).toBe(ids.own);
  });

  it('is corrected, loudly, by the answer to our own POST, and not by an invitation', async () => {
    const { partnerCenter, log } = client(
      list({ organizationId: ids.partner, ...invitedBy('msft') }),
      json(wireReferral({ organizationId: ids.engagement })),
      json(wireReferral()),
    );
    await partnerCenter.check();
    await partnerCenter.create({ ...draft, recipient: 'microsoft', engagementId: ids.engagement });
    expect(partnerCenter.organizationId).toBe(ids.partner);
    await partnerCenter.create(draft);
    expect(partnerCenter.organizationId).toBe(ids.own);
    expect(log.lines.some((line) => line.level === 'warn')).toBe(true);
  });

  it.each([
    [401, 'unauthenticated', 'PARTNER_CENTER_SIGN_IN'],
    [403, 'accessDenied', 'PARTNER_CENTER_DENIED'],
    [404, 'itemNotFound', 'UNEXPECTED_ANSWER'],
  ])('check says what is wrong after %i', async (status, code, expected) => {
    const { partnerCenter } = client(refusal(status, code));
    await expect(partnerCenter.check()).rejects.toMatchObject({ code: expected });
  });
});
