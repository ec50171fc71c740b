import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config';
import type { Hint, WorkerStatus } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { defaultSharedFolder, isWritable } from './folder';
import { hintFolder } from './hints';
import { readStatus, statusFile } from './status';

const id = (number: number): string => `0000000a-0000-4000-8000-${String(number).padStart(12, '0')}`;
const referral = (number: number): Hint => ({ kind: 'referral', id: id(number) });

let folder: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cosell-hand-over-'));
  clock = new FakeClock({ auto: true });
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});
const names = (): string[] => readdirSync(join(folder, 'hints')).sort();
const sorted = (hints: readonly Hint[]): string[] => hints.map((hint) => `${hint.kind} ${hint.id}`).sort();

describe('hints', () => {
  test('what the web half puts, the worker takes, and it is gone', async () => {
    const web = hintFolder(folder, { clock });
    const worker = hintFolder(folder, { clock });
    expect(await web.put(referral(1))).toBe('kept');
    expect(await web.put({ kind: 'record', id: id(2) })).toBe('kept');
    expect(sorted(await worker.take())).toEqual([`record ${id(2)}`, `referral ${id(1)}`]);
    expect(await worker.take()).toEqual([]);
    expect(names()).toEqual([]);
  });

  test('a hundred about one deal are one', async () => {
    const web = hintFolder(folder, { clock });
    await Promise.all(Array.from({ length: 100 }, () => web.put(referral(1))));
    expect(names()).toEqual([`referral-${id(1)}`]);
    expect(await web.take()).toEqual([referral(1)]);
  });

  test('two takers never get the same one', async () => {
    const web = hintFolder(folder, { clock });
    for (let number = 0; number < 40; number++) await web.put(referral(number));
    const [one, other] = await Promise.all([
      hintFolder(folder, { clock }).take(),
      hintFolder(folder, { clock }).take(),
    ]);
    expect(sorted([...one, ...other])).toEqual(
      Array.from({ length: 40 }, (_unused, number) => `referral ${id(number)}`),
    );
  });

  test('a full folder refuses what is new, keeps what is there and goes on when it was emptied', async () => {
    const web = hintFolder(folder, { clock, most: 3 });
    for (const number of [1, 2, 3]) expect(await web.put(referral(number))).toBe('kept');
    expect(await web.put(referral(4))).toBe('full');
    // Already there: nothing new would lie in the folder.
    expect(await web.put(referral(2))).toBe('kept');
    expect(names()).toHaveLength(3);
    expect(await hintFolder(folder, { clock }).take()).toHaveLength(3);
    await clock.advance(1_000);
    expect(await web.put(referral(4))).toBe('kept');
  });

  test('the folder and what is in it are for their owner only', async () => {
    const nested = join(folder, 'new', 'default');
    await hintFolder(nested, { clock }).put(referral(1));
    await statusFile(nested, { clock }).write(status());
    for (const path of [
      nested,
      join(nested, 'hints'),
      join(nested, 'status.json'),
      join(nested, 'hints', `referral-${id(1)}`),
    ])
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
  });

  test('rubbish, links and strange names are never read or followed, and swept', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    const hints = join(folder, 'hints');
    mkdirSync(hints);
    symlinkSync(victim, join(hints, `referral-${id(1)}`));
    symlinkSync(hints, join(hints, 'loop'));
    for (const name of [
      'referral-',
      `referral-${id(2).toUpperCase()}`,
      `referral-${id(3)}.bak`,
      'thumbs.db',
      `record-${id(4)}x`,
    ])
      writeFileSync(join(hints, name), 'x'.repeat(1_000));
    mkdirSync(join(hints, `referral-${id(5)}`));
    mkdirSync(join(hints, 'kept'));
    writeFileSync(join(hints, 'kept', 'file'), 'a person may need it');
    const worker = hintFolder(folder, { clock });
    expect(await worker.take()).toEqual([]);
    expect(names()).toEqual(['kept']);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(worker.refused).toBe(9);
    await worker.take();
    expect(worker.refused).toBe(9);
  });

  test('what is being written is left in peace, and swept when its writer has died', async () => {
    mkdirSync(join(folder, 'hints'));
    writeFileSync(join(folder, 'hints', `.referral-${id(1)}.0a1b2c`), '');
    const worker = hintFolder(folder, { clock });
    await worker.take();
    await clock.advance(59_000);
    await worker.take();
    expect(names()).toHaveLength(1);
    await clock.advance(2_000);
    await worker.take();
    expect(names()).toEqual([]);
    expect(worker.refused).toBe(0);
  });

  test.each(['referral-../../etc/passwd', id(1).toUpperCase(), `${id(1)}\u0000`, ''])(
    'an id that is none never becomes a file name: %j',
    async (wrong) => {
      await expect(hintFolder(folder, { clock }).put({ kind: 'referral', id: wrong })).rejects.toThrow('GUID');
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('at most some hundreds are taken at once; the rest follows', async () => {
    mkdirSync(join(folder, 'hints'));
    for (let number = 0; number < 620; number++) writeFileSync(join(folder, 'hints', `referral-${id(number)}`), '');
    const worker = hintFolder(folder, { clock });
    expect(await worker.take()).toHaveLength(500);
    expect(await worker.take()).toHaveLength(120);
  });

  test('a file that Windows does not let go of for a moment is taken a moment later', async () => {
    await hintFolder(folder, { clock }).put(referral(1));
    let refusals = 3;
    const worker = hintFolder(folder, {
      clock,
      files: {
        rm: async (path) => {
          if (refusals-- > 0) throw Object.assign(new Error('busy'), { code: 'EPERM' });
          rmSync(path);
        },
      },
    });
    expect(await worker.take()).toEqual([referral(1)]);
    expect(clock.slept).toEqual([10, 20, 40]);
  });

  test('one that it never lets go of is given to nobody until it does', async () => {
    await hintFolder(folder, { clock }).put(referral(1));
    const held = hintFolder(folder, {
      clock,
      files: { rm: () => Promise.reject(Object.assign(new Error('busy'), { code: 'EBUSY' })) },
    });
    expect(await held.take()).toEqual([]);
    expect(await hintFolder(folder, { clock }).take()).toEqual([referral(1)]);
  });

  test('a folder that cannot be made says which setting it is', async () => {
    writeFileSync(join(folder, 'file'), '');
    const detail = expect.stringMatching(/^COSELL_SHARED_FOLDER .*file/);
    await expect(hintFolder(join(folder, 'file'), { clock }).put(referral(1))).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      detail,
    });
    await expect(statusFile(join(folder, 'file'), { clock }).write(status())).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      detail,
    });
    expect(await isWritable(join(folder, 'file'), clock)).toBe(false);
    expect(await isWritable(folder, clock)).toBe(true);
  });

  test('a link in place of the folder is not followed', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(folder, 'hints'));
    await expect(hintFolder(folder, { clock }).put(referral(1))).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

function status(changes: Partial<WorkerStatus> = {}): WorkerStatus {
  const feed = { lastPollOn: '2026-03-02T09:00:00.000Z', lastCompleteOn: null, failures: 0, watermarkAgeSeconds: null };
  return {
    version: 1,
    connection: 'default',
    workerVersion: '0.1.0',
    startedOn: '2026-03-02T08:00:00.000Z',
    writtenOn: '2026-03-02T09:00:00.000Z',
    state: 'running',
    queue: { known: 0, running: 0, waiting: 0 },
    links: 0,
    parkedDeals: 1,
    parked: { COUNTRY_UNKNOWN: 1 },
    feeds: { crm: feed, partnerCenter: feed },
    signIn: null,
    throttling: { dataverse: { refused: 0, waitingUntil: null }, partnerCenter: { refused: 0, waitingUntil: null } },
    balance: { seen: 1, endings: { applied: 1, noChange: 0, filtered: 0, parked: 0, retry: 0 }, reasons: {} },
    hints: { taken: 0, refused: 0 },
    ...changes,
  };
}

describe('the worker’s status', () => {
  test('is read as it was written, and the newest replaces the last', async () => {
    const file = statusFile(folder, { clock });
    expect(await file.read()).toBeNull();
    await file.write(status());
    await file.write(
      status({ state: 'failed', failureCode: 'CRM_SIGN_IN', signIn: { renewedOn: null, endsOn: null, daysLeft: -2 } }),
    );
    expect(await file.read()).toEqual(
      status({ state: 'failed', failureCode: 'CRM_SIGN_IN', signIn: { renewedOn: null, endsOn: null, daysLeft: -2 } }),
    );
    expect(readdirSync(folder)).toEqual(['status.json']);
  });

  test('the days left of the sign-in get fewer also while no worker runs that would say so', async () => {
    const file = statusFile(folder, { clock });
    const endsOn = new Date(clock.now() + 40.5 * 86_400_000).toISOString();
    await file.write(status({ state: 'stopped', signIn: { renewedOn: null, endsOn, daysLeft: 40 } }));
    const daysLeft = async (): Promise<unknown> => (await file.read())?.signIn?.daysLeft;
    expect(await daysLeft()).toBe(40);
    await clock.advance(20 * 86_400_000);
    expect(await daysLeft()).toBe(20);
    await clock.advance(21 * 86_400_000);
    expect(await daysLeft()).toBe(-1);
  });

  test('a reader that looks all the time sees whole ones only', async () => {
    const file = statusFile(folder, { clock });
    await file.write(status());
    let wrong = 0;
    const reading = (async () => {
      for (let times = 0; times < 200; times++) if ((await file.read()) === null) wrong += 1;
    })();
    for (let links = 0; links < 60; links++) await file.write(status({ links }));
    await reading;
    expect(wrong).toBe(0);
  });

  test.each([
    ['torn', JSON.stringify(status()).slice(0, 300)],
    ['a newer release’s', JSON.stringify({ ...status(), version: 2 })],
    ['with a state that is none', JSON.stringify({ ...status(), state: 'dancing' })],
    ['with a number that is none', JSON.stringify({ ...status(), links: '<b>1</b>' })],
    ['no object', 'null'],
    ['deep', '['.repeat(50_000)],
  ])('one that is %s counts as none', async (_what, text) => {
    expect(readStatus(text)).toBeNull();
    writeFileSync(join(folder, 'status.json'), text);
    expect(await statusFile(folder, { clock }).read()).toBeNull();
  });

  test('a huge file, a folder or a link in its place is not read', async () => {
    const path = join(folder, 'status.json');
    writeFileSync(path, `${JSON.stringify(status())}${' '.repeat(300_000)}`);
    expect(await statusFile(folder, { clock }).read()).toBeNull();
    rmSync(path);
    mkdirSync(path);
    expect(await statusFile(folder, { clock }).read()).toBeNull();
    rmSync(path, { recursive: true });
    writeFileSync(join(folder, 'other'), JSON.stringify(status()));
    symlinkSync(join(folder, 'other'), path);
    expect(await statusFile(folder, { clock }).read()).toBeNull();
  });

  test('a share that refuses to rename for a moment is asked again; one that never does leaves no litter', async () => {
    let refusals = 2;
    const busy = Object.assign(new Error('in use'), { code: 'EBUSY' });
    const file = statusFile(folder, {
      clock,
      files: { rename: (from, to) => (refusals-- > 0 ? Promise.reject(busy) : rename(from, to)) },
    });
    await file.write(status());
    expect(await file.read()).toEqual(status());
    refusals = 1_000;
    await expect(file.write(status({ links: 5 }))).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    expect(readdirSync(folder)).toEqual(['status.json']);
    expect(await file.read()).toEqual(status());
  });
});

test('worker and web half find the same folder by themselves', () => {
  const env = {
    DATAVERSE_URL: 'https://contoso.crm.dynamics.com',
    COSELL_TENANT_ID: 'contoso.onmicrosoft.com',
    COSELL_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
    COSELL_CLIENT_SECRET: 'secret',
    HOME: '/home/site',
    COSELL_CONNECTION: 'emea',
  };
  const file = (): string => '';
  expect(loadConfig(env, file).sharedFolder).toBe('/home/site/.cosell/emea');
  expect(defaultSharedFolder(env, 'emea')).toBe('/home/site/.cosell/emea');
  expect(loadConfig({ ...env, COSELL_SHARED_FOLDER: '/mnt/shared' }, file).sharedFolder).toBe('/mnt/shared');
  expect(defaultSharedFolder({}, 'emea')).toBeUndefined();
});
