import { isAbortError, systemClock } from './clock';
import { FakeClock } from './testing/fake-clock';

describe('the machine clock', () => {
  test('waits, and time goes by', async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(5);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(4);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  test('stops waiting when told, and does not begin when already told', async () => {
    const stop = new AbortController();
    const waiting = systemClock.sleep(3_000_000_000, stop.signal).catch((error: unknown) => error);
    stop.abort();
    expect(isAbortError(await waiting)).toBe(true);
    expect(isAbortError(await systemClock.sleep(1, stop.signal).catch((error: unknown) => error))).toBe(true);
  });
});

describe('the clock for tests', () => {
  test('stands still until moved, and wakes sleepers in order', async () => {
    const clock = new FakeClock();
    const woken: string[] = [];
    void clock.sleep(200).then(() => woken.push('later'));
    void clock.sleep(100).then(() => woken.push('first'));
    await clock.advance(99);
    expect(woken).toEqual([]);
    await clock.advance(200);
    expect(woken).toEqual(['first', 'later']);
    expect([clock.monotonic(), clock.sleeping]).toEqual([299, 0]);
  });

  test('moves by itself: waits side by side take as long as the longest', async () => {
    const clock = new FakeClock({ auto: true });
    await Promise.all([clock.sleep(1000), clock.sleep(3000), clock.sleep(2000)]);
    expect(clock.monotonic()).toBe(3000);
    await clock.sleep(500);
    expect(clock.slept).toEqual([1000, 3000, 2000, 500]);
  });

  test('a jump of the wall clock wakes nobody', async () => {
    const clock = new FakeClock({ now: '2026-01-01T00:00:00Z' });
    void clock.sleep(10);
    clock.jump(86_400_000);
    expect([clock.sleeping, clock.monotonic(), new Date(clock.now()).toISOString()]).toEqual([
      1,
      0,
      '2026-01-02T00:00:00.000Z',
    ]);
  });

  test('a sleeper leaves when told', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const waiting = clock.sleep(10, stop.signal).catch((error: unknown) => error);
    stop.abort();
    expect(isAbortError(await waiting)).toBe(true);
    expect(clock.sleeping).toBe(0);
  });
});
