/** Rotation over HTTP against the emulated Entra, killed at each of its steps; and what a refused sign-in does. */
import { readFileSync, truncateSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isSyncError } from '../errors';
import type { SyncError } from '../errors';
import { SignInWorld } from '../testing/sign-in-world';
import type { RefreshTokenStore } from './refresh-token-store';

let world: SignInWorld;
beforeAll(async () => {
  world = await SignInWorld.start();
});
afterAll(() => world.stop());
afterEach(() => {
  world.emulators.faults.clear();
  Object.assign(world.emulators.entra.switches, { refreshRotation: 'oldStaysValid', refuseRefreshWith: 0 });
});

const minute = 60_000;
const day = 24 * 60 * minute;

async function refusal(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isSyncError(error)) throw error;
  return error;
}

/** A store in a process that dies at its write: nobody hears of it again. */
function dying(inner: RefreshTokenStore, died: () => void, before: () => Promise<void>): RefreshTokenStore {
  return {
    ...inner,
    write: async (...values) => {
      if (values[1] === undefined) return inner.write(...values);
      await before();
      died();
      return new Promise(() => undefined);
    },
  };
}

describe('a worker that is killed while it renews its sign-in', () => {
  /** Each kill point, and what is left on disk; `lost`: the newest token is known to nobody. */
  const points: readonly { name: string; lost: boolean; kill: (store: RefreshTokenStore) => Promise<void> }[] = [
    {
      name: 'before the request is sent',
      lost: false,
      kill: async (store) => {
        world.emulators.faults.next({ kind: 'resetBefore', service: 'entra', times: 3 });
        await refusal(world.provider(store).token());
      },
    },
    {
      name: 'after the request, before its answer came',
      lost: true,
      kill: async (store) => {
        world.emulators.faults.next({ kind: 'resetAfter', service: 'entra', times: 1 });
        world.emulators.faults.next({ kind: 'resetBefore', service: 'entra', times: 2 });
        await refusal(world.provider(store).token());
      },
    },
    {
      name: 'after the answer, before anything was written',
      lost: true,
      kill: (store) => killed(store, async () => undefined),
    },
    {
      name: 'while the file is written, so that half of it is there',
      lost: true,
      kill: (store) =>
        killed(store, async () => {
          await store.write({ refreshToken: 'never to be read', savedOn: '', signIn: 'first' }, 'first');
          truncateSync(world.file, Math.floor(readFileSync(world.file).length / 2));
        }),
    },
    {
      name: 'after the write, before the access token is used',
      lost: false,
      kill: async (store) => {
        await world.provider(store).token();
      },
    },
  ];

  async function killed(store: RefreshTokenStore, before: () => Promise<void>): Promise<void> {
    await new Promise<void>((died) => void world.provider(dying(store, died, before)).token());
  }

  test.each(points)('$name: the next one goes on, since Entra keeps used tokens valid', async ({ kill }) => {
    await world.signIn();
    await kill(world.store());
    const next = world.provider();
    expect(await next.token()).toMatch(/^eyJ/);
    expect(next.signIn().renewedOn).toBe(new Date(world.clock.now()).toISOString());
  });

  test.each(
    points.flatMap((point) =>
      (['oldRevokedAfterUse', 'reuseRevokesFamily'] as const).map((rotation) => ({ ...point, rotation })),
    ),
  )(
    '$name, where Entra is set to $rotation: it goes on, or says that somebody must sign in again',
    async ({ kill, lost, rotation }) => {
      world.emulators.entra.switches.refreshRotation = rotation;
      await world.signIn();
      await kill(world.store());
      const next = world.provider();
      if (!lost) {
        expect(await next.token()).toMatch(/^eyJ/);
        return;
      }
      const error = await refusal(next.token());
      expect([error.code, error.detail]).toEqual([
        'PARTNER_CENTER_SIGN_IN',
        'invalid_grant, AADSTS50173, the sign-in was revoked (password changed, or an admin ended all sessions): sign in again',
      ]);
      await world.signIn(world.store(), 'second');
      await world.clock.sleep(11_000);
      expect(await next.token()).toMatch(/^eyJ/);
    },
  );

  test('leaves no half-written file for ever', async () => {
    const beside = `${world.file}.12345678.new`;
    const { writeFileSync, utimesSync } = await import('node:fs');
    writeFileSync(beside, 'a refresh token', { mode: 0o600 });
    utimesSync(beside, 1_000_000, 1_000_000);
    await world.signIn();
    await world.provider().token();
    expect(await readdir(world.folder)).toEqual(['token.json', 'token.json.previous']);
    expect((await stat(world.file)).mode & 0o777).toBe(0o600);
  });
});

describe('two at the same place', () => {
  test('two workers that renew at the same moment both go on', async () => {
    await world.signIn();
    const [one, two] = [world.provider(), world.provider()];
    await Promise.all([one.token(), two.token()]);
    await world.clock.sleep(59 * minute);
    expect(await Promise.all([one.token(), two.token()])).toEqual([
      expect.stringMatching(/^eyJ/),
      expect.stringMatching(/^eyJ/),
    ]);
  });

  test('where used tokens die, the one that came too late takes what the other stored', async () => {
    world.emulators.entra.switches.refreshRotation = 'oldRevokedAfterUse';
    await world.signIn();
    const early = world.provider();
    const inner = world.store();
    let first = true;
    const late = world.provider({
      ...inner,
      read: async () => {
        const found = await inner.read();
        if (first) {
          first = false;
          await early.token();
        }
        return found;
      },
    });
    expect(await late.token()).toMatch(/^eyJ/);
  });

  test('a sign-in that is made while the worker renews wins, and its user is the one who acts', async () => {
    await world.signIn();
    const other = 'second.admin@larkspur.example';
    world.emulators.entra.registerUser({ upn: other });
    const inner = world.store();
    let once = true;
    const provider = world.provider({
      ...inner,
      write: async (token, rotationOf) => {
        if (once && rotationOf !== undefined) {
          once = false;
          const refreshToken = world.emulators.entra.issueRefreshToken({
            clientId: world.settings().clientId,
            upn: other,
          });
          await inner.write({ refreshToken, savedOn: '2026-11-23T08:00:00.000Z', signIn: 'by hand' });
        }
        return inner.write(token, rotationOf);
      },
    });
    const claims = world.emulators.entra.verify(await provider.token(), { audience: world.settings().resource });
    expect(claims).toMatchObject({ upn: other });
    expect((await world.store().read()).map((one) => one.signIn)).toEqual(['by hand', 'by hand']);
  });

  test('a damaged token in the store is passed over for the one before it', async () => {
    await world.signIn();
    await world.provider().token();
    await world
      .store()
      .write({ refreshToken: 'cut off in the midd', savedOn: '2026-11-23T08:00:00.000Z', signIn: 'first' }, 'first');
    expect(await world.provider().token()).toMatch(/^eyJ/);
  });
});

describe('a store that fails', () => {
  test('for a while: the worker goes on with what it has in memory, says so, and stores it when it can', async () => {
    await world.signIn();
    const inner = world.store();
    let broken = false;
    const provider = world.provider({
      ...inner,
      read: () => (broken ? Promise.reject(new Error('gone')) : inner.read()),
      write: (...values) => (broken ? Promise.reject(new Error('gone')) : inner.write(...values)),
    });
    await provider.token();
    const [kept] = await inner.read();
    broken = true;
    for (let hour = 0; hour < 3; hour++) {
      await world.clock.sleep(59 * minute);
      expect(await provider.token()).toMatch(/^eyJ/);
    }
    expect((await inner.read())[0]).toEqual(kept);
    expect(world.log.text()).toContain('in memory only');
    broken = false;
    await world.clock.sleep(minute);
    await provider.renew();
    expect((await inner.read())[0]?.refreshToken).not.toBe(kept?.refreshToken);
    expect((await inner.read())[0]?.savedOn).toBe(provider.signIn().renewedOn);
    expect(world.log.text()).not.toContain(kept?.refreshToken ?? '?');
  });
});

describe('the life of the sign-in', () => {
  test('is told with its end, and slides with each use', async () => {
    await world.signIn();
    const provider = world.provider();
    expect(provider.signIn()).toEqual({ renewedOn: null, endsOn: null });
    await provider.token();
    const now = world.clock.now();
    expect(provider.signIn()).toEqual({
      renewedOn: new Date(now).toISOString(),
      endsOn: new Date(now + 90 * day).toISOString(),
    });
  });

  test('does not end in 190 days without a deal, as long as the worker looks after it', async () => {
    await world.signIn();
    const provider = world.provider();
    const mark = world.emulators.journal.mark();
    for (let one = 0; one < 190; one++) {
      await world.clock.sleep(day / 2);
      await provider.renew();
      if (one % 3 === 0) await provider.renew();
      await world.clock.sleep(day / 2);
    }
    expect(await provider.token()).toMatch(/^eyJ/);
    // Once a day from the second day on, however often it looks, and once for the token at the end.
    expect(world.grants(mark)).toBe(190);
  });

  test('ends when nobody looks after it for 90 days, and says so', async () => {
    await world.signIn();
    await world.clock.sleep(90 * day);
    expect((await refusal(world.provider().token())).detail).toContain(
      'AADSTS700082, the refresh token has expired by inactivity',
    );
  });
});

describe('a refused sign-in', () => {
  test.each([
    [50173, 'revoked'],
    [50057, 'disabled'],
    [50076, 'multi-factor authentication is required'],
    [50079, 'multi-factor authentication must be set up'],
    [53003, 'conditional access blocks'],
    [70043, 'sign-in frequency'],
    [700084, 'the end that the tenant sets'],
    [65001, 'consent is missing'],
    [900421, 'multi-factor authentication is demanded'],
  ])(
    'AADSTS%i is told by name and with the way out (%s), never with the words of the service',
    async (number, words) => {
      await world.signIn();
      world.emulators.entra.switches.refuseRefreshWith = number;
      const error = await refusal(world.provider().token());
      expect([error.code, error.actor]).toEqual(['PARTNER_CENTER_SIGN_IN', 'admin']);
      expect(error.detail).toContain(`AADSTS${number}, `);
      expect(error.detail).toContain(words);
      expect(error.detail).not.toContain('policy of the tenant');
    },
  );

  test('is not asked about over and over: the pauses grow to a quarter of an hour', async () => {
    await world.signIn();
    world.emulators.entra.switches.refuseRefreshWith = 53003;
    const provider = world.provider();
    const mark = world.emulators.journal.mark();
    for (let second = 0; second < 3600; second += 10) {
      await refusal(provider.token());
      await world.clock.sleep(10_000);
    }
    // At 0 and 30 s, then after 60, 120, 240, 480 and twice 900 seconds.
    expect(world.grants(mark)).toBe(8);
  });

  test('is over within seconds when the operator has signed in, and by itself when the policy is mended', async () => {
    await world.signIn();
    world.emulators.entra.revokeRefreshTokens();
    const provider = world.provider();
    for (let attempt = 0; attempt < 200; attempt++) {
      await refusal(provider.token());
      await world.clock.sleep(10_000);
    }
    await world.signIn(world.store(), 'again');
    await world.clock.sleep(10_000);
    expect(await provider.token()).toMatch(/^eyJ/);

    world.emulators.entra.switches.refuseRefreshWith = 50057;
    await world.clock.sleep(60 * minute);
    await refusal(provider.token());
    world.emulators.entra.switches.refuseRefreshWith = 0;
    await refusal(provider.token());
    await world.clock.sleep(31_000);
    expect(await provider.token()).toMatch(/^eyJ/);
  });
});
