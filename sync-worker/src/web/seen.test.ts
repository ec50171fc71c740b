import type { ReferralNotification } from './notification';
import { Seen } from './seen';

const noon = Date.parse('2026-03-02T12:00:00Z');
const second = 1_000;
const day = 86_400_000;

function delivery(changes: Partial<ReferralNotification> & { at?: number } = {}): ReferralNotification {
  const changedOn = changes.at ?? noon;
  return {
    kind: 'referral',
    eventName: 'referral-updated',
    resourceUri: 'https://api.partnercenter.microsoft.com/engagements/v1/referrals/a',
    referralId: 'a',
    changedOn,
    changedOnText: new Date(changedOn).toISOString(),
    ...changes,
  };
}

test('the very same delivery is new once, however often it comes', () => {
  const seen = new Seen({ maxAgeMs: 7 * day });
  expect(seen.judge(delivery(), noon)).toBe('new');
  // Told to come back, it is still new when it does.
  expect(seen.judge(delivery(), noon)).toBe('new');
  seen.remember(delivery(), noon);
  expect(seen.judge(delivery(), noon)).toBe('repeated');
  expect(seen.judge(delivery(), noon + day)).toBe('repeated');
});

test('a later change of the same referral is new, an earlier one is covered for a minute', () => {
  const seen = new Seen({ maxAgeMs: 7 * day });
  seen.remember(delivery(), noon);
  expect(seen.judge(delivery({ at: noon + second }), noon + second)).toBe('new');
  expect(seen.judge(delivery({ at: noon - second }), noon + second)).toBe('covered');
  expect(seen.judge(delivery({ eventName: 'referral-created' }), noon + second)).toBe('covered');
  expect(seen.judge(delivery({ at: noon - second }), noon + 61 * second)).toBe('new');
  expect(seen.judge(delivery({ at: noon - second, referralId: 'b' }), noon + second)).toBe('new');
});

test('a hundred old deliveries of one referral cost one look a minute', () => {
  const seen = new Seen({ maxAgeMs: 7 * day });
  let looks = 0;
  for (let n = 0; n < 100; n++) {
    const replay = delivery({ at: noon - n * second });
    const now = noon + n * second;
    if (seen.judge(replay, now) !== 'new') continue;
    looks += 1;
    seen.remember(replay, now);
  }
  expect(looks).toBe(2);
});

test('what is older than the setting says is old, whoever signed it', () => {
  const seen = new Seen({ maxAgeMs: 7 * day });
  expect(seen.judge(delivery({ at: noon - 7 * day }), noon)).toBe('new');
  expect(seen.judge(delivery({ at: noon - 7 * day - 1 }), noon)).toBe('old');
});

test('a date in the future does not cover what follows', () => {
  const seen = new Seen({ maxAgeMs: 7 * day });
  seen.remember(delivery({ at: noon + 365 * day }), noon);
  expect(seen.judge(delivery({ at: noon + second }), noon + second)).toBe('new');
});

test('forgets the oldest first and stays small', () => {
  const seen = new Seen({ maxAgeMs: 7 * day, most: 3 });
  for (const name of ['a', 'b', 'c', 'd']) {
    seen.remember(delivery({ referralId: name, resourceUri: `https://a.example/${name}` }), noon);
  }
  expect(seen.size).toBe(3);
  const judged = ['a', 'b', 'd'].map((name) =>
    seen.judge(delivery({ referralId: name, resourceUri: `https://a.example/${name}` }), noon),
  );
  expect(judged).toEqual(['new', 'repeated', 'repeated']);
});
