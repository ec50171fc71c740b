/**
 * `cosell signin`: a person signs in to Partner Center once, and the worker lives on that sign-in for as long as it
 * renews it (Microsoft Learn: Secure Application Model). `--status` only looks.
 *
 * Nothing is stored before Partner Center has answered a harmless question to the new token. The account's name is
 * shown at this console and goes nowhere else; tokens and codes are shown nowhere.
 */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { signInByBrowser, signInByDeviceCode } from '../auth/interactive-sign-in';
import type { SignedIn } from '../auth/interactive-sign-in';
import type { RefreshTokenStore } from '../auth/refresh-token-store';
import { endOf } from '../auth/sign-in-keeper';
import { openTokenEndpoint, openTokenStore } from '../auth/sign-ins';
import type { SignInAround } from '../auth/sign-ins';
import { daysUntil } from '../clock';
import { SyncError } from '../errors';
import { signInSettings } from '../sign-in-settings';
import type { SignInConfig } from '../sign-in-settings';
import type { CliIo } from './io';
import { withSettings } from './partner-center-settings';
import { UsageError } from './refusals';
import { proveToken } from './signin-proof';

interface Options {
  readonly deviceCode?: boolean;
  readonly port: number;
  readonly status?: boolean;
}

/** A person with a phone for the second factor; the code of a device is valid for a quarter of an hour. */
const limitMs = { browser: 5 * 60_000, deviceCode: 15 * 60_000 } as const;
const defaultPort = 8400;

interface Desk {
  readonly io: CliIo;
  readonly settings: SignInConfig;
  readonly around: SignInAround;
  readonly api: { readonly url: string; readonly timeoutMs: number };
  readonly store: RefreshTokenStore;
}

export function register(program: Command, io: CliIo): void {
  program
    .command('signin')
    .description(
      'Signs in to Partner Center as the Referrals admin user, with a second factor, and keeps the sign-in for the worker.',
    )
    .option('--device-code', 'for a machine without a browser: shows a code to enter on another one')
    .option(
      '--port <number>',
      'port of the redirect address http://localhost:<port>, which must be registered with the app',
      portOf,
      defaultPort,
    )
    .option('--status', 'changes nothing, shows how old the sign-in is and when it ends')
    .action(async (options: Options) => {
      const desk = openDesk(io);
      await (options.status ? showStatus(desk) : signIn(desk, options));
    });
}

function openDesk(io: CliIo): Desk {
  const { settings, authorityUrl, api } = withSettings(io, (reader) => ({
    settings: signInSettings(reader),
    authorityUrl: reader.value('COSELL_AUTHORITY_URL') ?? '',
    api: {
      url: reader.value('PARTNER_CENTER_URL') ?? '',
      timeoutMs: (reader.value('COSELL_PARTNER_CENTER_TIMEOUT_SECONDS') ?? 0) * 1000,
    },
  }));
  const around = { authorityUrl, clock: io.clock, log: io.log, random: Math.random };
  return { io, settings, around, api, store: openTokenStore(settings, around) };
}

async function signIn(desk: Desk, options: Options): Promise<void> {
  const { io, settings, around } = desk;
  // A sign-in by hand stands above a seed in the settings, whatever that is on the worker's machine.
  const store = openTokenStore({ ...settings, refreshToken: undefined }, around);
  await store.ready();
  const signedIn = await askPerson(desk, options);
  await proveToken(signedIn.accessToken, { ...desk.api, io });
  await keep(io, store, signedIn);
  io.out(signedIn.account ? `Signed in as ${signedIn.account}.` : 'Signed in.');
  await showStatus({ ...desk, store });
  io.out('The worker takes it up by itself, and renews it with each use.');
}

async function askPerson({ io, settings, around }: Desk, options: Options): Promise<SignedIn> {
  const request = {
    endpoint: openTokenEndpoint(settings, around),
    clientId: settings.clientId,
    resource: settings.resource,
    clock: io.clock,
    limitMs: options.deviceCode ? limitMs.deviceCode : limitMs.browser,
    show: (text: string) => io.err(text),
  };
  if (options.deviceCode) return signInByDeviceCode(request);
  try {
    return await signInByBrowser(request, options.port);
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new UsageError(
      `port ${options.port} is not free (${code}): give another with --port and register http://localhost:<port> with the app`,
    );
  }
}

/** The worker may be rotating the sign-in before at this very moment, and not every store can keep the two apart. */
async function keep(io: CliIo, store: RefreshTokenStore, { refreshToken }: SignedIn): Promise<void> {
  const signIn = randomUUID();
  for (let attempt = 1; attempt <= 3; attempt++) {
    await store.write({ refreshToken, savedOn: new Date(io.clock.now()).toISOString(), signIn });
    await io.clock.sleep(2_000);
    if ((await store.read())[0]?.signIn === signIn) return;
  }
  throw new SyncError('SETTING_INVALID', {
    detail: `${store.place}: something else writes there again and again; stop the worker, then sign in again`,
  });
}

async function showStatus({ io, settings, store }: Desk): Promise<void> {
  const [newest] = await store.read();
  if (!newest) throw new SyncError('PARTNER_CENTER_SIGN_IN', { detail: 'nobody has signed in yet' });
  io.out(`Kept in:    ${newest.savedOn === '' ? 'PARTNER_CENTER_REFRESH_TOKEN, not used yet' : store.place}`);
  if (newest.savedOn === '') return io.out('Renewed on: not known; the first use tells');
  const ends = endOf(newest.savedOn, settings.signInDays);
  const left = Math.max(0, daysUntil(ends, io.clock.now()) ?? 0);
  io.out(`Renewed on: ${newest.savedOn}`);
  io.out(`Ends on:    ${ends} unless it is renewed (${left} ${left === 1 ? 'day' : 'days'} left)`);
  if (Date.parse(ends) <= io.clock.now())
    throw new SyncError('PARTNER_CENTER_SIGN_IN', {
      detail: `the sign-in was last renewed on ${newest.savedOn.slice(0, 10)} and has ended`,
    });
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new UsageError('--port must be a number from 0 (any free port) to 65535');
  return port;
}
