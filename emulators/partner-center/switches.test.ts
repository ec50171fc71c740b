import { setSwitch, switchChoices, type Switches } from './switches';
import {
  add,
  changed,
  contact,
  coSellBody,
  inviteBody,
  privateBody,
  replace,
  seller,
  startTestWorld,
  toState,
  type TestWorld,
} from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

const day = 86_400_000;
const asked = { headers: { prefer: 'return=representation' } };
const newDeal = async (body: object = privateBody()) => (await world.create(body)).json;
const statusOf = async (promise: Promise<{ status: number }>): Promise<number> => (await promise).status;
const codeOf = async (promise: Promise<{ json: { error: { innerError: { code: string } } } }>): Promise<string> =>
  (await promise).json.error.innerError.code;
const byId = async (id: string) => (await world.get(id)).json;

/** What can be seen of each switch: the same observation gives these answers under its choices. */
const observations: Readonly<Record<string, { look: () => Promise<unknown>; expected: readonly unknown[] }>> = {
  'create.status': { look: () => statusOf(world.create(privateBody())), expected: [200, 201] },
  'create.readOnlyFields': {
    look: () => statusOf(world.create({ ...privateBody(), eTag: 'x' })),
    expected: [200, 400],
  },
  'create.direction': { look: async () => (await newDeal()).direction, expected: ['Outgoing', 'Incoming'] },
  'create.unknownSolution': {
    look: () => statusOf(world.create(changed(privateBody(), 'details.requirements.solutions', [{ id: 'SOL-1' }]))),
    expected: [400, 200],
  },
  'invite.flipsType': {
    look: async () => {
      const own = await newDeal(changed(coSellBody(), 'type', 'Independent'));
      await world.create(inviteBody(own.engagementId));
      return (await byId(own.id)).type;
    },
    expected: ['Shared', 'Independent'],
  },
  'invite.again': {
    look: async () => {
      const { engagementId } = await world.coSell();
      world.pc.microsoft.decline(engagementId, 'no');
      return statusOf(world.create(inviteBody(engagementId)));
    },
    expected: [400, 200],
  },
  'patch.noPrefer': {
    look: async () => statusOf(world.patch((await newDeal()).id, [replace('/salesStage', '20')])),
    expected: [204, 200],
  },
  'patch.etagOn204': {
    look: async () => {
      const { id } = await newDeal();
      const answer = await world.patch(id, [replace('/salesStage', '20')]);
      return answer.headers.get('etag') === world.pc.referral(id)?.eTag;
    },
    expected: [false, true],
  },
  'patch.stringNumbers': {
    look: async () => statusOf(world.patch((await newDeal()).id, [replace('/details/dealValue', '10')])),
    expected: [204, 400],
  },
  'patch.extraPaths': {
    look: async () => {
      const { id } = await newDeal();
      return [
        await statusOf(world.patch(id, [replace('/name', 'x')])),
        await statusOf(world.patch(id, [replace('/favorite', true)])),
      ];
    },
    expected: [
      [204, 400],
      [400, 400],
      [204, 204],
    ],
  },
  'patch.jsonPatchContentType': {
    look: async () => {
      const headers = { 'content-type': 'application/json-patch+json' };
      return statusOf(world.patch((await newDeal()).id, [replace('/salesStage', '20')], { headers }));
    },
    expected: [415, 204],
  },
  'patch.noChange': {
    look: async () => {
      const { id, eTag, name } = await newDeal();
      return (await world.patch(id, [replace('/name', name)], asked)).json.eTag === eTag;
    },
    expected: [false, true],
  },
  'patch.customerContactsWhenShared': {
    look: async () => {
      const empty = await newDeal(changed(coSellBody(), 'customerProfile.team', []));
      const filled = await newDeal(coSellBody());
      return [
        await statusOf(world.patch(empty.id, [add('/customerProfile/team/-', contact)])),
        await statusOf(world.patch(filled.id, [replace('/customerProfile/team', [])])),
      ];
    },
    expected: [
      [204, 400],
      [400, 400],
      [204, 204],
    ],
  },
  'close.error': {
    look: async () => statusOf(world.patch((await newDeal()).id, toState('Closed', 'Error', 'Test referral'))),
    expected: [204, 400],
  },
  'close.requireReason': {
    look: async () => statusOf(world.patch((await newDeal()).id, toState('Closed', 'Lost'))),
    expected: [204, 400],
  },
  'accept.requireDetails': {
    look: async () => {
      const { id } = world.pc.microsoft.createDeal({ wire: { details: { dealValue: null } } });
      return statusOf(world.patch(id, toState('Active', 'Accepted')));
    },
    expected: [400, 204],
  },
  'state.machine': {
    look: async () => statusOf(world.patch((await newDeal()).id, toState('Closed', 'Declined', 'Others'))),
    expected: [400, 204],
  },
  forbidden: {
    look: async () => {
      world.pc.roles.assign('admin@larkspur.example', { role: 'ReferralsAdmin' });
      world.pc.roles.assign('stranger@larkspur.example', { role: 'ReferralsUser' });
      return statusOf(world.get((await newDeal()).id, { token: 'stranger' }));
    },
    expected: [404, 403],
  },
  terminal: {
    look: async () => {
      const { id } = await newDeal();
      await world.patch(id, toState('Closed', 'Won'));
      return statusOf(world.patch(id, [replace('/details/notes', 'x')]));
    },
    expected: [400, 409, 422],
  },
  stateRule: {
    look: async () => statusOf(world.patch((await newDeal()).id, toState('New', 'Pending'))),
    expected: [400, 409, 422],
  },
  etagMismatch: {
    look: async () => {
      const headers = { 'if-match': '"old"' };
      const answer = await world.patch((await newDeal()).id, [replace('/salesStage', '20')], { headers });
      return `${answer.status} ${answer.json.error.code}`;
    },
    expected: ['412 preconditionFailed', '412 resourceModified', '409 resourceModified'],
  },
  'errors.envelope': {
    look: async () => {
      const answer = await world.create({});
      return [answer.status, answer.json ? Object.keys(answer.json)[0] : answer.text.slice(0, 6)];
    },
    expected: [
      [400, 'error'],
      [400, 'statusCode'],
      [400, '<html>'],
      [400, ''],
    ],
  },
  'html.escape': {
    look: async () => (await newDeal(changed(privateBody(), 'customerProfile.name', 'A & B'))).customerProfile.name,
    expected: ['A & B', 'A &amp; B'],
  },
  'closing.localMidnight': {
    look: async () => {
      const { id } = world.pc.portal.createDeal({ closingDate: '2026-10-15' });
      return (await byId(id)).details.closingDateTime;
    },
    expected: ['2026-10-15T00:00:00Z', '2026-10-14T18:30:00Z'],
  },
  'address.stateIn': {
    look: async () => {
      const { state, region } = (await newDeal()).customerProfile.address;
      return [state, region];
    },
    expected: [
      ['HB', null],
      [null, 'HB'],
    ],
  },
  'names.trailingBlanks': {
    look: async () => (await newDeal()).team[0].firstName,
    expected: ['Mareike', 'Mareike '],
  },
  'registrations.absent': {
    look: async () => {
      for (let made = 0; made < 60; made += 1) await newDeal();
      const { value } = (await world.list()).json;
      const absent = value.filter((row: object) => !('registrations' in row)).length;
      return absent === 0 ? 'none' : absent === value.length ? 'all' : 'some';
    },
    expected: ['some', 'none', 'all'],
  },
  'requirements.absent': {
    look: async () => {
      for (let made = 0; made < 60; made += 1) await newDeal();
      const { value } = (await world.list()).json;
      type Row = { details: { requirements: object } };
      return value.some((row: Row) => !('offers' in row.details.requirements));
    },
    expected: [false, true],
  },
  nullArrays: { look: async () => (await newDeal()).customerProfile.ids, expected: [[], null] },
  'list.includesMicrosoft': {
    look: async () => {
      await world.coSell();
      return (await world.list()).json.value.length;
    },
    expected: [1, 2],
  },
  'list.top': {
    look: async () => {
      for (let made = 0; made < 3; made += 1) await newDeal();
      return '@odata.nextLink' in (await world.list({ $top: '2' })).json;
    },
    expected: [true, false],
  },
  'list.nextLink': {
    look: async () => {
      for (let made = 0; made < 2; made += 1) await newDeal();
      const link: string = (await world.list({ $top: '1' })).json['@odata.nextLink'];
      return link.replace(world.pc.url, '{url}').replace(/=.*/, '=');
    },
    expected: [
      '{url}/v1.0/engagements/referrals?$skiptoken=',
      '{url}/v1.0/engagements/referrals?$skiptoken=',
      '{url}/v1.0/referrals?$skiptoken=',
      'referrals?$skiptoken=',
    ],
  },
  'list.marketplaceLeads': {
    look: async () => {
      world.pc.microsoft.createLead({ kind: 'marketplace' });
      return (await world.list()).json.value.length;
    },
    expected: [1, 0],
  },
  'list.dateLiteral': {
    look: async () => [
      await statusOf(world.list({ $filter: 'updatedDateTime ge 2026-01-01T00:00:00Z' })),
      await statusOf(world.list({ $filter: "updatedDateTime ge '2026-01-01T00:00:00Z'" })),
    ],
    expected: [
      [200, 400],
      [400, 200],
      [200, 200],
    ],
  },
  'list.externalReferenceIdFilter': {
    look: async () => statusOf(world.list({ $filter: "externalReferenceId eq 'x'" })),
    expected: [400, 200],
  },
  'list.createdFilter': {
    look: async () => statusOf(world.list({ $filter: 'createdDateTime ge 2026-01-01T00:00:00Z' })),
    expected: [501, 200],
  },
  'related.movesOwn': {
    look: async () => {
      const own = await world.coSell();
      const before = world.pc.referral(own.id)?.updatedDateTime;
      world.clock.advance(day);
      world.pc.microsoft.accept(own.engagementId);
      return world.pc.referral(own.id)?.updatedDateTime !== before;
    },
    expected: [false, true],
  },
  'auth.appOnly': { look: () => statusOf(world.list({}, { token: 'app' })), expected: [403, 401] },
  'roles.webhooks': {
    look: () => statusOf(world.call('GET', '/webhooks/v1/registration/events')),
    expected: [200, 403],
  },
  mfa: {
    look: async () => {
      const answer = await world.list({}, { token: 'passwordOnly' });
      return [answer.status, answer.json.error?.innerError?.code, answer.headers.get('www-authenticate')];
    },
    expected: [
      [200, undefined, null],
      [401, '900421', 'Bearer error="invalid_token"'],
    ],
  },
  'events.ownWrites': {
    look: async () => {
      await register();
      await newDeal();
      return world.pc.deliveries.list().length;
    },
    expected: [1, 0],
  },
  'webhook.case': {
    look: async () => {
      await register();
      await newDeal();
      return Object.keys(JSON.parse(world.pc.deliveries.list()[0]?.body ?? '{}'))[0];
    },
    expected: ['EventName', 'eventName'],
  },
  'webhook.relatedId': {
    look: async () => {
      await register();
      const own = await world.coSell();
      const related = world.pc.deliveries.list().find((one) => one.eventName === 'related-referral-created');
      return related?.resourceUri.endsWith(own.id);
    },
    expected: [false, true],
  },
  'webhook.registrationShape': {
    look: async () => Object.keys((await register()).json)[0],
    expected: ['subscriberId', 'SubscriberId'],
  },
  'validation.shape': {
    look: async () => {
      await register();
      return typeof (await world.call('POST', '/webhooks/v1/registration/validationEvents', { body: '' })).json;
    },
    expected: ['object', 'string'],
  },
};

/** Two have a test of their own below, the rest in the tests of the webhooks, which have a receiver. */
const observedElsewhere = ['casing', 'list.continuation', 'webhook.order', 'webhook.auto', 'webhook.certificateFormat'];

async function register() {
  return world.call('POST', '/webhooks/v1/registration', {
    body: {
      WebhookUrl: 'https://receiver.example/hook',
      WebhookEvents: ['referral-created', 'referral-updated', 'related-referral-created', 'test-created'],
    },
  });
}

test('every switch with choices is observed', () => {
  const observed = [...Object.keys(observations), ...observedElsewhere].sort();
  expect(observed).toEqual(Object.keys(switchChoices).sort());
});

const cases = Object.entries(observations).flatMap(([name, { expected }]) =>
  expected.map((_answer, index): [string, string | number | undefined, number] => [
    name,
    switchChoices[name]?.[index],
    index,
  ]),
);
test.each(cases)('%s = %s', async (name, choice, index) => {
  const observation = observations[name];
  setSwitch(world.pc.switches, name, choice);
  expect(await observation?.look()).toEqual(observation?.expected[index]);
});

test('casing pascal writes every name with a capital', async () => {
  const { id } = await newDeal();
  world.pc.switches.casing = 'pascal';
  const json = await byId(id);
  expect(json).toMatchObject({
    Id: id,
    CustomerProfile: { Address: { City: 'Bremen' } },
    Team: [{ Email: seller.email }],
  });
  expect(json).not.toHaveProperty('id');
});

test.each([
  ['offset', ['d3', 'd0']],
  ['keyset', ['d2', 'd3']],
])('when a row moves up between pages, a continuation by %s goes on with %j', async (continuation, expected) => {
  setSwitch(world.pc.switches, 'list.continuation', continuation);
  const made = [];
  for (let index = 0; index < 4; index += 1) made.push(await newDeal({ ...privateBody(), name: `d${index}` }));
  const link: string = (await world.list({ $top: '2', $orderby: 'updatedDateTime asc' })).json['@odata.nextLink'];
  await world.patch(made[0].id, [replace('/salesStage', '20')]);
  const { value } = (await world.call('GET', link.slice(world.pc.url.length))).json;
  expect(value.map((row: { name: string }) => row.name)).toEqual(expected);
});

test('lists lag behind by index.lagMs, reads by id do not, and no older version ever returns', async () => {
  const { id } = await newDeal();
  const listed = async () => (await world.list()).json.value[0]?.salesStage;
  world.pc.switches['index.lagMs'] = 30_000;
  await world.patch(id, [replace('/salesStage', '20')]);
  expect([(await byId(id)).salesStage, await listed()]).toEqual(['20', null]);
  world.clock.advance(29_999);
  expect(await listed()).toBeNull();
  world.pc.switches['index.lagMs'] = 0;
  await world.patch(id, [replace('/salesStage', '40')]);
  expect(await listed()).toBe('40');
  world.clock.advance(60_000);
  expect(await listed()).toBe('40');
});

test('a new referral is not listed before the lag is over', async () => {
  world.pc.switches['index.lagMs'] = 2000;
  const { id } = await newDeal();
  expect((await world.list()).json.value).toEqual([]);
  expect((await world.get(id)).status).toBe(200);
  world.clock.advance(2000);
  expect((await world.list()).json.value).toHaveLength(1);
});

describe('throttling', () => {
  const rule = { requests: 2, windowMs: 60_000 };
  test('counts every attempt in a window and says when to come back', async () => {
    world.pc.switches.throttle = [rule];
    expect([await statusOf(world.list()), await statusOf(world.list())]).toEqual([200, 200]);
    world.clock.advance(20_000);
    const refused = await world.list();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(refused.json).toEqual({ statusCode: 429, message: 'Rate limit is exceeded. Try again in 40 seconds.' });
    world.clock.advance(40_000);
    expect(await statusOf(world.list())).toBe(200);
  });

  test('may give a date in place of seconds', async () => {
    world.pc.switches.throttle = [{ ...rule, requests: 0, retryAfter: 'date' }];
    expect((await world.list()).headers.get('retry-after')).toBe('Mon, 02 Mar 2026 08:01:00 GMT');
  });

  test('a rule may name a method', async () => {
    world.pc.switches.throttle = [{ ...rule, requests: 0, method: 'POST' }];
    expect(await statusOf(world.list())).toBe(200);
    expect(await statusOf(world.create(privateBody()))).toBe(429);
  });
});

describe('setting a switch by name', () => {
  const refused: [string, unknown][] = [
    ['no.such.switch', 1],
    ['create.status', 202],
    ['casing', 'snake'],
    ['index.lagMs', 'soon'],
    ['throttle', [{ requests: 1 }]],
    ['webhook.scheduleMs', 5],
  ];
  test.each(refused)('%s does not take %j', (name, value) => {
    const switches = { ...world.pc.switches } as Switches;
    expect(() => setSwitch(switches, name, value)).toThrow();
    expect(switches).toEqual(world.pc.switches);
  });
});

test('a refused state rule keeps its own code under another status', async () => {
  world.pc.switches.terminal = 422;
  const { id } = await newDeal();
  await world.patch(id, toState('Closed', 'Won'));
  expect(await codeOf(world.patch(id, [replace('/details/notes', 'x')]))).toBe('terminal');
});
