/**
 * The client over real HTTP against the emulated Partner Center, under every answer to a question that Microsoft's
 * documents leave open: whichever is true, the seller sees the same.
 */
import { EmulatorClock } from '../../../emulators/kit/clock';
import { FaultPlan } from '../../../emulators/kit/faults';
import { Journal } from '../../../emulators/kit/journal';
import {
  setSwitch,
  startPartnerCenter,
  switchChoices,
  type PartnerCenterEmulator,
} from '../../../emulators/partner-center';
import { compareInstants } from '../../../domain/normalise';
import { createHttp } from '../http/create-http';
import type { PartnerCenter, Referral, ReferralPage } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { createPartnerCenter } from './client';
import { coSellValues } from './test-deals';

const begin = '2026-03-02T09:00:00Z';
const solutionId = 'SOL-88110-FJD';

interface World {
  readonly emulator: PartnerCenterEmulator;
  readonly clock: EmulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  /** Who the token says that we are. */
  claims: { upn?: string; amr?: readonly string[] } | { refuse: string };
  client(): PartnerCenter;
}

let world: World;

beforeEach(async () => {
  const clock = new EmulatorClock(begin);
  const faults = new FaultPlan();
  const journal = new Journal();
  const emulator = await startPartnerCenter({ clock, journal, faults, authenticate: () => world.claims });
  emulator.catalogue.add({ id: solutionId, name: 'Tindra Depot Monitor', publisherName: 'Tindra Software AS' });
  emulator.catalogue.add({ id: 'SOL-88111-FJE', name: 'Tindra Port Monitor', publisherName: 'Tindra Software AS' });
  world = {
    emulator,
    clock,
    faults,
    journal,
    claims: { upn: 'referrals@tindra.example', amr: ['mfa'] },
    client: () => clientOf(emulator.url),
  };
});

afterEach(async () => world.emulator.stop());

function clientOf(url: string): PartnerCenter {
  const log = logLines();
  const clock = new FakeClock({ now: begin, auto: true });
  const send = createHttp({
    service: 'Partner Center',
    baseUrl: `${url}/v1.0/engagements/`,
    token: { token: async () => 'a.token', drop: () => undefined },
    signInCode: 'PARTNER_CENTER_SIGN_IN',
    clock,
    log,
    random: () => 0.5,
    concurrency: 4,
    timeoutMs: 5_000,
    headerNames: { requestId: ['client-request-id'], correlationId: ['MS-CorrelationId'], answerId: ['request-id'] },
  });
  return createPartnerCenter({ send, baseUrl: `${url}/v1.0/engagements`, clock, log });
}

async function all(pages: AsyncIterable<ReferralPage>): Promise<readonly Referral[]> {
  const rows: Referral[] = [];
  for await (const page of pages) rows.push(...page.referrals);
  return rows;
}

const later = (milliseconds = 1000): void => world.clock.advance(milliseconds);

/** A co-sell deal in its two steps. */
async function share(client: PartnerCenter): Promise<{ own: Referral; theirs: Referral }> {
  const values = coSellValues();
  const own = await client.create({ type: 'Shared', recipient: 'own', values });
  later();
  const theirs = await client.create({
    type: 'Shared',
    recipient: 'microsoft',
    engagementId: own.engagementId,
    values,
  });
  return { own, theirs };
}

/** What a seller sees of a deal's life, from sharing to winning, without ids and versions. */
async function lifeOfADeal(): Promise<unknown> {
  const client = world.client();
  const { own, theirs } = await share(client);
  later();
  const renamed = await client.update(own.id, (await client.get(own.id)).etag, {
    values: {
      dealValue: { amount: '48000.75', currency: 'EUR' },
      closeDate: '2026-12-14',
      dealNotes: 'Now with <ports> & "quays"',
      salesStage: '60',
      team: [
        ...(coSellValues().team ?? []),
        { firstName: 'Jo', lastName: 'Berg', phone: '+47 22 550 102', email: 'jo@tindra.example' },
      ],
      solutions: [{ id: 'SOL-88111-FJE', name: '', type: 'Name', publisher: '', price: '12.5', quantity: '2' }],
      crmId: 'another id',
      campaignId: 'SPRING & SUMMER',
    },
  });
  later();
  world.emulator.microsoft.accept(own.engagementId, { crmId: '7-XYZ', notes: 'We take it' });
  later();
  const records = await client.engagement(own.engagementId);
  const microsoft = records.find((record) => record.organizationId === 'msft');
  const won = await client.update(own.id, (await client.get(own.id)).etag, { status: 'Closed', substatus: 'Won' });
  const closed = await failureOf(client.update(own.id, won.etag, { values: { dealNotes: 'too late' } }));
  const seen = await all(client.updatedSince(begin));
  return {
    created: own.values,
    invitation: { status: theirs.status, help: theirs.values.helpRequired, notes: theirs.values.notesToMicrosoft },
    values: renamed.values,
    microsoft: { status: microsoft?.status, crmId: microsoft?.microsoftCrmId },
    won: `${won.status}/${won.substatus}`,
    closed,
    listed: seen.some((row) => row.id === own.id && row.etag === won.etag),
    organization: client.organizationId === world.emulator.organization.id,
  };
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => String((error as { code?: unknown }).code),
  );
}

const openQuestions = Object.entries(switchChoices).flatMap(([name, values]) =>
  values.slice(1).map((value) => [name, value] as const),
);

describe('whatever the documents leave open', () => {
  let expected: unknown;

  it("a deal's life is what the seller did", async () => {
    expected = await lifeOfADeal();
    expect(expected).toMatchObject({
      created: {
        name: 'Fjordlys depot telemetry',
        dealValue: { amount: '126500.5', currency: 'NOK' },
        closeDate: '2026-11-16',
        visibility: true,
      },
      invitation: {
        status: 'New',
        help: 'CustomerTechnicalArchitecture',
        notes: 'Please help with the reference architecture.',
      },
      values: {
        dealValue: { amount: '48000.75', currency: 'EUR' },
        closeDate: '2026-12-14',
        dealNotes: 'Now with <ports> & "quays"',
        salesStage: '60',
        crmId: 'another id',
        campaignId: 'SPRING & SUMMER',
        solutions: [expect.objectContaining({ id: 'SOL-88111-FJE', price: '12.5', quantity: '2' })],
        team: [
          expect.objectContaining({ firstName: 'Maja' }),
          expect.objectContaining({ firstName: 'Jo', email: 'jo@tindra.example' }),
        ],
      },
      microsoft: { status: 'Active', crmId: '7-XYZ' },
      won: 'Closed/Won',
      closed: 'REFERRAL_CLOSED',
      listed: true,
      organization: true,
    });
  });

  // About who may sign in (see below), or about notifications, which this client does not receive.
  const elsewhere = /^(?:mfa|auth\.|roles\.|webhook\.|validation\.|events\.)/;

  it.each(openQuestions.filter(([name]) => !elsewhere.test(name)))(
    'it is the same with %s = %s',
    async (name, value) => {
      setSwitch(world.emulator.switches, name, value);
      expect(await lifeOfADeal()).toEqual(expected);
    },
  );
});

describe('a deal on its way up', () => {
  it('goes from private over partner-led to co-sell, and never back', async () => {
    const client = world.client();
    const values = coSellValues({ helpRequired: null, visibility: false });
    const own = await client.create({ type: 'Independent', recipient: 'own', values });
    expect(own.values.visibility).toBe(false);
    later();
    const visible = await client.update(own.id, own.etag, { values: { visibility: true } });
    expect(visible.values.visibility).toBe(true);
    later();
    await client.create({
      type: 'Shared',
      recipient: 'microsoft',
      engagementId: own.engagementId,
      values: coSellValues(),
    });
    const records = await client.engagement(own.engagementId);
    expect(records.map((record) => record.organizationId).sort()).toEqual([client.organizationId, 'msft'].sort());
    expect(await failureOf(client.update(own.id, visible.etag, { values: { visibility: false } }))).toBe(
      'FIELD_REFUSED',
    );
  });

  it('takes a decision on the marketplace, and keeps what else stands there', async () => {
    const client = world.client();
    const values = coSellValues({ partnerRole: 'Solution design', coSellType: 'Services' });
    const own = await client.create({ type: 'Shared', recipient: 'own', values });
    later();
    const decided = await client.update(own.id, own.etag, { values: { purchaseIntent: 'Yes' } });
    expect(decided.values).toMatchObject({ purchaseIntent: 'Yes', partnerRole: 'Solution design' });
  });

  it("keeps a colleague's title and wish for quiet when the team changes in the CRM", async () => {
    const client = world.client();
    const wire = { firstName: 'Maja', lastName: 'Lunde', phoneNumber: '1', email: 'maja.lunde@tindra.example' };
    const quiet = {
      ...wire,
      title: 'Sales & Alliances',
      contactPreference: { locale: 'nb-no', disableNotifications: true },
    };
    const { id } = world.emulator.portal.createDeal({
      name: 'Deal',
      solutions: [solutionId],
      value: 5,
      currency: 'EUR',
      closingDate: '2026-10-15',
      team: [quiet],
    });
    world.emulator.switches['html.escape'] = 'on';
    const { etag } = await client.get(id);
    await client.update(id, etag, { values: { team: coSellValues().team ?? [] } });
    expect(world.emulator.referral(id)?.team).toEqual([
      expect.objectContaining({ ...quiet, phoneNumber: '+47 22 550 101' }),
    ]);
  });
});

describe('refusals', () => {
  it.each(switchChoices['errors.envelope']?.map((shape) => [shape]) ?? [])(
    'in the shape "%s" mean the same',
    async (shape) => {
      setSwitch(world.emulator.switches, 'errors.envelope', shape);
      const client = world.client();
      const own = await client.create({
        type: 'Independent',
        recipient: 'own',
        values: coSellValues({ helpRequired: null, visibility: false }),
      });
      const unknownId = '00000000-0000-4000-8000-00000000dead';
      later();
      const edited = await client.update(own.id, own.etag, { values: { dealNotes: 'first' } });
      const failures = {
        unknown: await failureOf(client.get(unknownId)),
        stale: await failureOf(client.update(own.id, own.etag, { values: { dealNotes: 'second' } })),
        wrong: await failureOf(
          client.update(own.id, edited.etag, { values: { dealValue: { amount: '0', currency: 'EUR' } } }),
        ),
        refused: await failureOf(
          client.create({ type: 'Independent', recipient: 'own', values: coSellValues({ consent: false }) }),
        ),
      };
      expect(failures).toEqual({
        unknown: 'REFERRAL_NOT_FOUND',
        stale: 'REFERRAL_CHANGED',
        wrong: 'REFERRAL_REJECTED',
        refused: 'REFERRAL_REJECTED',
      });
      expect((await client.get(own.id)).values.dealNotes).toBe('first');
    },
  );

  it.each(
    ['412 preconditionFailed', '412 resourceModified', '409 resourceModified'].flatMap((kind) =>
      (switchChoices['errors.envelope'] ?? []).map((shape) => [kind, shape] as const),
    ),
  )('of a stale version as %s in the shape "%s" say that it changed', async (kind, shape) => {
    const client = world.client();
    const { own } = await share(client);
    setSwitch(world.emulator.switches, 'etagMismatch', kind);
    setSwitch(world.emulator.switches, 'errors.envelope', shape);
    const { etag } = await client.get(own.id);
    later();
    world.emulator.portal.edit(own.id, { notes: 'a colleague was faster' });
    expect(await failureOf(client.update(own.id, etag, { values: { dealNotes: 'mine' } }))).toBe('REFERRAL_CHANGED');
  });

  it.each(
    [400, 409, 422].flatMap((status) =>
      (switchChoices['errors.envelope'] ?? []).map((shape) => [status, shape] as const),
    ),
  )('of a closed deal with %i in the shape "%s" say that it is closed', async (status, shape) => {
    const client = world.client();
    const { own } = await share(client);
    world.emulator.portal.close(own.id, 'Lost', 'Others');
    const { etag } = await client.get(own.id);
    setSwitch(world.emulator.switches, 'terminal', status);
    setSwitch(world.emulator.switches, 'errors.envelope', shape);
    expect(await failureOf(client.update(own.id, etag, { values: { name: 'x', dealNotes: 'y' } }))).toBe(
      'REFERRAL_CLOSED',
    );
  });

  it.each(switchChoices['errors.envelope']?.map((shape) => [shape]) ?? [])(
    'of a new name in the shape "%s" name the name, and the rest is written',
    async (shape) => {
      const client = world.client();
      const { own } = await share(client);
      const { etag } = await client.get(own.id);
      world.emulator.switches['patch.extraPaths'] = 'none';
      setSwitch(world.emulator.switches, 'errors.envelope', shape);
      const changes = { values: { name: 'Another name', dealNotes: 'new notes' } };
      await expect(client.update(own.id, etag, changes)).rejects.toMatchObject({
        code: 'FIELD_REFUSED',
        field: 'name',
      });
      const now = await client.get(own.id);
      expect(now.values.name).toBe('Fjordlys depot telemetry');
      // Without a word about the path it is found out by leaving it away, which writes the rest.
      expect(now.values.dealNotes).toBe(shape === 'standard' ? 'Telemetry for 40 depots.' : 'new notes');
    },
  );

  it('of customer contacts after sharing name the contacts', async () => {
    const client = world.client();
    const { own } = await share(client);
    const { etag } = await client.get(own.id);
    await expect(client.update(own.id, etag, { values: { contacts: [] } })).rejects.toMatchObject({
      code: 'FIELD_REFUSED',
      field: 'contacts',
    });
  });

  it.each([404, 403])('of a deal that we may not see, with %i, never look like a deletion', async (status) => {
    const client = world.client();
    const { own } = await share(client);
    setSwitch(world.emulator.switches, 'forbidden', status);
    world.emulator.roles.assign('referrals@tindra.example', { role: 'ReferralsUser' });
    expect(['REFERRAL_NOT_FOUND', 'PARTNER_CENTER_DENIED']).toContain(await failureOf(client.get(own.id)));
  });
});

describe('signing in', () => {
  it('is checked with one request', async () => {
    await world.client().check();
    expect(world.journal.since(0, 'partnerCenter')).toHaveLength(1);
  });

  it('with a token of an app, without a second factor or with a refused one says so', async () => {
    const client = world.client();
    world.claims = { refuse: 'wrong audience' };
    expect(await failureOf(client.check())).toBe('PARTNER_CENTER_SIGN_IN');
    world.claims = { upn: 'referrals@tindra.example', amr: ['pwd'] };
    world.emulator.switches.mfa = 'on';
    expect(await failureOf(client.check())).toBe('PARTNER_CENTER_SIGN_IN');
    world.emulator.switches.mfa = 'off';
    world.claims = {};
    for (const [status, code] of [
      [403, 'PARTNER_CENTER_DENIED'],
      [401, 'PARTNER_CENTER_SIGN_IN'],
    ] as const) {
      world.emulator.switches['auth.appOnly'] = status;
      expect(await failureOf(client.check())).toBe(code);
    }
  });

  it('without the role says so', async () => {
    world.emulator.roles.assign('referrals@tindra.example', { role: 'none' });
    expect(await failureOf(world.client().check())).toBe('PARTNER_CENTER_DENIED');
  });
});

describe('a lost answer', () => {
  const draft = {
    type: 'Independent',
    recipient: 'own',
    values: coSellValues({ helpRequired: null, visibility: false }),
  } as const;

  it.each([
    ['resetBefore', 0],
    ['resetAfter', 1],
    ['truncate', 1],
  ] as const)('of a create (%s) is unknown, posted once, and the deal is found if it exists', async (kind, made) => {
    const client = world.client();
    await client.create({ ...draft, values: { ...draft.values, crmId: 'older' } });
    later();
    world.faults.next({ kind, method: 'POST' });
    expect(await failureOf(client.create(draft))).toBe('OUTCOME_UNKNOWN');
    const found = (await all(client.createdSince(begin))).filter((row) => row.values.crmId === draft.values.crmId);
    expect(found).toHaveLength(made);
    expect(world.emulator.referrals()).toHaveLength(1 + made);
  });

  it('of an update ends with the change made once, or with "changed" and the change made', async () => {
    const client = world.client();
    const own = await client.create(draft);
    later();
    world.faults.next({ kind: 'resetAfter', method: 'PATCH' });
    expect(await failureOf(client.update(own.id, own.etag, { values: { dealNotes: 'once' } }))).toBe(
      'REFERRAL_CHANGED',
    );
    const now = await client.get(own.id);
    expect(now.values.dealNotes).toBe('once');
    world.faults.next({ kind: 'resetBefore', method: 'PATCH' });
    later();
    expect((await client.update(own.id, now.etag, { values: { dealNotes: 'twice' } })).values.dealNotes).toBe('twice');
  });

  it('of a closing that was done and is repeated says that it changed, not that somebody closed it', async () => {
    const client = world.client();
    const own = await client.create(draft);
    later();
    world.faults.next({ kind: 'resetAfter', method: 'PATCH' });
    expect(await failureOf(client.update(own.id, own.etag, { status: 'Closed', substatus: 'Won' }))).toBe(
      'REFERRAL_CHANGED',
    );
    expect((await client.get(own.id)).substatus).toBe('Won');
  });

  it('of a throttled service is waited for as long as it asks', async () => {
    const client = world.client();
    const own = await client.create(draft);
    world.faults.next({
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '23' },
      answer: '{"statusCode":429,"message":"Rate limit"}',
    });
    expect((await client.get(own.id)).id).toBe(own.id);
    world.faults.next({ kind: 'answer', status: 429, headers: { 'retry-after': '600' }, answer: '' });
    await expect(client.get(own.id)).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});

describe('the feed', () => {
  const deal = (n: number) => ({
    name: `Deal ${n}`,
    solutions: [solutionId],
    value: 1000 + n,
    currency: 'EUR',
    closingDate: '2026-10-15',
  });

  it.each([
    ['correct', 'offset', 'pageSize'],
    ['http', 'keyset', 'pageSize'],
    ['missingEngagements', 'offset', 'pageSize'],
    ['relative', 'keyset', 'pageSize'],
    ['relative', 'offset', 'limit'],
    ['correct', 'keyset', 'limit'],
  ])('of 250 deals is complete with links "%s", continued by %s, with $top as %s', async (style, kind, top) => {
    setSwitch(world.emulator.switches, 'list.nextLink', style);
    setSwitch(world.emulator.switches, 'list.continuation', kind);
    setSwitch(world.emulator.switches, 'list.top', top);
    // Sixty at one instant of the clock, so that pages end among deals of the same second.
    for (let n = 0; n < 250; n++) {
      if (n % 60 === 0) later();
      world.emulator.portal.createDeal(deal(n));
    }
    const client = world.client();
    const changed = await all(client.updatedSince(begin));
    expect(new Set(changed.map((row) => row.id)).size).toBe(250);
    expect(changed).toHaveLength(250);
    expect(
      changed.every((row, index) => index === 0 || compareInstants(changed[index - 1]?.updatedOn, row.updatedOn) <= 0),
    ).toBe(true);
    const created = await all(client.createdSince(begin));
    expect(new Set(created.map((row) => row.id)).size).toBe(250);
  });

  it('misses nothing when rows move between its pages', async () => {
    const made = Array.from({ length: 230 }, (_, n) => {
      later(10);
      return world.emulator.portal.createDeal(deal(n));
    });
    const seen = new Map<string, string>();
    let turn = 0;
    for await (const page of world.client().updatedSince(begin)) {
      for (const row of page.referrals) seen.set(row.id, row.values.dealNotes ?? '');
      // The oldest ones move to the end after each of the first two pages, which shifts all others forward.
      if (turn < 2) {
        for (const { id } of made.slice(turn * 30, turn * 30 + 30)) {
          later(10);
          world.emulator.portal.edit(id, { notes: `edited ${turn}` });
        }
      }
      turn += 1;
    }
    expect(seen.size).toBe(230);
    expect([...seen.values()].filter((notes) => notes.startsWith('edited'))).toHaveLength(60);
  });

  it('starts where it is told, and tells the time of the service', async () => {
    const [older, younger] = [1, 2].map((n) => {
      later(60_000);
      return world.emulator.portal.createDeal(deal(n));
    });
    const client = world.client();
    for await (const page of client.updatedSince(younger?.updatedDateTime ?? '')) {
      expect(page.referrals.map((row) => row.id)).toEqual([younger?.id]);
      expect(Date.parse(page.serverTime)).toBeGreaterThanOrEqual(Date.parse(younger?.updatedDateTime ?? '') - 1000);
    }
    expect((await client.get(older?.id ?? '')).values.name).toBe('Deal 1');
  });

  it.each(['off', 'on'] as const)("shows Microsoft's deals to us as inbound with midnight %s", async (midnight) => {
    world.emulator.switches['closing.localMidnight'] = midnight;
    const inbound = world.emulator.microsoft.createDeal({ ...deal(1), inviteNotes: 'Can you take this?' });
    const client = world.client();
    const [row] = await all(client.updatedSince(begin));
    expect(row).toMatchObject({
      id: inbound.id,
      invitedBy: 'msft',
      status: 'New',
      substatus: 'Pending',
      invitationNotes: 'Can you take this?',
    });
    expect(row?.values).toMatchObject({ closeDate: '2026-10-15', dealValue: { amount: '1001', currency: 'EUR' } });
    const accepted = await client.update(inbound.id, row?.etag ?? '', {
      status: 'Active',
      substatus: 'Accepted',
      values: { crmId: 'ours' },
    });
    expect(accepted).toMatchObject({
      status: 'Active',
      substatus: 'Accepted',
      expiresOn: null,
      values: { crmId: 'ours' },
    });
  });
});
