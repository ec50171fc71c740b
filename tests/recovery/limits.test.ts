import type { World } from '../world';
import { deal } from '../incoming';
import { needsAttention, opportunityOf, passes, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

const json = { 'content-type': 'application/json' };
/** Microsoft Learn, "Service protection API limits": requests, execution time, concurrency. */
const limits = [
  [
    '-2147015902 (requests)',
    '0x80072322',
    'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
  ],
  [
    '-2147015903 (execution time)',
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds.',
  ],
  ['-2147015898 (at once)', '0x80072326', 'Number of concurrent requests exceeded the limit of 52.'],
] as const;
const asked = [{}, { 'retry-after': '7' }] as const;

/** An answer to a batch of one change set and its read-back, of which the change set alone is refused. */
function refusedPart(
  code: string,
  message: string,
  retryAfter: string | undefined,
): { headers: Record<string, string>; answer: string } {
  const part = (status: string, more: string, body: unknown): string =>
    `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 ${status}\r\nContent-Type: application/json; odata.metadata=minimal\r\n${more}OData-Version: 4.0\r\n\r\n${JSON.stringify(body)}\r\n`;
  const refused = part('429 Too Many Requests', retryAfter ? `Retry-After: ${retryAfter}\r\n` : '', {
    error: { code, message },
  });
  const readBack = part('200 OK', '', { '@odata.etag': 'W/"1"', cosell_claim: 'somebody#else' });
  return { headers: { 'content-type': 'multipart/mixed; boundary=b' }, answer: `${refused}${readBack}--b--\r\n` };
}

describe('limits of Dataverse', () => {
  for (const [name, code, message] of limits) {
    test(`${name}, with and without Retry-After, for a whole batch, a part of one and a single request: waited for, nothing parked, nothing lost`, async () => {
      world = await start();
      const id = await shared(world);
      const { id: referralId } = world.referralOf(id);
      let value = 1_000;
      for (const headers of asked) {
        const whole = {
          service: 'dataverse',
          kind: 'answer',
          status: 429,
          headers: { ...json, ...headers },
          answer: JSON.stringify({ error: { code, message } }),
        } as const;
        const inPart = refusedPart(code, message, 'retry-after' in headers ? headers['retry-after'] : undefined);
        for (const fault of [
          { ...whole, method: 'POST', url: '$batch' },
          { ...whole, method: 'POST', url: '$batch', body: /cosell_syncevents/ },
          { ...whole, method: 'GET' },
          { ...whole, ...inPart, status: 200, method: 'POST', url: '$batch', body: /cosell_syncevents/ },
        ] as const) {
          value += 1_000;
          world.partnerCenter.portal.edit(referralId, { value });
          world.faults.next(fault);
          await passes(world, 2);
          if (fault.method === 'GET') await world.worker.compare();
          expect(world.faults.pending()).toBe(0);
          await world.sync();
          expect(world.get(id)).toMatchObject({ estimatedvalue: value, cosell_syncstatus: synced });
        }
      }
      expect(world.events(id).filter((event) => event['cosell_field'] === 'dealValue')).toHaveLength(8);
      await world.expectSilence();
    });
  }

  test('after a Retry-After no request goes out before its time, for no deal', async () => {
    world = await start();
    const ids = [await shared(world), await shared(world, { name: 'Zweite' })];
    for (const id of ids) world.partnerCenter.portal.edit(world.referralOf(id).id, { value: 2_000 });
    const mark = world.journal.mark();
    world.faults.next({
      service: 'dataverse',
      method: 'POST',
      url: '$batch',
      body: /cosell_syncevents/,
      kind: 'answer',
      status: 429,
      headers: { ...json, 'retry-after': '40' },
      answer: JSON.stringify({ error: { code: '0x80072322', message: 'Number of requests exceeded the limit.' } }),
    });
    await passes(world, 2);
    const entries = world.requests(mark, 'dataverse');
    const refused = entries.find((entry) => entry.status === 429);
    const later = entries.slice(entries.indexOf(refused as never) + 1);
    expect(later.length).toBeGreaterThan(0);
    for (const entry of later) expect(entry.at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(40_000);
    for (const id of ids) expect(world.get(id)).toMatchObject({ estimatedvalue: 2_000 });
    expect(world.context.accounts.balance().endings.parked).toBe(0);
    await world.expectSilence();
  });
});

test('limits of Partner Center: 429 as API Management says it, with seconds, a date or nothing, on lists, edits and shares', async () => {
  world = await start();
  const id = await shared(world);
  let value = 5_000;
  for (const wait of [() => '9', () => new Date(world.clock.now() + 15_000 + 9_000).toUTCString(), () => undefined]) {
    for (const method of ['GET', 'PATCH', 'POST'] as const) {
      const after = wait();
      world.faults.next({
        service: 'partnerCenter',
        method,
        kind: 'answer',
        status: 429,
        headers: { ...json, ...(after ? { 'retry-after': after } : {}) },
        answer: JSON.stringify({ statusCode: 429, message: 'Rate limit is exceeded. Try again in 9 seconds.' }),
      });
      value += 1_000;
      if (method === 'POST') world.share(world.opportunity({ name: `Neu ${value}` }));
      world.seller.update('opportunity', id, { estimatedvalue: value });
      const mark = world.journal.mark();
      await passes(world, 3, 15_000);
      expect(world.faults.pending()).toBe(0);
      expect(world.referralOf(id)).toMatchObject({ details: { dealValue: value } });
      const entries = world.requests(mark, 'partnerCenter');
      const refused = entries.find((entry) => entry.status === 429);
      if (after)
        for (const entry of entries.slice(entries.indexOf(refused as never) + 1))
          expect(entry.at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(7_500);
    }
  }
  expect(world.partnerCenter.referrals()).toHaveLength(4);
  expect(world.opportunities().every((row) => row['cosell_syncstatus'] === synced)).toBe(true);
  await world.expectSilence();
});

describe('half a share: the own referral is there, the invitation to Microsoft is not', () => {
  const help = { cosell_helprequired: 489100001 };
  const invitations = (): number =>
    world
      .requests(0, 'partnerCenter')
      .filter((entry) => entry.method === 'POST' && entry.status >= 200 && entry.status < 300).length - 1;
  const converged = async (id: string): Promise<void> => {
    await passes(world, 14);
    await world.sync();
    expect(world.partnerCenter.referrals().filter((one) => one.organizationId !== 'msft')).toHaveLength(1);
    expect(world.partnerCenter.microsoftRecord(world.referralOf(id).engagementId)).toBeDefined();
    expect(invitations()).toBe(1);
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced });
    await world.expectSilence();
  };

  test('refused: the seller reads why, the deal stays shared without help, and help is asked for once when it is chosen again', async () => {
    world = await start();
    const id = world.opportunity();
    const answer = JSON.stringify({
      error: {
        code: 'badRequest',
        message: 'The invitation is not valid.',
        details: [{ code: 'invalid', target: '/inviteContext/notes', message: 'Not valid.' }],
      },
    });
    world.faults.next({
      service: 'partnerCenter',
      method: 'POST',
      kind: 'answer',
      status: 400,
      headers: json,
      answer,
      skip: 1,
    });
    world.share(id, help);
    await passes(world, 3);
    expect(world.referralOf(id)).toMatchObject({ status: 'Active' });
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'REFERRAL_REJECTED' });
    await world.expectSilence();
    world.seller.update('opportunity', id, { cosell_notestomicrosoft: 'Bitte um Unterstützung' });
    await converged(id);
  });

  for (const kind of ['resetBefore', 'resetAfter', 'truncate'] as const) {
    test(`lost (${kind}): looked for in the engagement, and sent once`, async () => {
      world = await start();
      const id = world.opportunity();
      world.faults.next({ service: 'partnerCenter', method: 'POST', kind, skip: 1 });
      world.share(id, help);
      await converged(id);
    });
  }

  for (const kind of ['hold', 'holdAnswer'] as const) {
    test(`the worker is killed while it is under way (${kind}): the next worker finishes it, once`, async () => {
      world = await start();
      const id = world.opportunity();
      world.faults.next({ service: 'partnerCenter', method: 'POST', kind, skip: 1 });
      world.share(id, help);
      world.clock.advance(15_000);
      const dying = world.worker.pass().catch(() => undefined);
      while (world.requests(0, 'partnerCenter').filter((entry) => entry.method === 'POST').length < 2)
        await new Promise((resolve) => setImmediate(resolve));
      const { crm } = world.context;
      // What the dead worker would have written never arrives.
      Object.assign(crm, { commit: () => new Promise(() => undefined) });
      await world.restartWorker();
      await passes(world, 2);
      world.faults.release();
      await converged(id);
      void dying;
    });
  }

  test('an incoming deal is not held up by any of it', async () => {
    world = await start();
    world.faults.next({ service: 'partnerCenter', method: 'POST', kind: 'resetAfter', skip: 1 });
    world.share(world.opportunity(), help);
    const referral = world.partnerCenter.microsoft.createDeal(deal);
    await passes(world, 1, 15_000);
    expect(opportunityOf(world, referral.id)).toBeDefined();
  });
});
