import type { Row } from '../../emulators/dataverse';
import type { Column } from '../../emulators/dataverse/types';
import { EmulatorClock, startEmulators } from '../../emulators';
import { compose, type Composed } from '../../sync-worker/src/compose';
import { loadConfig } from '../../sync-worker/src/config';
import { configure } from '../outgoing';
import { deal } from '../incoming';
import { World } from '../world';

const seller = 'mareike.osterkamp@contoso.example';
const synced = 489100002;
const needsAttention = 489100004;
const page = '<!DOCTYPE html><html><head><title>Sign in to the proxy</title></head><body>Hello</body></html>';
const html = { status: 200, headers: { 'content-type': 'text/html' }, answer: page } as const;

let world: World;
let seed = 20_261_123;
afterEach(() => world.stop());

const start = async (settings: Record<string, string> = {}): Promise<void> => {
  world = await World.start({ settings: { cosell_defaultowner: seller, ...settings } });
};

const shared = async (changes: Row = {}): Promise<string> => {
  const id = world.opportunity(changes);
  world.share(id);
  await world.sync();
  return id;
};
const opportunityOf = (referralId: string): Row | undefined =>
  world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId);
const linkOf = (referralId: string): Row | undefined =>
  world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referralId)[0];
const messageOf = (id: string): string => String(world.get(id)['cosell_syncmessage'] ?? '');

/** A worker that starts with other settings of its own, as an admin would give them. */
function worker(env: Record<string, string>, files: Record<string, string> = {}, logs: string[] = []): Composed {
  const write = (message: string, fields?: Record<string, unknown>): void =>
    void logs.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const read = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw new Error(`no file ${path}`);
    return content;
  };
  return compose(loadConfig({ ...world.env, ...env }, read), {
    log: { debug: write, info: write, warn: write, error: write },
    clock: {
      now: () => world.clock.now(),
      monotonic: () => world.clock.now(),
      sleep: async (milliseconds) => {
        world.clock.advance(milliseconds);
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    // Tokens are made of it, so it must not repeat.
    random: () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647,
    owner: 'test',
  });
}

function addColumn(table: string, column: Partial<Column> & Pick<Column, 'name' | 'type'>): void {
  const whole = {
    schemaName: column.name,
    label: column.name,
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    custom: true,
    ...column,
  };
  world.dataverse.metadata.mustHave(table).columns.set(column.name, whole as Column);
}

const untouched = (mark: number): void => {
  expect(world.writes(mark).filter((write) => write.startsWith('partnerCenter'))).toEqual([]);
};

describe('an environment that is not ready', () => {
  test('without our solution the worker does not start and says what to import', async () => {
    await start();
    const bare = await startEmulators({ clock: new EmulatorClock('2026-11-23T08:00:00Z') });
    try {
      const { urls, credentials } = bare;
      configure(Object.values(urls));
      const { worker: blind } = worker({
        DATAVERSE_URL: urls.dataverse,
        COSELL_AUTHORITY_URL: urls.entra,
        PARTNER_CENTER_URL: urls.partnerCenter,
        PARTNER_CENTER_REFRESH_TOKEN: credentials.partnerCenterRefreshToken,
      });
      await expect(blind.open()).rejects.toMatchObject({
        code: 'SOLUTION_MISSING',
        action: 'stop',
        detail: expect.stringContaining('cosell_referral') as string,
      });
    } finally {
      await bare.stop();
    }
  });

  test('without change tracking on opportunity the worker does not start and names the table', async () => {
    await start();
    world.dataverse.switches.opportunityChangeTracking = 'off';
    await expect(world.restartWorker()).rejects.toMatchObject({
      code: 'CHANGE_TRACKING_OFF',
      detail: 'table opportunity',
    });
    world.dataverse.switches.opportunityChangeTracking = 'on';
    await world.restartWorker();
    const id = await shared();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  });

  test('without change tracking on one of our own tables the worker stops and names it', async () => {
    await start();
    Object.assign(world.dataverse.metadata.mustHave('cosell_opportunitysolution'), { changeTracking: false });
    const id = world.opportunity();
    world.share(id);
    await expect(
      (async () => {
        await world.restartWorker();
        await world.sync();
      })(),
    ).rejects.toMatchObject({ code: 'CHANGE_TRACKING_OFF', detail: 'table cosell_opportunitysolution' });
    Object.assign(world.dataverse.metadata.mustHave('cosell_opportunitysolution'), { changeTracking: true });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
  });

  test('without change tracking on lead and connection it works, and says what it misses', async () => {
    await start();
    for (const table of ['lead', 'connection'])
      Object.assign(world.dataverse.metadata.mustHave(table), { changeTracking: false });
    await world.restartWorker();
    for (const table of ['lead', 'connection'])
      expect(world.logs.some((line) => line.includes('changeTrackingOff') && line.includes(table))).toBe(true);
    const id = await shared();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('a copy of the environment does not talk to Partner Center until it is told to', async () => {
    await start();
    const id = await shared();
    const state = world.seller.list('cosell_syncstate')[0];
    world.seller.update('cosell_syncstate', String(state?.['cosell_syncstateid']), {
      cosell_organizationid: '11111111-2222-4333-8444-555555555555',
    });
    world.seller.update('opportunity', id, { estimatedvalue: 5_000 });
    const mark = world.journal.mark();
    await expect(worker({}).worker.open()).rejects.toMatchObject({
      code: 'WRONG_ORGANIZATION',
      action: 'stop',
      message: expect.stringContaining('COSELL_ADOPT_ENVIRONMENT=yes') as string,
    });
    untouched(mark);
    const told = worker({ COSELL_ADOPT_ENVIRONMENT: 'yes' });
    expect(await told.worker.open()).toBe(true);
    world.clock.advance(15_000);
    await told.worker.pass();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 5_000 } });
    expect(world.seller.list('cosell_syncstate')[0]).toMatchObject({
      cosell_organizationid: world.dataverse.organizationId,
    });
  });
});

describe('sign-in', () => {
  beforeEach(() => start());

  test('a wrong client secret stops the worker with CRM_SIGN_IN, and the secret is in no log', async () => {
    const logs: string[] = [];
    const secret = 'not-the-secret-K7q8Q~zzzz11112222';
    await expect(worker({ COSELL_CLIENT_SECRET: secret }, {}, logs).worker.open()).rejects.toMatchObject({
      code: 'CRM_SIGN_IN',
      action: 'stop',
    });
    expect(logs.join('\n')).not.toContain(secret);
  });

  const newFile = { PARTNER_CENTER_TOKEN_FILE: '' };
  beforeEach(() => {
    newFile.PARTNER_CENTER_TOKEN_FILE = `${String(world.env['PARTNER_CENTER_TOKEN_FILE'])}.other`;
  });

  test('a Partner Center sign-in without second factor is refused', async () => {
    world.partnerCenter.switches.mfa = 'on';
    const token = world.entra.issueRefreshToken({
      clientId: String(world.env['COSELL_CLIENT_ID']),
      upn: 'cosell.service@larkspur.example',
      mfa: false,
    });
    await expect(worker({ ...newFile, PARTNER_CENTER_REFRESH_TOKEN: token }).worker.open()).rejects.toMatchObject({
      code: 'PARTNER_CENTER_SIGN_IN',
      action: 'stop',
      actor: 'admin',
    });
  });

  test('a token for another audience is refused', async () => {
    await expect(
      worker({ ...newFile, PARTNER_CENTER_RESOURCE: 'https://graph.microsoft.example' }).worker.open(),
    ).rejects.toMatchObject({ code: 'PARTNER_CENTER_SIGN_IN' });
  });

  test('a made-up refresh token is refused', async () => {
    await expect(
      worker({ ...newFile, PARTNER_CENTER_REFRESH_TOKEN: '0.AX-made-up' }).worker.open(),
    ).rejects.toMatchObject({ code: 'PARTNER_CENTER_SIGN_IN' });
  });

  test('a sign-in that is revoked while the worker runs stops it; after a new one nothing is lost', async () => {
    const id = await shared();
    world.entra.revokeRefreshTokens();
    world.clock.advance(2 * 3_600_000);
    world.seller.update('opportunity', id, { estimatedvalue: 31_000 });
    await expect(world.worker.pass()).rejects.toMatchObject({ code: 'PARTNER_CENTER_SIGN_IN' });
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
    const token = world.entra.issueRefreshToken({
      clientId: String(world.env['COSELL_CLIENT_ID']),
      upn: 'cosell.service@larkspur.example',
    });
    const again = worker({ ...newFile, PARTNER_CENTER_REFRESH_TOKEN: token });
    expect(await again.worker.open()).toBe(true);
    world.clock.advance(15_000);
    await again.worker.pass();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 31_000 } });
  });
});

describe('answers that are not the interface', () => {
  beforeEach(() => start());

  /** Passes until nothing is left, over polls that fail; the run loop does the same. */
  const passes = async (count: number): Promise<string[]> => {
    const codes: string[] = [];
    for (let n = 0; n < count; n++) {
      world.clock.advance(61_000);
      await world.worker.pass().catch((error: unknown) => codes.push((error as { code: string }).code));
    }
    return codes;
  };

  for (const service of ['dataverse', 'partnerCenter'] as const) {
    for (const [how, fault] of [
      ['a proxy’s page instead of JSON', { kind: 'answer', ...html }],
      ['a gateway’s page that refuses', { kind: 'answer', ...html, status: 403 }],
      ['JSON that is cut off', { kind: 'truncate' }],
      ['an empty answer', { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, answer: '' }],
      ['another JSON', { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, answer: '[]' }],
    ] as const) {
      test(`${service} polls answered with ${how}: the poll fails by name, and the next one misses nothing`, async () => {
        const id = await shared();
        world.seller.update('opportunity', id, { estimatedvalue: 41_000 });
        world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-12-31' });
        world.faults.next({
          service,
          ...(service === 'partnerCenter' ? { method: 'GET' } : { url: '$batch' }),
          ...fault,
          times: 1,
        });
        const codes = await passes(4);
        expect(world.faults.pending()).toBe(0);
        for (const code of codes) expect(code).toBe('UNEXPECTED_ANSWER');
        expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 41_000 } });
        expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-12-31', cosell_syncstatus: synced });
        await world.expectSilence();
      });
    }
  }

  for (const [how, fault] of [
    ['is a proxy’s page, the work not done', { kind: 'answer', ...html }],
    ['is a gateway’s page that refuses, the work not done', { kind: 'answer', ...html, status: 403 }],
    ['is cut off, the work done', { kind: 'truncate' }],
  ] as const) {
    test(`the answer to a share ${how}: one referral in the end`, async () => {
      const id = world.opportunity();
      world.faults.next({ service: 'partnerCenter', method: 'POST', ...fault });
      world.share(id);
      await passes(15);
      expect(world.partnerCenter.referrals()).toHaveLength(1);
      expect(world.get(id)).toMatchObject({
        cosell_syncstatus: synced,
        cosell_referralidentifier: world.partnerCenter.referrals()[0]?.id,
      });
      await world.expectSilence();
    });

    test(`the answer to an edit ${how}: the value is there once, and no edit is lost`, async () => {
      const id = await shared();
      world.seller.update('opportunity', id, { estimatedvalue: 42_000 });
      world.faults.next({ service: 'partnerCenter', method: 'PATCH', ...fault });
      await passes(8);
      expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 42_000 } });
      expect(world.get(id)).toMatchObject({ estimatedvalue: 42_000, cosell_syncstatus: synced });
      await world.expectSilence();
    });

    test(`the answer to a write into the CRM ${how}: it is written once`, async () => {
      const id = await shared();
      world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 43_000 });
      world.faults.next({ service: 'dataverse', method: 'POST', url: '$batch', body: /cosell_syncevents/, ...fault });
      await passes(8);
      expect(world.faults.pending()).toBe(0);
      expect(world.get(id)).toMatchObject({ estimatedvalue: 43_000 });
      expect(world.events(id).filter((event) => event['cosell_field'] === 'dealValue')).toHaveLength(1);
      await world.expectSilence();
    });
  }

  for (const [how, fault] of [
    ['is a proxy’s page, the work not done', { kind: 'answer', ...html }],
    ['is a gateway’s page that refuses, the work not done', { kind: 'answer', ...html, status: 403 }],
    ['is cut off, the work done', { kind: 'truncate' }],
    [
      'says that the service is down',
      { kind: 'answer', status: 503, headers: { 'content-type': 'text/html' }, answer: page },
    ],
  ] as const) {
    test(`the answer ${how} when an incoming deal is written: it is there once in the end`, async () => {
      const referral = world.partnerCenter.microsoft.createDeal(deal);
      world.faults.next({
        service: 'dataverse',
        method: 'POST',
        url: '$batch',
        body: /POST [^ ]*opportunities/,
        times: 2,
        ...fault,
      });
      await passes(8);
      expect(world.faults.pending()).toBeLessThan(2);
      expect(world.opportunities()).toHaveLength(1);
      expect(opportunityOf(referral.id)).toMatchObject({ estimatedvalue: 80_000, cosell_syncstatus: 489100003 });
      world.faults.clear();
      await world.expectSilence();
    });
  }

  test('a CRM that is down with a page for an hour, and then back', async () => {
    const id = await shared();
    world.dataverse.switches.htmlErrors = 'on';
    const codes = await passes(3);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(['SERVICE_UNAVAILABLE', 'THROTTLED']).toContain(code);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 44_000 });
    world.dataverse.switches.htmlErrors = 'off';
    await passes(4);
    expect(world.get(id)).toMatchObject({ estimatedvalue: 44_000, cosell_syncstatus: synced });
    await world.expectSilence();
  });
});

describe('values that nobody has heard of', () => {
  beforeEach(() => start());

  test('an unknown status of the own referral is shown as Other, its text kept on the row, and both sides stay as they are', async () => {
    const id = await shared();
    const referral = world.referralOf(id);
    Object.assign(referral, { status: 'Negotiating', substatus: 'WarmedUp', eTag: '"unheard-of"' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_referralstatus: 489100003, cosell_referralsubstatus: 489100008 });
    expect(linkOf(referral.id)).toMatchObject({ cosell_rawstatus: 'Negotiating/WarmedUp' });
    expect(world.events(id).filter((event) => event['cosell_code'] === 'STATUS_UNKNOWN')).toHaveLength(1);
    await world.expectSilence();
  });

  test('an unknown status of Microsoft’s side is shown as Other', async () => {
    const id = world.opportunity();
    world.share(id, { cosell_helprequired: 489100001 });
    await world.sync();
    const { engagementId } = world.referralOf(id);
    world.partnerCenter.microsoft.edit(engagementId, { status: 'Engaged', substatus: 'InTalks' });
    world.clock.advance(61_000);
    await world.worker.minute();
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_microsoftstatus: 489100008, cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('an unknown sales stage and an unreadable value leave the seller’s own alone', async () => {
    const id = await shared({ salesstage: 1 });
    const referral = world.referralOf(id);
    Object.assign(referral, {
      salesStage: 'Ninety',
      details: { ...referral.details, dealValue: 'lots' },
      eTag: '"unheard-of-2"',
    });
    await world.sync();
    expect(world.get(id)).toMatchObject({ salesstage: 1, estimatedvalue: 250_000, cosell_syncstatus: synced });
    await world.expectSilence();
  });
});

describe('texts, currencies and countries that do not fit', () => {
  beforeEach(() => start());

  test('a text from Partner Center that is too long for its column is not cut: a finding names the column', async () => {
    const id = await shared();
    const long = 'Ä'.repeat(301);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { name: long });
    await world.sync();
    expect(String(world.get(id)['name'])).toContain('Kühlkette');
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(messageOf(id)).toMatch(/Topic has 301 characters in Partner Center, the column here \(name\) holds 300/);
    await world.expectSilence();
    expect(world.referralOf(id).name).toBe(long);
    world.partnerCenter.portal.edit(world.referralOf(id).id, { name: 'Kürzer' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ name: 'Kürzer ✔', cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('a name that is too long holds back nothing else: what came with it is taken over, and it alone is reported', async () => {
    const id = await shared();
    const { id: referralId } = world.referralOf(id);
    world.partnerCenter.portal.edit(referralId, {
      name: 'Ä'.repeat(301),
      value: 77_000,
      closingDate: '2027-08-01',
    } as never);
    await world.sync();
    expect(world.get(id)).toMatchObject({
      estimatedvalue: 77_000,
      estimatedclosedate: '2027-08-01',
      cosell_syncstatus: needsAttention,
    });
    expect(String(world.get(id)['name'])).toContain('Kühlkette');
    expect(JSON.parse(String(world.get(id)['cosell_syncmessagecode']))).toEqual([
      { code: 'textTooLong', params: { column: 'name', limit: '300', length: '301', field: 'name' } },
    ]);
    expect(world.events(id).filter((event) => event['cosell_code'] === 'textTooLong')).toHaveLength(1);
    await world.expectSilence();
    world.seller.update('opportunity', id, { estimatedvalue: 78_000 });
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 78_000 }, name: 'Ä'.repeat(301) });
    expect(world.events(id).filter((event) => event['cosell_code'] === 'textTooLong')).toHaveLength(1);
    await world.expectSilence();
  });

  test('a deal that comes in with a name too long for its column comes in under another, which is never sent', async () => {
    const referral = world.partnerCenter.microsoft.createDeal({ ...deal, name: 'Ä'.repeat(301) });
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ cosell_syncstatus: 489100003 });
    expect(String(opportunityOf(referral.id)?.['name'])).toContain(referral.id.slice(0, 8));
    expect(String(opportunityOf(referral.id)?.['cosell_syncmessage'])).toMatch(/Topic has 301 characters/);
    await world.expectSilence();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({ name: 'Ä'.repeat(301) });
    world.partnerCenter.portal.edit(referral.id, { name: 'Passt' });
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ name: 'Passt', cosell_syncstatus: 489100003 });
    expect(String(opportunityOf(referral.id)?.['cosell_syncmessage'])).not.toMatch(/Topic/);
    await world.expectSilence();
  });

  test('what Partner Center refuses as too long is not cut: the seller is told, shortens it, and it goes out', async () => {
    const id = await shared();
    const answer = JSON.stringify({
      error: {
        code: 'badRequest',
        message: 'The value is too long.',
        details: [{ code: 'tooLong', target: '/details/notes', message: 'At most 4000 characters.' }],
      },
    });
    world.faults.next({
      service: 'partnerCenter',
      method: 'PATCH',
      kind: 'answer',
      status: 400,
      headers: { 'content-type': 'application/json' },
      answer,
    });
    const long = 'n'.repeat(9_000);
    world.seller.update('opportunity', id, { cosell_dealnotes: long });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention, cosell_dealnotes: long });
    expect(world.referralOf(id).details.notes).toBe('Temperaturdaten von 900 Anhängern');
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_dealnotes: 'kurz' });
    await world.sync();
    expect(world.referralOf(id).details.notes).toBe('kurz');
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('an inactive currency keeps a share back and is named', async () => {
    const id = world.opportunity({ transactioncurrencyid: world.seed.currencies.inactive });
    world.share(id);
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(messageOf(id)).toMatch(/CHF/);
    expect(messageOf(id)).toMatch(/currency/i);
    expect(world.partnerCenter.referrals()).toEqual([]);
    await world.expectSilence();
    world.seller.update('transactioncurrency', world.seed.currencies.inactive, { statecode: 0 });
    world.clock.advance(11 * 60_000);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { currency: 'CHF' } });
    await world.expectSilence();
  });

  test('a deal in a currency that is not set up here comes in without its value, which follows when the currency is there', async () => {
    const referral = world.partnerCenter.microsoft.createDeal({ ...deal, currency: 'NOK' });
    await world.sync();
    expect(opportunityOf(referral.id)?.['estimatedvalue'] ?? null).toBeNull();
    expect(String(opportunityOf(referral.id)?.['cosell_syncmessage'])).toMatch(/Currency NOK/);
    await world.expectSilence();
    expect(world.partnerCenter.referral(referral.id)).toMatchObject({
      details: { dealValue: 80_000, currency: 'NOK' },
    });
    world.seller.create('transactioncurrency', {
      isocurrencycode: 'NOK',
      currencyname: 'Norwegian Krone',
      currencysymbol: 'kr',
      currencyprecision: 2,
      exchangerate: 11.7,
    });
    world.clock.advance(61 * 60_000);
    await world.worker.minute();
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ estimatedvalue: 80_000, cosell_syncstatus: 489100003 });
    expect(String(opportunityOf(referral.id)?.['cosell_syncmessage'])).not.toMatch(/NOK/);
    await world.expectSilence();
  });

  test('a country that is no country keeps a share back and is named as it stands', async () => {
    world.seller.update('account', world.seed.accounts.brueckner, { address1_country: 'Middle-earth' });
    const id = await shared();
    expect(messageOf(id)).toMatch(/Middle-earth/);
    expect(world.partnerCenter.referrals()).toEqual([]);
    await world.expectSilence();
  });
});

describe('a mapping of one’s own', () => {
  beforeEach(() => start());
  const bad = JSON.stringify({
    fields: {
      dealNotes: { opportunity: 'new_nowhere' },
      closeDate: { opportunity: 'name' },
      campaignId: { opportunity: 'estimatedvalue' },
      name: { opportunity: 'new_readonly' },
    },
    account: { duns: 'numberofemployees' },
    defaults: { opportunity: { new_missing: 1 } },
  });
  const all = [
    'new_nowhere',
    'closeDate',
    'campaignId',
    'new_readonly',
    'read-only',
    'numberofemployees',
    'new_missing',
  ];

  test('COSELL_MAPPING_FILE with unknown, read-only and wrong-typed columns: the worker does not start and lists all at once', async () => {
    addColumn('opportunity', { name: 'new_readonly', type: 'String', maxLength: 300, validForUpdate: false });
    const opening = worker({ COSELL_MAPPING_FILE: '/mapping.json' }, { '/mapping.json': bad }).worker.open();
    await expect(opening).rejects.toMatchObject({ code: 'MAPPING_INVALID', action: 'stop' });
    const detail = await opening.catch((error: { detail: string }) => error.detail);
    for (const part of all) expect(detail).toContain(part);
  });

  test('the same in cosell_mapping stops a start, but not a worker that runs', async () => {
    addColumn('opportunity', { name: 'new_readonly', type: 'String', maxLength: 300, validForUpdate: false });
    await world.restartWorker();
    const id = await shared();
    world.setting('cosell_mapping', bad);
    world.clock.advance(61_000);
    await world.worker.minute();
    const line = world.logs.find((one) => one.includes('settingMappingInvalid')) ?? '';
    for (const part of all) expect(line).toContain(part);
    world.seller.update('opportunity', id, { cosell_dealnotes: 'weiter' });
    await world.sync();
    expect(world.referralOf(id).details.notes).toBe('weiter');
    await expect(worker({}).worker.open()).rejects.toMatchObject({ code: 'MAPPING_INVALID' });
  });

  test('a good one is used: notes in another column, both ways', async () => {
    const mapping = JSON.stringify({ fields: { dealNotes: { opportunity: 'customerneed' } } });
    const mapped = worker({ COSELL_MAPPING_FILE: '/mapping.json' }, { '/mapping.json': mapping });
    await world.worker.close();
    expect(await mapped.worker.open()).toBe(true);
    world.worker = mapped.worker;
    const id = await shared({ customerneed: 'Bedarf', cosell_dealnotes: 'bleibt hier' });
    expect(world.referralOf(id).details.notes).toBe('Bedarf');
    world.partnerCenter.portal.edit(world.referralOf(id).id, { notes: 'Neuer Bedarf' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ customerneed: 'Neuer Bedarf', cosell_dealnotes: 'bleibt hier' });
    await world.expectSilence();
  });

  test('a customer’s own mandatory columns: without defaults all are named at the start, with defaults deals come in', async () => {
    addColumn('opportunity', {
      name: 'new_costcentre',
      type: 'String',
      maxLength: 20,
      required: 'ApplicationRequired',
    });
    addColumn('account', { name: 'new_region', type: 'String', maxLength: 20, required: 'SystemRequired' });
    const opening = worker({}).worker.open();
    await expect(opening).rejects.toMatchObject({
      code: 'MAPPING_INVALID',
      detail: expect.stringMatching(/new_costcentre.*new_region/) as string,
    });
    world.setting(
      'cosell_mapping',
      JSON.stringify({ defaults: { opportunity: { new_costcentre: 'PARTNER' }, account: { new_region: 'DACH' } } }),
    );
    await world.restartWorker();
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ new_costcentre: 'PARTNER', cosell_syncstatus: 489100003 });
    expect(world.seller.list('account', (row) => row['name'] === 'Grünwald & Cie')).toMatchObject([
      { new_region: 'DACH' },
    ]);
    await world.expectSilence();
  });

  test('a column that becomes mandatory while the worker runs: the deal is kept for review with the CRM’s words, and comes in later', async () => {
    addColumn('opportunity', { name: 'new_costcentre', type: 'String', maxLength: 20, required: 'SystemRequired' });
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await world.sync();
    expect(opportunityOf(referral.id)).toBeUndefined();
    expect(linkOf(referral.id)).toMatchObject({ cosell_state: needsAttention });
    expect(String(linkOf(referral.id)?.['cosell_error'])).toMatch(/new_costcentre/);
    await world.expectSilence();
    world.setting('cosell_mapping', JSON.stringify({ defaults: { opportunity: { new_costcentre: 'PARTNER' } } }));
    await world.restartWorker();
    await world.sync();
    world.clock.advance(61 * 60_000);
    await world.worker.minute();
    await world.sync();
    expect(opportunityOf(referral.id)).toMatchObject({ new_costcentre: 'PARTNER' });
    await world.expectSilence();
  });
});
