/**
 * What the Dataverse adapter costs in requests, and how it takes what goes wrong on the way.
 */
import type { CommitResult, Link, RecordRef } from '../../sync-worker/src/ports';
import { dataverseWorld, newLink, type DataverseWorld, type WorldOptions } from './dataverse-world';

let world: DataverseWorld;
const start = async (options: WorldOptions = {}): Promise<DataverseWorld> => (world = await dataverseWorld(options));
afterEach(() => world.stop());

function deal(columns: Record<string, string | number | boolean> = {}): RecordRef {
  const { emulator, seed } = world;
  const id = emulator.as(seed.users.seller).create('opportunity', {
    name: 'Deal',
    estimatedvalue: 1000,
    transactioncurrencyid: seed.currencies.EUR,
    customerid: { account: seed.accounts.brueckner },
    parentaccountid: seed.accounts.brueckner,
    cosell_syncwithpartnercenter: true,
    ...columns,
  });
  return { type: 'opportunity', id };
}

/** Runs work and answers how many requests it took, with what it resolved to. */
async function cost<T>(work: () => Promise<T>): Promise<{ requests: number; result: T }> {
  const mark = world.journal.mark();
  const result = await work();
  return { requests: world.requests(mark).length, result };
}

const linked = (ref: RecordRef, more: Partial<Link> = {}): Promise<CommitResult> =>
  world.crm.commit({
    link: newLink(ref.id),
    set: { record: ref, state: 'synced', ...more },
    events: [],
    correlationId: 'c',
  });

describe('requests', () => {
  it('a poll of all feeds with the ages of parked records is one request', async () => {
    const { crm } = await start();
    const ref = deal();
    const { watermarks } = await crm.news('');
    await crm.settings();
    expect((await cost(() => Promise.all([crm.news(watermarks), crm.relatedAges([ref])]))).requests).toBe(1);
    expect(crm.pollsAsOne()).toBe(true);
  });

  it('a poll is one request per feed, and says so, where feeds do not work inside a batch', async () => {
    const { crm } = await start({ switches: { deltaInBatch: 'refuse' } });
    const ref = deal();
    const first = await crm.news('');
    world.emulator.as(world.seed.users.seller).update('opportunity', ref.id, { name: 'Changed' });
    const second = await crm.news(first.watermarks);
    expect(second.deals.map(({ values }) => values.name)).toEqual(['Changed']);
    expect(crm.pollsAsOne()).toBe(false);
    expect((await cost(() => crm.news(second.watermarks))).requests).toBe(5);
  });

  it.each([
    [
      'refuses a batch with a feed in it',
      400,
      'application/json',
      '{"error":{"code":"0x80048d19","message":"not supported"}}',
    ],
    ['answers feeds in a batch without their links', 200, 'multipart/mixed; boundary=b', null],
  ])('feeds are read one by one where the service %s', async (_what, status, type, body) => {
    await start();
    const { send } = world;
    const crm = world.another({
      send: async (request) => {
        const isPoll = request.method === 'POST' && (request.body ?? '').includes('deltatoken');
        if (!isPoll) return send(request);
        if (body !== null) return { status, headers: { 'content-type': type }, body };
        const parts = [...(request.body ?? '').matchAll(/^GET /gm)].map(
          () => '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"value":[]}\r\n',
        );
        return { status, headers: { 'content-type': type }, body: `${parts.join('')}--b--\r\n` };
      },
    });
    const ref = deal();
    const { watermarks } = await crm.news('');
    world.emulator.as(world.seed.users.seller).update('opportunity', ref.id, { name: 'Changed' });
    const news = await crm.news(watermarks);
    expect(news.deals.map(({ values }) => values.name)).toEqual(['Changed']);
    expect([news.reset, crm.pollsAsOne()]).toEqual([[], false]);
  });

  it('thirty deals are read by one batch, a hundred by a few', async () => {
    const { crm } = await start();
    const refs = Array.from({ length: 100 }, () => deal());
    const [warm = deal()] = refs;
    await crm.deal(warm);
    const thirty = await cost(() => Promise.all(refs.slice(0, 30).map((ref) => crm.deal(ref))));
    expect([thirty.requests, thirty.result.every((each) => each?.complete)]).toEqual([1, true]);
    expect((await cost(() => Promise.all(refs.map((ref) => crm.deal(ref))))).requests).toBeLessThanOrEqual(4);
  });

  it('twenty commits are one batch, and each has its own outcome', async () => {
    const { crm } = await start();
    const refs = Array.from({ length: 20 }, () => deal());
    await crm.deal(refs[0] as RecordRef);
    const { requests, result } = await cost(() =>
      Promise.all(refs.map((ref, index) => linked(ref, { referralId: index < 2 ? 'same' : `r-${index}` }))),
    );
    expect(requests).toBe(1);
    const outcomes = result.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'linkChanged')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(19);
  });

  it('an edit of a seller costs one batch for intent and one for the result, without reading the deal', async () => {
    const { crm } = await start();
    const ref = deal();
    await crm.settings();
    const first = await linked(ref);
    const { requests } = await cost(async () => {
      if (first.outcome !== 'committed') throw new Error(first.outcome);
      const intent = await crm.commit({
        link: first.link,
        set: { pending: { crm: { fields: {} } } },
        events: [],
        correlationId: 'c',
      });
      if (intent.outcome !== 'committed') throw new Error(intent.outcome);
      return crm.commit({
        link: intent.link,
        set: { pending: {} },
        events: [{ direction: 'toPartnerCenter', outcome: 'applied' }],
        correlationId: 'c',
      });
    });
    expect(requests).toBe(2);
  });

  it('a link that was just written, or came with the news, is not read again', async () => {
    const { crm } = await start();
    const ref = deal();
    await linked(ref);
    expect((await cost(() => crm.link(ref.id))).requests).toBe(0);
    const other = world.another();
    await other.news('');
    expect((await cost(() => other.link(ref.id))).requests).toBe(0);
  });

  it('settings are read once a minute', async () => {
    const { crm, clock } = await start();
    await crm.settings();
    expect((await cost(() => Promise.all([crm.settings(), crm.settings()]))).requests).toBe(0);
    world.setting('pause', 'Yes');
    await clock.advance(61_000);
    const { requests, result } = await cost(() => Promise.all([crm.settings(), crm.settings()]));
    expect([requests, result[0].paused]).toEqual([1, true]);
  });

  it('start-up takes few requests', async () => {
    const { crm } = await start();
    expect((await cost(() => crm.check())).requests).toBeLessThanOrEqual(5);
  });

  it('keeps a batch open for others when told to', async () => {
    const { clock } = await start();
    const crm = world.another({ batchWindow: 50 });
    const refs = [deal(), deal()];
    await crm.settings();
    const { requests } = await cost(async () => {
      const first = crm.link(refs[0]?.id ?? '');
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([first, crm.link(refs[1]?.id ?? '')]);
    });
    expect(requests).toBe(1);
    expect(clock.slept).toContain(50);
  });
});

describe('start-up', () => {
  it('says that the solution is missing, and what of it', async () => {
    const { crm } = await start({ withoutSolution: true });
    await expect(crm.check()).rejects.toMatchObject({
      code: 'SOLUTION_MISSING',
      detail: expect.stringContaining('cosell_referral') as string,
    });
  });

  it('names the table whose change tracking is off', async () => {
    const { crm } = await start({ switches: { opportunityChangeTracking: 'off' } });
    await expect(crm.check()).rejects.toMatchObject({
      code: 'CHANGE_TRACKING_OFF',
      detail: expect.stringContaining('opportunity') as string,
    });
    await expect(crm.news('')).rejects.toMatchObject({ code: 'CHANGE_TRACKING_OFF' });
  });

  it('goes on when tracking is switched on while it waits', async () => {
    const { crm, emulator } = await start({ switches: { opportunityChangeTracking: 'off' } });
    await expect(crm.news('')).rejects.toMatchObject({ code: 'CHANGE_TRACKING_OFF' });
    emulator.switches.opportunityChangeTracking = 'on';
    await expect(crm.news('')).resolves.toMatchObject({ deals: [] });
  });

  it('says that the application user lacks rights', async () => {
    const { crm } = await start({ switches: { enforcePrivileges: 'on', applicationRoles: [] } });
    await expect(crm.check()).rejects.toMatchObject({
      code: expect.stringMatching(/CRM_DENIED|CRM_SIGN_IN/) as string,
    });
  });

  it('needs nothing that the role Co-sell Integration does not give', async () => {
    const { crm, seed } = await start({ switches: { enforcePrivileges: 'on' } });
    world.setting('defaultowner', 'mareike.osterkamp@contoso.example');
    expect((await crm.check()).findings).toEqual([]);
    const ref = deal();
    const before = await crm.deal(ref);
    const solutions = [{ id: 'SOL', name: 'Sol', type: 'Name', publisher: '', price: '1', quantity: '1' }];
    const contacts = [{ firstName: 'Neu', lastName: 'Neu', phone: '1', email: 'neu@brueckner.example' }];
    const team = [{ firstName: 'J', lastName: 'L', phone: '1', email: 'jules.lefevre@contoso.example' }];
    const written = await crm.commit({
      link: newLink(ref.id),
      set: { record: ref },
      events: [{ direction: 'toCrm', outcome: 'applied' }],
      correlationId: 'c',
      ...(before
        ? {
            record: {
              ref,
              version: before.version,
              before,
              changes: { values: { name: 'New', solutions, contacts, team }, stage: 'won' as const, audit: ['x'] },
            },
          }
        : {}),
    });
    expect(written.outcome).toBe('committed');
    expect((await crm.deal(ref))?.values).toMatchObject({ solutions, contacts });
    const values = {
      name: 'In',
      dealValue: { amount: '1', currency: 'EUR' },
      contacts,
      team: [],
      solutions,
      customer: {
        name: 'Ganz Neu AG',
        size: null,
        duns: '',
        address: { line1: '', line2: '', city: '', state: '', postalCode: '1', country: 'DE' },
      },
    };
    const inbound: RecordRef = { type: 'opportunity', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3301' };
    const party = await crm.match(values);
    const made = await crm.commit({
      link: newLink(inbound.id),
      set: { record: inbound },
      events: [],
      correlationId: 'c',
      create: {
        ref: inbound,
        referralId: 'r',
        values,
        stage: 'hold',
        party,
        owner: `user:${seed.users.sellerWithoutPhone}`,
      },
    });
    expect(made.outcome).toBe('committed');
    const state = await crm.connection('main');
    expect(await crm.saveConnection('main', state, { leaseOwner: 'x' })).not.toBeNull();
    expect((await crm.news('')).deals).toHaveLength(2);
    expect(await crm.deleteOldEvents('2999-01-01T00:00:00Z', 10)).toBeGreaterThan(0);
  });
});

describe('what goes wrong on the way', () => {
  const answerOnce = (answer: string, status = 200, type = 'text/html', url = '$batch'): void =>
    world.faults.next({
      kind: 'answer',
      service: 'dataverse',
      url,
      status,
      headers: { 'content-type': type },
      answer,
      times: 2,
    });

  it.each([
    ['a page of a proxy', '<html>', 200, 'text/html'],
    [
      'multipart that is cut off',
      '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"val',
      200,
      'multipart/mixed; boundary=b',
    ],
    [
      'fewer answers than questions',
      '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--b--\r\n',
      200,
      'multipart/mixed; boundary=b',
    ],
  ])('takes %s for no answer', async (_what, answer, status, type) => {
    const { crm } = await start();
    const ref = deal();
    await crm.settings();
    answerOnce(answer, status, type);
    await expect(crm.deal(ref)).rejects.toMatchObject({
      code: expect.stringMatching(/UNEXPECTED_ANSWER|SERVICE_UNAVAILABLE/) as string,
    });
  });

  it('does not go on from a feed whose last page lacks its link', async () => {
    const { crm, emulator } = await start();
    emulator.switches.deltaLinkMissingOnLastPage = 'on';
    await expect(crm.news('')).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });

  it('does not follow links to another origin', async () => {
    const { crm } = await start();
    const page = JSON.stringify({ value: [], '@odata.nextLink': 'https://evil.example/api/data/v9.2/opportunities?x' });
    await crm.settings();
    world.faults.next({
      kind: 'answer',
      service: 'dataverse',
      url: '/opportunities?',
      status: 200,
      headers: { 'content-type': 'application/json' },
      answer: page,
    });
    await expect(crm.news('')).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      detail: expect.stringContaining('origin') as string,
    });
  });

  it('starts over, by name, only the feed whose columns changed', async () => {
    const { crm } = await start();
    deal();
    const { watermarks } = await crm.news('');
    world.setting('dealvaluefield', 'actualvalue');
    const restarted = world.another();
    expect((await restarted.news(watermarks)).reset).toEqual(['opportunity']);
  });

  it('reads long feeds page by page and misses nothing', async () => {
    const { crm } = await start();
    const refs = Array.from({ length: 1205 }, (_, index) => deal({ name: `Deal ${index}` }));
    const first = await crm.news('');
    expect(new Set(first.deals.map(({ ref }) => ref.id))).toEqual(new Set(refs.map(({ id }) => id)));
    for (const ref of refs) world.emulator.as(world.seed.users.seller).update('opportunity', ref.id, { name: 'Again' });
    const second = await crm.news(first.watermarks);
    expect(second.deals).toHaveLength(1205);
    expect((await crm.news(second.watermarks)).deals).toEqual([]);
  });

  it('sees an opportunity that was deleted and made again under its id', async () => {
    const { crm, emulator, seed } = await start({ switches: { staleDeleteOfRecreatedRow: 'on' } });
    const ref = deal();
    const { watermarks } = await crm.news('');
    const seller = emulator.as(seed.users.seller);
    seller.delete('opportunity', ref.id);
    seller.create('opportunity', { opportunityid: ref.id, name: 'Back', cosell_syncwithpartnercenter: true });
    const news = await crm.news(watermarks);
    expect(news.deletedRecords).toEqual([]);
    expect(news.deals.map(({ values }) => values.name)).toEqual(['Back']);
  });

  it('switches to steps for good where conditions in a change set are refused, and is then as safe', async () => {
    const { crm } = await start({ switches: { conditionsInChangeSet: 'refuse' } });
    const ref = deal();
    const first = await linked(ref);
    if (first.outcome !== 'committed') throw new Error(first.outcome);
    expect(crm.writesAtOnce()).toBe(true);
    const before = await crm.deal(ref);
    if (!before) throw new Error('gone');
    const result = await crm.commit({
      link: first.link,
      set: { attempts: 1 },
      events: [{ direction: 'toCrm', outcome: 'applied' }],
      correlationId: 'c',
      record: { ref, version: before.version, before, changes: { values: { name: 'Ours' } } },
    });
    expect(result).toMatchObject({ outcome: 'committed', link: { attempts: 1, pending: {} } });
    expect(crm.writesAtOnce()).toBe(false);
    expect((await world.another().link(ref.id))?.pending).toEqual({});
    world.emulator.as(world.seed.users.seller).update('opportunity', ref.id, { name: 'Seller' });
    if (result.outcome !== 'committed') throw new Error(result.outcome);
    const late = await crm.commit({
      link: result.link,
      set: {},
      events: [],
      correlationId: 'c',
      record: { ref, version: before.version, before, changes: { values: { name: 'Late' } } },
    });
    expect(late.outcome).toBe('recordChanged');
    expect((await crm.deal(ref))?.values.name).toBe('Seller');
    expect((await crm.link(ref.id))?.pending).toEqual({});
  });

  it('leaves on the row, where writing in steps is cut off, what was on its way to the record', async () => {
    const { crm } = await start({ switches: { conditionsInChangeSet: 'refuse' } });
    const ref = deal();
    const first = await linked(ref);
    if (first.outcome !== 'committed') throw new Error(first.outcome);
    const before = await crm.deal(ref);
    if (!before) throw new Error('gone');
    world.faults.next({ kind: 'resetBefore', service: 'dataverse', url: '/opportunities(', method: 'PATCH', times: 2 });
    const record = { ref, version: before.version, before, changes: { values: { name: 'Ours' } } };
    await expect(
      crm.commit({ link: first.link, set: { attempts: 1 }, events: [], correlationId: 'c', record }),
    ).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    expect((await world.another().link(ref.id))?.pending).toEqual({ crm: { fields: { name: ['Ours'] } } });
  });

  it('keeps the rows of a deal with the worker when their owner may not own them', async () => {
    const { crm } = await start();
    const ref = deal();
    await crm.deal(ref);
    const denied = {
      error: {
        code: '0x80040220',
        message: 'SecLib::CheckPrivilege failed. User is missing prvReadcosell_referral privilege.',
      },
    };
    const part = `--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(denied)}\r\n--c--`;
    const missing = JSON.stringify({
      error: { code: '0x80040217', message: 'cosell_referral With Id = x Does Not Exist' },
    });
    const answer = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${part}\r\n\r\n--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n${missing}\r\n--b--\r\n`;
    world.faults.next({
      kind: 'answer',
      service: 'dataverse',
      url: '$batch',
      status: 200,
      headers: { 'content-type': 'multipart/mixed; boundary=b' },
      answer,
    });
    expect((await linked(ref)).outcome).toBe('committed');
    const [row] = world.emulator.as(world.seed.users.seller).list('cosell_referral');
    expect(row?.['ownerid']).toBe(world.seed.users.integration);
  });

  it('gives the rows of a deal to its owner', async () => {
    const { crm } = await start();
    const ref = deal();
    await crm.deal(ref);
    await linked(ref);
    const [row] = world.emulator.as(world.seed.users.seller).list('cosell_referral');
    expect(row?.['ownerid']).toBe(world.seed.users.seller);
  });

  it('passes on how long a throttling service wants us to wait', async () => {
    const { crm } = await start();
    const ref = deal();
    await crm.settings();
    const body = JSON.stringify({ error: { code: '0x80072322', message: 'Number of requests exceeded the limit' } });
    world.faults.next({
      kind: 'answer',
      service: 'dataverse',
      url: '$batch',
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': '300' },
      answer: body,
      times: 5,
    });
    await expect(crm.deal(ref)).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});

describe('a commit that is cut off at any of its requests', () => {
  const cuts = [0, 1, 2, 3, 4, 5].flatMap((skip) =>
    (['resetBefore', 'resetAfter'] as const).map((kind) => [kind, skip] as const),
  );

  it.each([
    ['at once', {}],
    ['in steps', { conditionsInChangeSet: 'refuse' }],
  ] as const)('ends, when it is tried again, as if it had happened once (%s)', async (_way, switches) => {
    await start({ switches });
    for (const [kind, skip] of cuts) {
      const crm = world.another();
      const ref = deal({ name: 'Before' });
      const first = await crm.commit({ link: newLink(ref.id), set: { record: ref }, events: [], correlationId: 'c' });
      if (first.outcome !== 'committed') throw new Error(first.outcome);
      const warm = await crm.deal(ref);
      // Takes the adapter to the way of writing that this environment allows.
      await crm.commit({
        link: first.link,
        set: {},
        events: [],
        correlationId: 'c',
        record: { ref, version: '*', changes: { shown: { syncMessage: 'warm' } } },
      });
      // Both attempts of the sender fail at the same place, then the network is well again.
      world.faults.next({ kind, service: 'dataverse', skip, times: 2 });
      const run = async (): Promise<CommitResult> => {
        const [link, before] = [await crm.link(ref.id), await crm.deal(ref)];
        if (!link || !before) throw new Error('gone');
        if (before.values.name === 'After' && link.attempts === 1) return { outcome: 'committed', link };
        return crm.commit({
          link,
          set: { attempts: 1, pending: {} },
          events: [{ direction: 'toCrm', outcome: 'applied', field: 'name', message: ref.id }],
          correlationId: 'c',
          record: { ref, version: before.version, before, changes: { values: { name: 'After' } } },
        });
      };
      let outcome = '';
      for (let attempt = 0; attempt < 8 && outcome !== 'committed'; attempt += 1) {
        outcome = await run().then(
          (result) => result.outcome,
          () => 'failed',
        );
      }
      world.faults.clear();
      expect([kind, skip, outcome]).toEqual([kind, skip, 'committed']);
      const fresh = world.another();
      expect(await fresh.deal(ref)).toMatchObject({ values: { name: 'After' } });
      expect(await fresh.link(ref.id)).toMatchObject({ attempts: 1, pending: {} });
      const events = world.emulator
        .as(world.seed.users.seller)
        .list('cosell_syncevent', (row) => row['cosell_message'] === ref.id);
      expect([kind, skip, events.length >= 1]).toEqual([kind, skip, true]);
      if (_way === 'at once') expect(events).toHaveLength(1);
      expect(warm?.values.name).toBe('Before');
    }
  });
});

describe('a commit that fails where the service does not say which part', () => {
  it.each([
    ['the row', { row: true, record: false }, 'linkChanged'],
    ['the record', { row: false, record: true }, 'recordChanged'],
    ['both', { row: true, record: true }, 'linkChanged'],
  ])('tells that %s moved', async (_what, moved, outcome) => {
    await start();
    const { send } = world;
    const crm = world.another({
      send: async (request) => {
        const response = await send(request);
        return { ...response, body: response.body.replace(/Content-ID: .*\r\n/gi, '') };
      },
    });
    const ref = deal({ name: 'Before' });
    const first = await crm.commit({ link: newLink(ref.id), set: { record: ref }, events: [], correlationId: 'c' });
    const before = await crm.deal(ref);
    if (first.outcome !== 'committed' || !before) throw new Error(first.outcome);
    const seller = world.emulator.as(world.seed.users.seller);
    if (moved.row) seller.update('cosell_referral', ref.id, { cosell_attempts: 3 });
    if (moved.record) seller.update('opportunity', ref.id, { name: 'Seller' });
    const result = await crm.commit({
      link: first.link,
      set: {},
      events: [],
      correlationId: 'c',
      record: { ref, version: before.version, before, changes: { values: { name: 'Ours' } } },
    });
    expect(result).toEqual({ outcome });
    expect((await crm.deal(ref))?.values.name).toBe(moved.record ? 'Seller' : 'Before');
  });
});

describe('a commit whose answers are all lost', () => {
  it('is found out by the token that it left on the row', async () => {
    const { crm } = await start();
    const ref = deal();
    const first = await linked(ref);
    if (first.outcome !== 'committed') throw new Error(first.outcome);
    world.faults.next({ kind: 'resetAfter', service: 'dataverse', url: '$batch', times: 2 });
    const result = await crm.commit({ link: first.link, set: { attempts: 7 }, events: [], correlationId: 'c' });
    expect(result).toMatchObject({ outcome: 'committed', link: { attempts: 7 } });
    expect(await world.another().link(ref.id)).toEqual(result.outcome === 'committed' ? result.link : null);
  });
});

describe('customers and owners of inbound deals', () => {
  const customer = (
    name: string,
    postalCode: string,
  ): {
    name: string;
    size: null;
    duns: string;
    address: { line1: string; line2: string; city: string; state: string; postalCode: string; country: string };
  } => ({
    name,
    size: null,
    duns: '',
    address: { line1: '', line2: '', city: '', state: '', postalCode, country: 'DE' },
  });

  it('finds the account by name and postal code, written however', async () => {
    const { crm, seed } = await start();
    expect(await crm.match({ customer: customer('brückner & Sohn KG', '50674') })).toMatchObject({
      account: seed.accounts.brueckner,
      newAccount: null,
      candidates: [],
    });
    expect(await crm.match({ customer: customer("L'Été Électrique SARL", '69002') })).toMatchObject({
      account: seed.accounts.electrique,
    });
    expect(await crm.match({ customer: customer('Nordwind Logistik AG', '24103') })).toMatchObject({
      account: seed.accounts.nordwindKiel,
    });
  });

  it('makes a new account when only the name is the same, always under the same id', async () => {
    const { crm } = await start();
    const one = await crm.match({ customer: customer('Nordwind Logistik AG', '99999') });
    expect(one).toMatchObject({ account: null, candidates: [] });
    expect(one.newAccount).toBe(
      (await crm.match({ customer: customer('NORDWIND  Logistik, AG', '99 999') })).newAccount,
    );
  });

  it('leaves several matches to the seller', async () => {
    const { crm, emulator, seed } = await start();
    emulator.as(seed.users.seller).create('account', { name: 'Brückner & Sohn KG', address1_postalcode: '50674' });
    expect(await crm.match({ customer: customer('Brückner & Sohn KG', '50674') })).toMatchObject({
      account: null,
      newAccount: null,
      candidates: ['Brückner & Sohn KG'],
    });
  });

  it('finds the account by the domain of its contacts, but not by one of a mail provider', async () => {
    const { crm, emulator, seed } = await start();
    const id = emulator.as(seed.users.seller).create('account', {
      name: 'Hidden',
      websiteurl: 'https://www.hidden.example/about',
      emailaddress1: 'x@gmail.com',
    });
    const person = (email: string): { firstName: string; lastName: string; phone: string; email: string } => ({
      firstName: 'A',
      lastName: 'B',
      phone: '',
      email,
    });
    expect(
      await crm.match({ customer: customer('Something Else', '1'), contacts: [person('a@hidden.example')] }),
    ).toMatchObject({ account: id });
    expect(
      await crm.match({ customer: customer('Something Else', '1'), contacts: [person('a@gmail.com')] }),
    ).toMatchObject({ account: null });
    expect(
      await crm.match({ customer: customer('Something Else', '1'), contacts: [person('a@den.example')] }),
    ).toMatchObject({ account: null });
  });

  it('finds contacts and users by e-mail in any case, and names the contacts that are new', async () => {
    const { crm, seed } = await start();
    const party = await crm.match({
      customer: customer('Brückner & Sohn KG', '50674'),
      contacts: [
        { firstName: 'A', lastName: 'B', phone: '', email: 'Annegret.Brueckner@Brueckner.example' },
        { firstName: 'N', lastName: 'N', phone: '', email: 'n@brueckner.example' },
      ],
      team: [{ firstName: 'J', lastName: 'L', phone: '', email: 'JULES.lefevre@contoso.example' }],
    });
    expect(party.contacts.map(({ id, isNew }) => [id === seed.contacts.complete, isNew])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(party.users).toEqual({ 'jules.lefevre@contoso.example': seed.users.sellerWithoutPhone });
  });

  it('chooses the owner: named seller, then rule, then default, then nobody', async () => {
    const { crm, seed } = await start({
      mapping: {
        owners: [
          { countries: ['SE'], owner: 'Partner desk' },
          { solutions: ['SOL-7'], owner: 'nobody@contoso.example' },
        ],
      },
    });
    const settings = await crm.settings();
    const named = await crm.match({
      team: [{ firstName: 'J', lastName: 'L', phone: '', email: 'jules.lefevre@contoso.example' }],
    });
    const party = await crm.match({});
    const team = [{ firstName: 'J', lastName: 'L', phone: '', email: 'jules.lefevre@contoso.example' }];
    expect(await crm.ownerFor({ team }, named, settings)).toBe(`user:${seed.users.sellerWithoutPhone}`);
    expect(
      await crm.ownerFor(
        { customer: { ...customer('x', '1'), address: { ...customer('x', '1').address, country: 'SE' } } },
        party,
        settings,
      ),
    ).toBe(`team:${seed.teams.partnerDesk}`);
    const defaulted = { ...settings, defaultOwner: 'jules.lefevre@contoso.example' };
    expect(
      await crm.ownerFor(
        { solutions: [{ id: 'sol-7', name: '', type: '', publisher: '', price: null, quantity: null }] },
        party,
        defaulted,
      ),
    ).toBe(`user:${seed.users.sellerWithoutPhone}`);
    expect(await crm.ownerFor({}, party, settings)).toBeNull();
  });
});

describe('leads', () => {
  const lead = (columns: Record<string, string | number | boolean> = {}): RecordRef => {
    const { emulator, seed } = world;
    const id = emulator.as(seed.users.seller).create('lead', {
      subject: 'Lead',
      firstname: 'Ada',
      lastname: 'Neu',
      companyname: 'Kunde',
      emailaddress1: 'ada@kunde.example',
      address1_country: 'Sweden',
      budgetamount: 500,
      transactioncurrencyid: seed.currencies.SEK,
      cosell_syncwithpartnercenter: true,
      ...columns,
    });
    return { type: 'lead', id };
  };

  it('come with the news and are read as deals on hold', async () => {
    const { crm } = await start();
    const ref = lead();
    const { deals } = await crm.news('');
    expect(deals.map((each) => [each.ref, each.stage, each.values.name])).toEqual([[ref, 'hold', 'Lead']]);
    expect((await crm.deal(ref))?.values).toMatchObject({
      dealValue: { amount: '500', currency: 'SEK' },
      customer: { name: 'Kunde', address: { country: 'SE' } },
      contacts: [{ email: 'ada@kunde.example' }],
      team: [{ lastName: 'Osterkamp' }],
    });
  });

  it('are written, disqualified, and hand their row to the opportunity that they become', async () => {
    const { crm, emulator, seed } = await start();
    const [one, two] = [lead(), lead()];
    const before = await crm.deal(one);
    const written = await crm.commit({
      link: newLink(one.id),
      set: { record: one, referralId: 'r-1' },
      events: [{ direction: 'toCrm', outcome: 'applied' }],
      correlationId: 'c',
      record: {
        ref: one,
        version: before?.version ?? '',
        changes: { values: { name: 'New subject' }, shown: { referralId: 'r-1', syncStatus: 'synced' }, audit: ['a'] },
      },
    });
    if (written.outcome !== 'committed') throw new Error(JSON.stringify(written));
    expect(await crm.deal(one)).toMatchObject({
      values: { name: 'New subject' },
      shown: { referralId: 'r-1' },
      audit: 'a',
    });

    const opportunityId = emulator.as(seed.users.seller).qualifyLead(one.id);
    const opportunity: RecordRef = { type: 'opportunity', id: opportunityId };
    expect((await crm.deal(one))?.stage).toBe('open');
    expect((await crm.deal(opportunity))?.originatingLead).toBe(one.id);
    const moved = await crm.commit({
      link: (await world.another().link(one.id)) as Link,
      set: { record: opportunity },
      events: [],
      correlationId: 'c',
    });
    expect(moved.outcome).toBe('committed');
    expect(await world.another().link(one.id)).toMatchObject({
      record: opportunity,
      recordDeleted: false,
      referralId: 'r-1',
    });

    const lost = await crm.commit({
      link: newLink(two.id),
      set: { record: two },
      events: [],
      correlationId: 'c',
      record: { ref: two, version: '*', changes: { stage: 'lost' } },
    });
    expect([lost.outcome, (await crm.deal(two))?.stage]).toEqual(['committed', 'lost']);
  });

  it('are made from a referral with customer, contact and owner', async () => {
    const { crm, seed } = await start();
    const ref: RecordRef = { type: 'lead', id: '6f2504e0-4f89-51d3-9a0c-0305e82c3301' };
    const values = {
      name: 'Marketplace lead',
      dealValue: { amount: '10', currency: 'EUR' },
      contacts: [{ firstName: 'Ada', lastName: 'Neu', phone: '1', email: 'ada@neu.example' }],
      customer: {
        name: 'Neu AG',
        size: null,
        duns: '',
        address: { line1: 'Weg 1', line2: '', city: 'Bonn', state: '', postalCode: '1', country: 'DE' },
      },
    };
    const party = await crm.match(values);
    const made = await crm.commit({
      link: newLink(ref.id),
      set: { record: ref, referralId: 'r-1' },
      events: [],
      correlationId: 'c',
      create: { ref, referralId: 'r-1', values, stage: 'hold', party, owner: `user:${seed.users.sellerWithoutPhone}` },
    });
    expect(made.outcome).toBe('committed');
    expect(await crm.deal(ref)).toMatchObject({
      share: true,
      shown: { referralId: 'r-1' },
      values: { ...values, team: [{ lastName: 'Lefèvre' }] },
    });
  });
});

describe('an admin', () => {
  it('moves a field to a column of his own, and both directions follow', async () => {
    const { crm } = await start({
      mapping: {
        fields: { dealNotes: { opportunity: 'description', wins: 'partnerCenter' } },
        salesStages: { '3': '100' },
      },
    });
    const ref = deal({ description: 'from the seller', salesstage: 3 });
    const before = await crm.deal(ref);
    expect(before?.values).toMatchObject({ dealNotes: 'from the seller', salesStage: '100' });
    const result = await crm.commit({
      link: newLink(ref.id),
      set: { record: ref },
      events: [],
      correlationId: 'c',
      record: {
        ref,
        version: before?.version ?? '',
        ...(before ? { before } : {}),
        changes: { values: { dealNotes: 'from Microsoft' } },
      },
    });
    expect(result.outcome).toBe('committed');
    const row = world.emulator.as(world.seed.users.seller).get('opportunity', ref.id);
    expect([row?.['description'], row?.['cosell_dealnotes'] ?? null]).toEqual(['from Microsoft', null]);
    const rule = { field: 'dealNotes', direction: 'both', wins: 'partnerCenter', borrowed: true };
    expect(await crm.fieldRules()).toEqual([rule]);
  });

  it('hears at start-up about a mapping and settings that cannot work', async () => {
    const { crm } = await start();
    world.setting('dealvaluefield', 'Est. revenue');
    world.setting('onholdstagename', 'Somewhere');
    world.setting('defaultowner', 'nobody@contoso.example');
    expect((await crm.check()).findings).toEqual([
      { code: 'settingUnknownStage', params: { variable: 'cosell_onholdstagename', value: 'Somewhere' } },
      {
        code: 'settingIsLabel',
        params: { variable: 'cosell_dealvaluefield', value: 'Est. revenue', suggestion: 'estimatedvalue' },
      },
      { code: 'settingUnknownOwner', params: { variable: 'cosell_defaultowner', value: 'nobody@contoso.example' } },
    ]);
    world.setting('mapping', '{"fields":{"closeDate":{"opportunity":"no_such_column"}}}');
    await expect(world.another().check()).rejects.toMatchObject({
      code: 'MAPPING_INVALID',
      detail: expect.stringContaining('no_such_column') as string,
    });
  });

  it('sees that a currency is no longer active', async () => {
    const { crm, seed } = await start();
    const ref = deal({ transactioncurrencyid: seed.currencies.SEK });
    world.emulator.as(seed.users.seller).update('transactioncurrency', seed.currencies.SEK, { statecode: 1 });
    expect((await crm.deal(ref))?.findings).toEqual([{ code: 'CURRENCY_INACTIVE', params: { currency: 'SEK' } }]);
  });

  it('sees what the adapter will read back of read-only columns', async () => {
    const { crm } = await start();
    const ref = deal();
    const shown = crm.shownAs('opportunity', {
      referralStatus: 'Frozen',
      dealType: 'coSell',
      microsoftTeam: 'x'.repeat(20_000),
      expiresOn: '2026-04-01T08:00:00.123Z',
      syncStatus: 'onHold',
    });
    await crm.commit({
      link: newLink(ref.id),
      set: { record: ref },
      events: [],
      correlationId: 'c',
      record: { ref, version: '*', changes: { shown } },
    });
    expect((await crm.deal(ref))?.shown).toMatchObject(shown);
  });
});
