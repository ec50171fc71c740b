import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusFile } from '../hand-over/status';
import type { WorkerStatus } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { logLines } from '../testing/log-lines';
import { runCli } from './main';

const status: WorkerStatus = {
  version: 1,
  connection: 'default',
  workerVersion: '0.1.0',
  startedOn: '2026-03-02T08:00:00.000Z',
  writtenOn: '2026-03-02T09:00:00.000Z',
  state: 'running',
  queue: { known: 7, running: 2, waiting: 1 },
  links: 120,
  parkedDeals: 3,
  parked: { REFERRAL_REJECTED: 2, SOMETHING_NEW: 1 },
  feeds: {
    crm: {
      lastPollOn: '2026-03-02T08:59:58.000Z',
      lastCompleteOn: '2026-03-02T08:59:50.000Z',
      failures: 0,
      watermarkAgeSeconds: 10,
    },
    partnerCenter: { lastPollOn: null, lastCompleteOn: null, failures: 4, watermarkAgeSeconds: null },
  },
  signIn: { renewedOn: '2026-03-01T00:00:00.000Z', endsOn: '2026-03-14T00:00:00.000Z', daysLeft: 11 },
  throttling: {
    dataverse: { refused: 0, waitingUntil: null },
    partnerCenter: { refused: 5, waitingUntil: '2026-03-02T09:01:00.000Z' },
  },
  balance: { seen: 10, endings: { applied: 6, noChange: 2, filtered: 1, parked: 1, retry: 0 }, reasons: {} },
  hints: { taken: 4, refused: 0 },
};

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'cosell-status-')), 'default');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

async function run(now: string, ...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await runCli(['status', ...args], {
    env: { COSELL_SHARED_FOLDER: folder },
    readFile: (path) => readFileSync(path, 'utf8'),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    ask: async () => '',
    clock: new FakeClock({ now }),
    log: logLines(),
  });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}
const soon = '2026-03-02T09:00:04Z';

test('says in words how the worker is, with reasons of parked deals and what runs out', async () => {
  await statusFile(folder).write(status);
  const { exitCode, out } = await run(soon);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Worker: +running/);
  expect(out).toMatch(/Last word: .*\(4 s ago\)/);
  expect(out).toMatch(/120 linked, 3 parked/);
  expect(out).toMatch(/Partner Center: +not read yet, 4 failures in a row/);
  expect(out).toMatch(/11 days left; sign in again with cosell signin/);
  expect(out).toMatch(/Partner Center turned away 5 requests, pause until 2026-03-02T09:01/);
  expect(out).toMatch(/10 seen; applied 6, no change 2, filtered 1, parked 1, retry 0/);
  expect(out).toMatch(/2 × REFERRAL_REJECTED: Partner Center does not accept a value/);
  expect(out).toMatch(/1 × SOMETHING_NEW$/m);
});

test('as JSON it is what the worker wrote', async () => {
  await statusFile(folder).write(status);
  expect(JSON.parse((await run(soon, '--json')).out)).toEqual(status);
});

test.each([
  ['no folder', () => undefined],
  ['no file', () => void mkdirSync(folder)],
  ['rubbish', () => (mkdirSync(folder), writeFileSync(join(folder, 'status.json'), '{"version":99}'))],
])('%s: it says that no worker wrote, and where it looked', async (_what, make) => {
  make();
  const { exitCode, out, err } = await run(soon);
  expect([exitCode, out]).toEqual([1, '']);
  expect(err).toMatch(/^NO_STATUS\n/);
  expect(err).toContain(folder);
});

test.each([
  [
    'a worker that has not written for five minutes',
    status,
    '2026-03-02T09:05:00Z',
    /^STATUS_OLD\n {2}last word 5 min ago/,
  ],
  ['a worker that was stopped', { ...status, state: 'stopped' }, soon, /^WORKER_STOPPED/],
  [
    'a worker that failed',
    { ...status, state: 'failed', failureCode: 'CHANGE_TRACKING_OFF' },
    soon,
    /^WORKER_FAILED\n {2}CHANGE_TRACKING_OFF: Switch on/,
  ],
] as const)('%s is told by an exit code too', async (_what, written, now, told) => {
  await statusFile(folder).write(written);
  const { exitCode, out, err } = await run(now);
  expect(exitCode).toBe(1);
  expect(err).toMatch(told);
  expect(out).toContain('120 linked');
});

test('a clock that runs behind is no worker that is away', async () => {
  await statusFile(folder).write(status);
  const { exitCode, out } = await run('2026-03-02T08:50:00Z');
  expect([exitCode, out]).toEqual([0, expect.stringContaining('the clocks differ')]);
});
