import { SyncError } from './errors';
import { FeedState } from './feed-state';
import { Nudge } from './nudge';
import type { Hint, WorkerState, WorkerStatus } from './ports';
import { Report } from './report';
import { run, type RunOptions } from './run';
import { alertStep, SignInAlert } from './sign-in-alert';
import type { StatusNow } from './status';
import { FakeClock } from './testing/fake-clock';
import { logLines, type LogLines } from './testing/log-lines';
import { workerVersion } from './version';
import packageJson from '../../package.json';

const hint = (kind: Hint['kind']): Hint => ({ kind, id: '0000000a-0000-4000-8000-000000000001' });

let clock: FakeClock;
let log: LogLines;
let closed: number;
beforeEach(() => {
  closed = 0;
  clock = new FakeClock();
  log = logLines();
});

/** A worker that writes down when it was asked what, in seconds since the start. */
function staged(
  more: Partial<RunOptions> & { readonly open?: () => Promise<boolean>; readonly pollCrm?: () => Promise<void> } = {},
) {
  const polls: Record<'crm' | 'partnerCenter', number[]> = { crm: [], partnerCenter: [] };
  const hinted: Hint[][] = [];
  const queue: Hint[][] = [];
  const worker = {
    open: more.open ?? (async () => true),
    pollCrm: async () => {
      polls.crm.push(clock.monotonic() / 1000);
      await more.pollCrm?.();
    },
    pollPartnerCenter: async () => void polls.partnerCenter.push(clock.monotonic() / 1000),
    minute: async () => undefined,
    queue: { wake: () => undefined },
    deleteOldEvents: async () => 0,
    close: async () => void (closed += 1),
    balance: () => ({}),
    hint: async (hints: Hint[]) => {
      if (hints.length > 0) hinted.push(hints);
      return { crm: hints.some(({ kind }) => kind === 'record'), partnerCenter: hints.length > 20 };
    },
  } as unknown as RunOptions['worker'];
  const stop = new AbortController();
  const options: RunOptions = {
    worker,
    clock,
    log,
    crmPollMs: () => 10_000,
    partnerCenterPollMs: () => 20_000,
    paused: () => false,
    hints: { take: async () => queue.shift() ?? [] },
    ...more,
  };
  return { polls, hinted, queue, stop, options };
}

/** What is under way goes on first. */
async function seconds(count: number): Promise<void> {
  await clock.advance(0);
  for (let step = 0; step < count * 4; step++) await clock.advance(250);
}

async function ended(running: Promise<void>): Promise<void> {
  for (let step = 0; step < 20; step++) await clock.advance(100);
  await running;
}

describe('the end', () => {
  test('a worker that is stopped while it still loads the links stops, and polls nothing any more', async () => {
    let loaded = (): void => undefined;
    const { options, stop, polls } = staged({
      open: () => new Promise((resolve) => (loaded = (): void => resolve(true))),
    });
    const running = run(options, stop.signal);
    await seconds(1);
    stop.abort();
    loaded();
    let isOver = false;
    void running.then(() => (isOver = true));
    await seconds(30);
    expect(isOver).toBe(true);
    expect(polls).toEqual({ crm: [], partnerCenter: [] });
    expect(closed).toBe(1);
  });
});

describe('hints and polls', () => {
  test('without hints each side is asked in its own time', async () => {
    const { options, stop, polls } = staged();
    const running = run(options, stop.signal);
    await seconds(41);
    expect(polls).toEqual({ crm: [0, 10, 20, 30, 40], partnerCenter: [0, 20, 40] });
    stop.abort();
    await ended(running);
  });

  test('a hint about a record has the CRM asked within half a second, at most once a second', async () => {
    const { options, stop, polls, queue } = staged();
    const running = run(options, stop.signal);
    await seconds(3);
    // Every half second for three seconds.
    for (let times = 0; times < 6; times++) {
      queue.push([hint('record')]);
      await clock.advance(500);
    }
    await seconds(1);
    const early = polls.crm.filter((at) => at > 0 && at < 9);
    expect(early[0]).toBeLessThanOrEqual(3.5);
    expect(early.length).toBeGreaterThanOrEqual(3);
    for (const [at, poll] of early.entries()) expect(poll - (early[at - 1] ?? 0)).toBeGreaterThanOrEqual(1);
    expect(polls.partnerCenter).toEqual([0]);
    stop.abort();
    await ended(running);
  });

  test('a crowd of referrals has Partner Center’s list asked at once', async () => {
    const { options, stop, polls, queue } = staged();
    const running = run(options, stop.signal);
    await seconds(3);
    queue.push(Array.from({ length: 21 }, () => hint('referral')));
    await seconds(1);
    expect(polls.partnerCenter).toHaveLength(2);
    expect(polls.crm).toEqual([0]);
    stop.abort();
    await ended(running);
  });

  test('while paused hints are taken, so that their folder does not fill, and followed by nobody', async () => {
    const { options, stop, polls, queue, hinted } = staged({ paused: () => true });
    const running = run(options, stop.signal);
    queue.push([hint('referral')], [hint('record')]);
    await seconds(2);
    expect(queue).toEqual([]);
    expect(hinted).toEqual([]);
    expect(polls).toEqual({ crm: [], partnerCenter: [] });
    stop.abort();
    await ended(running);
  });

  test('a service that fails is not asked more often because of hints', async () => {
    const { options, stop, polls, queue } = staged({
      pollCrm: () => Promise.reject(new SyncError('SERVICE_UNAVAILABLE')),
    });
    const running = run(options, stop.signal);
    await seconds(0);
    for (let times = 0; times < 100; times++) {
      queue.push([hint('record')]);
      await clock.advance(500);
    }
    expect(polls.crm).toEqual([0, 20]);
    stop.abort();
    await ended(running);
  });

  test('a poll that fails says what the service said and under which id, and of a defect where it is', async () => {
    const denied = { detail: 'leads: HTTP 403: 0x80040220: prvReadLead is missing', requestId: 'a-1' };
    const failures: Error[] = [new SyncError('CRM_DENIED', denied), new TypeError('no such thing')];
    const { options, stop } = staged({ pollCrm: () => Promise.reject(failures.shift() ?? new Error('none is left')) });
    const running = run(options, stop.signal);
    await seconds(25);
    stop.abort();
    await ended(running);
    const said = log.lines.filter(({ message }) => message === 'a poll failed').map(({ fields }) => fields);
    expect(said[0]).toEqual({ name: 'SyncError', code: 'CRM_DENIED', ...denied, failures: 1 });
    expect(said[1]).toMatchObject({ name: 'TypeError', stack: expect.stringContaining('run.test.ts') as string });
  });

  test('a worker that cannot start says what it waits for, and why', async () => {
    const detail = 'SELF_SIGNED_CERT_IN_CHAIN, contoso.crm.dynamics.com';
    const { options, stop } = staged({ open: () => Promise.reject(new SyncError('NETWORK_FAILED', { detail })) });
    const running = run(options, stop.signal);
    await seconds(1);
    stop.abort();
    await ended(running);
    expect(log.lines).toContainEqual({
      level: 'warn',
      message: 'not open yet',
      fields: { name: 'SyncError', code: 'NETWORK_FAILED', detail, requestId: undefined },
    });
  });

  test('a folder that cannot be read is said once, again after it worked, and polls go on', async () => {
    let broken = true;
    const take = async (): Promise<readonly Hint[]> => {
      if (broken)
        throw new SyncError('SETTING_INVALID', { detail: 'COSELL_SHARED_FOLDER /x: it cannot be used (EIO)' });
      return [];
    };
    const { options, stop, polls } = staged({ hints: { take } });
    const running = run(options, stop.signal);
    await seconds(5);
    const said = (): number => log.lines.filter(({ message }) => message.startsWith('hints cannot be taken')).length;
    expect(said()).toBe(1);
    broken = false;
    await seconds(1);
    broken = true;
    await seconds(8);
    expect(said()).toBe(2);
    expect(polls.crm).toEqual([0, 10]);
    stop.abort();
    await ended(running);
  });

  test('a nudge during the work counts for the next turn', async () => {
    const nudge = new Nudge();
    nudge.taken();
    nudge.give();
    let rested = false;
    void nudge.rest(clock, 60_000, new AbortController().signal).then(() => (rested = true));
    await clock.advance(999);
    expect(rested).toBe(false);
    await clock.advance(1);
    expect(rested).toBe(true);
  });
});

describe('the report', () => {
  const blank = { signIn: null } as unknown as WorkerStatus;
  const collect = (now: StatusNow): WorkerStatus =>
    ({ ...blank, ...now, writtenOn: new Date(clock.now()).toISOString() }) as WorkerStatus;

  function kept(there: WorkerStatus | null = null) {
    const written: { at: number; state: WorkerState; failureCode?: string }[] = [];
    let file = there;
    const report = new Report({
      clock,
      log,
      collect,
      file: {
        write: async (status) => {
          file = status;
          written.push({
            at: clock.monotonic() / 1000,
            state: status.state,
            ...(status.failureCode ? { failureCode: status.failureCode } : {}),
          });
        },
        read: async () => file,
      },
    });
    return { report, written };
  }

  test('comes every five seconds and says at last that the worker was stopped', async () => {
    const { report, written } = kept();
    const { options, stop } = staged({ report });
    const running = run(options, stop.signal);
    await seconds(11);
    stop.abort();
    await ended(running);
    expect(written.map(({ state }) => state)).toEqual(['starting', 'running', 'running', 'stopped']);
    expect(written.slice(0, 3).map(({ at }) => at)).toEqual([0, 5, 10]);
  });

  test('names the failure with which the worker ended', async () => {
    const { report, written } = kept();
    const { options, stop } = staged({ report, pollCrm: () => Promise.reject(new SyncError('CRM_SIGN_IN')) });
    const running = run(options, stop.signal).catch((error: unknown) => error);
    for (let step = 0; step < 20; step++) await clock.advance(100);
    expect(await running).toMatchObject({ code: 'CRM_SIGN_IN' });
    expect(written.at(-1)).toMatchObject({ state: 'failed', failureCode: 'CRM_SIGN_IN' });
  });

  test('says what a worker waits for that cannot start', async () => {
    const { report, written } = kept();
    const { options, stop } = staged({ report, open: () => Promise.reject(new SyncError('SERVICE_UNAVAILABLE')) });
    const running = run(options, stop.signal);
    await seconds(6);
    expect(written.at(-1)).toMatchObject({ state: 'starting', failureCode: 'SERVICE_UNAVAILABLE' });
    stop.abort();
    await ended(running);
  });

  test('a worker that waits for the lease leaves the status of the one that works alone, until that one is silent', async () => {
    const other = {
      ...blank,
      state: 'running',
      startedOn: 'another time',
      writtenOn: new Date(clock.now()).toISOString(),
    } as WorkerStatus;
    const { report, written } = kept(other);
    const { options, stop } = staged({ report, open: async () => false });
    const running = run(options, stop.signal);
    await seconds(29);
    expect(written).toEqual([]);
    await seconds(5);
    expect(written.at(-1)).toMatchObject({ state: 'waiting for the lease' });
    stop.abort();
    await ended(running);
  });

  test('a status that cannot be written is said once and ends nothing', async () => {
    const report = new Report({
      clock,
      log,
      collect,
      file: {
        write: () => Promise.reject(new SyncError('SETTING_INVALID', { detail: 'full' })),
        read: async () => null,
      },
    });
    const { options, stop, polls } = staged({ report });
    const running = run(options, stop.signal);
    await seconds(31);
    expect(log.lines.filter(({ message }) => message.startsWith('the status cannot be written'))).toHaveLength(1);
    expect(polls.crm).toEqual([0, 10, 20, 30]);
    stop.abort();
    await ended(running);
  });

  test('the end of the sign-in is warned of long before, each step once, and again after a renewal', async () => {
    let daysLeft: number | null = 40;
    const report = new Report({
      clock,
      log,
      collect: (now) => ({ ...collect(now), signIn: { renewedOn: null, endsOn: null, daysLeft } }),
      file: undefined,
    });
    const warned: (number | null)[] = [];
    for (const days of [40, 31, 30, 29, null, 29, 15, 14, 13, 7, 5, 3, 2, 1, 0, -1, -2, 89, 30, 29]) {
      daysLeft = days;
      const before = log.lines.length;
      await report.write();
      await report.write();
      if (log.lines.length > before) warned.push(days);
    }
    expect(warned).toEqual([30, 14, 7, 3, 1, -1, 30]);
    expect(log.lines.every(({ level, message }) => level === 'warn' && message.includes('cosell signin'))).toBe(true);
  });

  test('a worker that starts late says the step that it has reached, not those before', () => {
    const alert = new SignInAlert();
    expect(alert.next(5)?.daysLeft).toBe(5);
    expect(alert.next(5)).toBeNull();
    expect([null, 90, 31, 30, 8, 7, 1, 0, -1].map(alertStep)).toEqual([null, null, null, 30, 14, 7, 1, 1, 0]);
  });
});

describe('how far a feed is', () => {
  const noon = '2026-03-02T12:00:00.1234567Z';

  test('its age grows while the service is away and does not believe our clock', async () => {
    const feed = new FeedState(clock);
    expect(feed.status).toEqual({ lastPollOn: null, lastCompleteOn: null, failures: 0, watermarkAgeSeconds: null });
    await feed.watch(
      async () => undefined,
      () => noon,
    );
    feed.done(clock.monotonic(), noon);
    clock.jump(-86_400_000);
    await clock.advance(90_000);
    await expect(
      feed.watch(
        () => Promise.reject(new Error('away')),
        () => noon,
      ),
    ).rejects.toThrow('away');
    expect(feed.status).toEqual({
      lastPollOn: '2026-03-02T12:00:00.123Z',
      lastCompleteOn: '2026-03-02T12:00:00.123Z',
      failures: 1,
      watermarkAgeSeconds: 90,
    });
    await feed.watch(
      async () => undefined,
      () => noon,
    );
    expect(feed.status.failures).toBe(0);
  });

  test('a restarted worker knows how old the stored watermark is, by the service’s clock', () => {
    const feed = new FeedState(clock);
    feed.resume('2026-03-02T11:00:00Z', noon);
    expect(feed.status).toMatchObject({ lastCompleteOn: '2026-03-02T11:00:00.000Z', watermarkAgeSeconds: 3_600 });
    const opaque = new FeedState(clock);
    opaque.resume('', noon);
    expect(opaque.status.watermarkAgeSeconds).toBeNull();
  });

  test('an earlier poll that ends later does not take it back', async () => {
    const feed = new FeedState(clock);
    const early = clock.monotonic();
    await clock.advance(10_000);
    feed.done(clock.monotonic(), noon);
    feed.done(early, '2026-03-02T11:59:50Z');
    expect(feed.status).toMatchObject({ watermarkAgeSeconds: 0, lastCompleteOn: '2026-03-02T12:00:00.123Z' });
  });
});

test('the version that a worker tells is the package’s', () => {
  expect(workerVersion).toBe(packageJson.version);
});
