import type { WorkerStatus } from '../ports';
import { textOfCode } from './code-text';
import { statusPage } from './status-page';
import { workerStatus } from './test-status';
import { remarksOn, span } from './verdict';

const now = Date.parse('2026-11-23T08:15:30Z');
const feed = workerStatus(now).feeds.crm;
const about = (changes: Partial<WorkerStatus> = {}, silentMs = 0): string[] =>
  remarksOn({ ...workerStatus(now - silentMs), ...changes }, now).map(({ level, text }) => `${level}: ${text}`);

describe('is it well?', () => {
  test('nothing to say is well', () => {
    expect(about()).toEqual([]);
  });

  test.each<[string, Partial<WorkerStatus>, string[]]>([
    ['it ended', { state: 'failed', failureCode: 'CRM_SIGN_IN' }, ['bad: The worker has ended: CRM_SIGN_IN.']],
    [
      'nobody is signed in',
      { state: 'failed', failureCode: 'PARTNER_CENTER_SIGN_IN' },
      ['bad: The worker waits for a sign-in to Partner Center.'],
    ],
    ['it was stopped', { state: 'stopped' }, ['bad: The worker was stopped.']],
    [
      'it cannot start',
      { state: 'starting', failureCode: 'SOLUTION_MISSING' },
      ['bad: The worker cannot start: SOLUTION_MISSING.'],
    ],
    ['it starts', { state: 'starting' }, ['look: The worker is starting.']],
    [
      'it waits',
      { state: 'waiting for the lease' },
      ['look: This worker waits: another one holds the lease of the connection.'],
    ],
    [
      'it is paused, and old feeds are no wonder',
      { state: 'paused', feeds: { crm: { ...feed, watermarkAgeSeconds: 90_000 }, partnerCenter: feed } },
      ['look: Syncing is paused.'],
    ],
    ['Partner Center fails for a moment', { feeds: { crm: feed, partnerCenter: { ...feed, failures: 2 } } }, []],
    [
      'Partner Center fails',
      { feeds: { crm: feed, partnerCenter: { ...feed, failures: 3, watermarkAgeSeconds: 200 } } },
      ['look: Partner Center does not answer (3 times in a row).'],
    ],
    [
      'the CRM is away since yesterday',
      { feeds: { crm: { ...feed, failures: 400, watermarkAgeSeconds: 90_000 }, partnerCenter: feed } },
      ['bad: The CRM has not answered for 25 hours.'],
    ],
    [
      'there is a backlog',
      { feeds: { crm: { ...feed, watermarkAgeSeconds: 900 }, partnerCenter: feed } },
      ['look: Changes from the CRM are done only up to 15 minutes ago.'],
    ],
    ['nothing was complete yet', { feeds: { crm: { ...feed, watermarkAgeSeconds: null }, partnerCenter: feed } }, []],
  ])('%s', (_what, changes, expected) => {
    expect(about(changes)).toEqual(expected);
  });

  test('silence is told from a minute on, and what a silent worker said of its feeds is no news', () => {
    const old: Partial<WorkerStatus> = { feeds: { crm: { ...feed, failures: 9 }, partnerCenter: feed } };
    expect(about(old, 59_000)[0]).toContain('does not answer');
    expect(about(old, 61_000)).toEqual(['bad: The worker has said nothing for 61 seconds.']);
    expect(about({}, 3 * 86_400_000)).toEqual(['bad: The worker has said nothing for 3 days.']);
  });

  test('a worker that failed and has not tried again for long is not said to wait, or to be started again', () => {
    for (const failureCode of ['CRM_SIGN_IN', 'PARTNER_CENTER_SIGN_IN']) {
      const status = { ...workerStatus(now - 3 * 86_400_000), state: 'failed' as const, failureCode };
      const [first] = remarksOn(status, now);
      expect(first?.text).toBe(`The worker ended 3 days ago: ${failureCode}.`);
      expect(first?.advice).toMatch(/Nothing has tried again since: see whether its host runs the WebJob/);
      expect(about({ state: 'failed', failureCode }, 35 * 60_000)[0]).toMatch(/has ended|waits for a sign-in/);
    }
  });

  test.each<[number | null, string[]]>([
    [null, []],
    [30, []],
    [29, ['look: The Partner Center sign-in ends in 29 days.']],
    [10, ['look: The Partner Center sign-in ends in 10 days.']],
    [9, ['bad: The Partner Center sign-in ends in 9 days.']],
    [1, ['bad: The Partner Center sign-in ends in 1 day.']],
    [-1, ['bad: The Partner Center sign-in has ended.']],
  ])('with %s days left of the sign-in', (daysLeft, expected) => {
    expect(about({ signIn: { renewedOn: null, endsOn: null, daysLeft } })).toEqual(expected);
    for (const { advice } of remarksOn(workerStatus(now, { signIn: { renewedOn: null, endsOn: null, daysLeft } }), now))
      expect(advice).toContain('cosell signin');
  });

  test('the worst comes first, and every remark says what to do', () => {
    const status = workerStatus(now, {
      throttling: {
        dataverse: { refused: 1, waitingUntil: new Date(now + 1_000).toISOString() },
        partnerCenter: { refused: 0, waitingUntil: new Date(now - 1_000).toISOString() },
      },
      signIn: { renewedOn: null, endsOn: null, daysLeft: 3 },
      state: 'paused',
    });
    const remarks = remarksOn(status, now);
    expect(remarks.map(({ level }) => level)).toEqual(['bad', 'look', 'look']);
    expect(remarks.at(-1)?.text).toBe('Dataverse asked for a pause.');
    for (const { advice } of [...remarks, ...remarksOn(null, now)]) expect(advice.length).toBeGreaterThan(20);
  });

  test('spans are said as people say them', () => {
    expect([0, 1, 90, 120, 7_199, 7_200, 172_799, 172_800].map(span)).toEqual([
      '0 seconds',
      '1 second',
      '90 seconds',
      '2 minutes',
      '119 minutes',
      '2 hours',
      '47 hours',
      '2 days',
    ]);
  });
});

describe('the page', () => {
  const text = (changes: Partial<WorkerStatus>): string =>
    statusPage({
      connection: 'default',
      status: workerStatus(now, changes),
      counts: { deliveries: {}, dataverse: {}, downloads: {}, forwards: {}, requests: {}, signIns: {} },
      now,
      refreshes: true,
      canSignOut: false,
    });

  test('says when the books do not add up', () => {
    expect(text({})).toContain('The books add up.');
    const torn = { ...workerStatus(now).balance, seen: 101 };
    expect(text({ balance: torn })).toContain('do not add up:</strong> 101 seen, 100 ended');
  });

  test('explains each code in the words that its seller reads, without the deal’s own values', () => {
    expect(textOfCode('COUNTRY_UNKNOWN')).toMatchObject({
      text: expect.stringMatching(/^Country “…” of/),
      anchor: 'findings',
    });
    expect(textOfCode('CRM_REFUSED').anchor).toBe('errors');
    expect(textOfCode('textTooLong').anchor).toBe('settings-and-environment');
    expect(textOfCode('constructor')).toEqual({ text: '', anchor: '' });
    expect(text({ parkedDeals: 1, parked: { FROM_THE_FUTURE: 1 } })).toContain(
      'See the column Error of the referral rows.',
    );
  });
});
