/** What a worker does between a refused sign-in and the next one, on a clock that the test moves. */
import { SyncError } from '../errors';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import type { StoredRefreshToken } from './refresh-token-store';
import { signInAgain } from './sign-in-again';

const refused = (): SyncError => new SyncError('PARTNER_CENTER_SIGN_IN', { detail: 'invalid_grant' });
const token = (signIn: string): StoredRefreshToken => ({ refreshToken: `of ${signIn}`, savedOn: '', signIn });

let clock: FakeClock;
let kept: readonly StoredRefreshToken[];
let began: number[];
let log = logLines();
beforeEach(() => {
  clock = new FakeClock({ auto: true });
  kept = [token('first')];
  began = [];
  log = logLines();
});

function runs(work: (run: number) => Promise<void>, signal = new AbortController().signal): Promise<void> {
  const store = { read: async () => kept };
  return signInAgain(
    async () => {
      began.push(Math.round(clock.monotonic() / 1000));
      await work(began.length);
    },
    { store, clock, log },
    signal,
  );
}

test('tries again by itself, less and less often, since a policy may have been mended', async () => {
  await runs(async (run) => {
    if (run < 10) throw refused();
  });
  const pauses = began.slice(1).map((at, index) => at - (began[index] as number));
  expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
  expect(log.lines[0]).toMatchObject({ level: 'error', message: expect.stringContaining('cosell signin') as string });
});

test('goes on within seconds of a new sign-in, and starts with short pauses again', async () => {
  await runs(async (run) => {
    if (run === 7) void clock.sleep(100_000).then(() => (kept = [token('second')]));
    if (run < 9) throw refused();
  });
  const pauses = began.slice(1).map((at, index) => at - (began[index] as number));
  expect(pauses.slice(0, 6)).toEqual([30, 60, 120, 240, 480, 960]);
  expect(pauses[6]).toBeGreaterThanOrEqual(100);
  expect(pauses[6]).toBeLessThanOrEqual(115);
  expect(pauses[7]).toBe(30);
});

test('a rotation of the refused sign-in by another worker is no new one', async () => {
  await runs(async (run) => {
    kept = [{ ...token('first'), refreshToken: `rotation ${run}` }];
    if (run < 3) throw refused();
  });
  expect(began).toEqual([0, 30, 90]);
});

test('a sign-in that is made before the work has ended counts, too', async () => {
  await runs(async (run) => {
    kept = [token(`sign-in ${run}`)];
    if (run < 2) throw refused();
  });
  expect(began).toEqual([0, 15]);
});

test('what is no matter of the sign-in ends the worker as ever', async () => {
  await expect(runs(() => Promise.reject(new SyncError('WRONG_ORGANIZATION')))).rejects.toMatchObject({
    code: 'WRONG_ORGANIZATION',
  });
  expect(began).toEqual([0]);
});

test('is stopped while it waits', async () => {
  const stop = new AbortController();
  void clock.sleep(40_000).then(() => stop.abort());
  await runs(() => Promise.reject(refused()), stop.signal);
  expect(began).toEqual([0, 30]);
  expect(clock.monotonic()).toBeLessThan(60_000);
});

test('a store that cannot be read is no sign-in', async () => {
  const store = { read: () => Promise.reject(new Error('away')) };
  let count = 0;
  const work = async (): Promise<void> => {
    if (++count < 3) throw refused();
  };
  await signInAgain(work, { store, clock, log }, new AbortController().signal);
  expect(clock.monotonic()).toBe(90_000);
});
