import { readNotification } from './notification';
import { notificationText } from './test-certificates';

const read = (changes: Readonly<Record<string, unknown>> = {}) =>
  readNotification(Buffer.from(notificationText(changes)));
const id = '0d96f3b2-7e14-4c5a-b1f8-a2c4d6e80713';

test('a notification as Microsoft documents it names its referral and when it changed', () => {
  expect(read()).toEqual({
    kind: 'referral',
    eventName: 'referral-updated',
    resourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${id}`,
    referralId: id,
    changedOn: Date.parse('2026-03-02T08:59:00.030Z'),
    changedOnText: '2026-03-02T08:59:00.0300000+00:00',
  });
});

test('names are read in any case, AuditUri may be missing, unknown names do not matter', () => {
  const camel = {
    eventName: 'Related-Referral-Created',
    resourceURI: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${id.toUpperCase()}`,
    resourceName: 'referral',
    resourceChangeUtcDate: '2026-03-02T08:59:00Z',
    later: { more: 1 },
  };
  expect(readNotification(Buffer.from(JSON.stringify(camel)))).toMatchObject({
    kind: 'referral',
    eventName: 'related-referral-created',
    referralId: id,
  });
});

test('the host in ResourceUri does not matter, since nobody follows it', () => {
  expect(read({ ResourceUri: `http://attacker.example/x/${id}?y=1#z` })).toMatchObject({ referralId: id });
});

test.each([
  ['a path that does not end in a GUID', { ResourceUri: `https://api.partnercenter.microsoft.com/referrals/${id}/x` }],
  ['a GUID with something behind it', { ResourceUri: `https://api.partnercenter.microsoft.com/referrals/${id}'` }],
  ['an escaped slash', { ResourceUri: `https://api.partnercenter.microsoft.com/referrals/..%2f${id}` }],
  ['a slash at the end', { ResourceUri: `https://api.partnercenter.microsoft.com/referrals/${id}/` }],
  ['no address', { ResourceUri: id }],
  ['a number', { ResourceUri: 5 }],
  ['nothing', { ResourceUri: undefined }],
  ['an address without end', { ResourceUri: `https://a.example/${'x'.repeat(600)}/${id}` }],
])('a ResourceUri with %s is refused', (_what, changes) => {
  expect(read(changes)).toEqual({ fault: 'no referral id' });
});

test.each([
  undefined,
  null,
  17,
  '',
  'yesterday',
  '2026-03-02',
  '2026-13-02T00:00:00Z',
  '2026-03-02T08:59:00.0300000 +00:00',
])('the date %j is refused', (date) => {
  expect(read({ ResourceChangeUtcDate: date })).toEqual({ fault: 'no date' });
});

test.each([
  ['2026-03-02T08:59:00.1234567+00:00', '2026-03-02T08:59:00.123Z'],
  ['2026-03-02T10:59:00+02:00', '2026-03-02T08:59:00.000Z'],
  ['2026-03-02T08:59:00.1', '2026-03-02T08:59:00.100Z'],
])('the date %s is %s', (text, instant) => {
  expect(read({ ResourceChangeUtcDate: text })).toMatchObject({ changedOn: Date.parse(instant), changedOnText: text });
});

test('events of other products are named and asked for nothing more', () => {
  expect(readNotification(Buffer.from('{"EventName":"invoice-ready"}'))).toEqual({
    kind: 'foreign',
    eventName: 'invoice-ready',
  });
  expect(readNotification(Buffer.from('{"EventName":"test-created"}'))).toEqual({
    kind: 'test',
    eventName: 'test-created',
  });
});

test.each(['', '{', '[]', 'null', '"referral-created"', '{"EventName":"referral-created"}{}'])(
  '%j is no notification',
  (text) => {
    expect(readNotification(Buffer.from(text))).toEqual({ fault: 'no JSON' });
  },
);

test('bytes that are no UTF-8 are refused; a byte order mark is not', () => {
  const text = Buffer.from(notificationText());
  expect(readNotification(Buffer.concat([text.subarray(0, 20), Buffer.from([0xff, 0xfe]), text.subarray(20)]))).toEqual(
    {
      fault: 'no JSON',
    },
  );
  expect(readNotification(Buffer.concat([Buffer.from('\uFEFF'), text]))).toMatchObject({ referralId: id });
});

test('a name that comes in two spellings is refused, since it could be read in two ways', () => {
  expect(read({ eventname: 'invoice-ready' })).toEqual({ fault: 'doubled name' });
});

test.each([undefined, 5, '', 'referral created', 'x'.repeat(101)])('the event name %j is refused', (EventName) => {
  expect(read({ EventName })).toEqual({ fault: 'no event name' });
});
