import { KeyQueue, type RunResult } from './queue';

function manual() {
  let now = 1_000;
  const runs: string[] = [];
  const open = new Map<string, (result: RunResult) => void>();
  const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  const make = (concurrency = 2): KeyQueue =>
    new KeyQueue({
      clock,
      concurrency,
      random: () => 1,
      run: (key) =>
        new Promise((resolve) => {
          runs.push(key);
          open.set(key, resolve);
        }),
    });
  const finish = async (key: string, result: RunResult = { next: 'done' }): Promise<void> => {
    open.get(key)?.(result);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { make, runs, finish, pass: (ms: number) => (now += ms) };
}

describe('the queue of keys', () => {
  test('runs a key once, however often it was added while it waited', async () => {
    const { make, runs, finish } = manual();
    const queue = make(1);
    for (const key of ['a', 'b', 'b', 'b']) queue.add(key);
    await finish('a');
    await finish('b');
    expect(runs).toEqual(['a', 'b']);
    expect(queue.size).toBe(0);
  });

  test('runs a key again when it was added while it ran, and never twice at once', async () => {
    const { make, runs, finish } = manual();
    const queue = make();
    queue.add('a');
    queue.add('a');
    expect(runs).toEqual(['a']);
    await finish('a');
    expect(runs).toEqual(['a', 'a']);
  });

  test('runs no more keys at once than it may', async () => {
    const { make, runs, finish } = manual();
    const queue = make(2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(runs).toEqual(['a', 'b']);
    await finish('a');
    expect(runs).toEqual(['a', 'b', 'c']);
  });

  test('lets a failing key wait longer each time, while others go on', async () => {
    const { make, runs, finish, pass } = manual();
    const queue = make(1);
    queue.add('a');
    await finish('a', { next: 'later', failed: true });
    expect(queue.nextWake()).toBe(1_000);
    queue.add('b');
    await finish('b');
    pass(1_000);
    queue.wake();
    await finish('a', { next: 'later', failed: true });
    expect(queue.nextWake()).toBe(2_000);
    expect(runs).toEqual(['a', 'b', 'a']);
  });

  test('runs a waiting key at once when something about it changed', async () => {
    const { make, runs, finish } = manual();
    const queue = make();
    queue.add('a');
    await finish('a', { next: 'later', failed: true, afterMs: 60_000 });
    queue.add('a');
    expect(runs).toEqual(['a', 'a']);
  });

  test('counts a key as settled when it has ended or begun to wait, not before', async () => {
    const { make, finish } = manual();
    const queue = make();
    queue.add('a');
    let settled = false;
    const waiting = queue.settled(['a', 'unknown']).then(() => (settled = true));
    await finish('x');
    expect(settled).toBe(false);
    await finish('a', { next: 'again' });
    expect(settled).toBe(false);
    await finish('a', { next: 'later', failed: false, afterMs: 5 });
    await waiting;
    expect(settled).toBe(true);
    expect(queue.waiting).toEqual(['a']);
  });

  test('owes a key that failed until it is done, also in the middle of its next try', async () => {
    const { make, finish } = manual();
    const queue = make();
    queue.add('a');
    expect(queue.owes).toBe(false);
    await finish('a', { next: 'later', failed: true, afterMs: 5 });
    expect(queue.owes).toBe(true);
    queue.add('a');
    expect([queue.waiting, queue.owes]).toEqual([[], true]);
    await finish('a');
    expect(queue.owes).toBe(false);
  });

  test('lets a key that asks for another run again and again wait, so that it cannot starve the others', async () => {
    const { make, runs, finish } = manual();
    const queue = make(1);
    queue.add('a');
    for (let n = 0; n < 7; n++) await finish('a', { next: 'again' });
    expect(runs).toHaveLength(7);
    expect(queue.waiting).toEqual(['a']);
  });

  test('starts nothing more once it was stopped', async () => {
    const { make, runs, finish } = manual();
    const queue = make(1);
    queue.add('a');
    queue.add('b');
    const stopped = queue.stop();
    await finish('a');
    await stopped;
    expect(runs).toEqual(['a']);
  });

  test('ends when it is told to, though a key asks to run again, and says that the key is not done', async () => {
    const { make, runs, finish } = manual();
    const queue = make();
    queue.add('a');
    const stopped = queue.stop();
    let told = false;
    void queue.settled(['a']).then(() => (told = true));
    await finish('a', { next: 'again' });
    await stopped;
    expect(told).toBe(true);
    expect(queue.waiting).toEqual(['a']);
    expect(runs).toEqual(['a']);
  });
});
