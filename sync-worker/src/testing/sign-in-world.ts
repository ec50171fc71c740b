/**
 * For tests of the sign-in: emulators over HTTP, a clock that only the test moves, and the Partner Center sign-in put
 * together as production does. Tests only.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmulatorClock, startEmulators } from '../../../emulators';
import type { World } from '../../../emulators';
import { createPartnerCenterToken } from '../auth/partner-center-token';
import type { PartnerCenterToken } from '../auth/partner-center-token';
import { openTokenStore } from '../auth/sign-ins';
import type { SignInSettings } from '../auth/sign-ins';
import type { RefreshTokenStore } from '../auth/refresh-token-store';
import { createTokenSend } from '../auth/token-send';
import type { Clock } from '../ports';
import { logLines } from './log-lines';

const startAt = '2026-11-23T08:00:00Z';

export class SignInWorld {
  log = logLines();
  readonly clock: Clock;

  private constructor(
    readonly emulators: World,
    readonly folder: string,
  ) {
    const { clock } = emulators;
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.now(),
      sleep: async (milliseconds, signal) => {
        signal?.throwIfAborted();
        clock.advance(milliseconds);
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  }

  static async start(): Promise<SignInWorld> {
    const emulators = await startEmulators({ clock: new EmulatorClock(startAt), seed: false });
    return new SignInWorld(emulators, mkdtempSync(join(tmpdir(), 'cosell-sign-in-')));
  }

  /** As new, but for the time that starting takes. */
  async reset(): Promise<void> {
    const { clock, faults, journal, entra, credentials } = this.emulators;
    clock.set(startAt);
    faults.clear();
    journal.clear();
    Object.assign(entra.switches, { refreshRotation: 'oldStaysValid', refuseRefreshWith: 0, person: 'signsIn' });
    entra.signInAs(credentials.partnerCenterUser);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { mode: 0o700 });
    this.log = logLines();
    const vault = await this.emulators.keyVault();
    vault.switches.firewall = 'open';
    vault.grant(credentials.clientId, ['get', 'set', 'list']);
    for (const name of vault.secrets.names()) {
      vault.secrets.delete(name);
      vault.secrets.purge(name);
    }
  }

  get file(): string {
    return join(this.folder, 'token.json');
  }

  settings(changes: Partial<SignInSettings> = {}): SignInSettings {
    const { tenantId, clientId, clientSecret, referralsAudience } = this.emulators.credentials;
    return {
      tenantId,
      clientId,
      credential: { kind: 'secret', secret: clientSecret },
      resource: referralsAudience,
      tokenEndpoint: 'v2',
      refreshToken: undefined,
      tokenFile: this.file,
      vault: null,
      signInDays: 90,
      ...changes,
    };
  }

  async vaultSettings(): Promise<SignInSettings> {
    const { tenantId, clientId, clientSecret } = this.emulators.credentials;
    const { url } = await this.emulators.keyVault();
    const credential = { kind: 'secret', secret: clientSecret } as const;
    return this.settings({
      vault: { url, secretName: 'cosell-partner-center-default', tenantId, clientId, credential },
    });
  }

  store(settings = this.settings()): RefreshTokenStore {
    const { clock, log } = this;
    return openTokenStore(settings, { authorityUrl: this.emulators.urls.entra, clock, log, random: () => 0.5 });
  }

  /** A process of its own: what another one has in memory, this one does not know. */
  provider(store = this.store()): PartnerCenterToken {
    const { clock, log } = this;
    const { tenantId, clientId, credential, resource, tokenEndpoint, signInDays } = this.settings();
    return createPartnerCenterToken({
      tenantId,
      clientId,
      credential: credential as { kind: 'secret'; secret: string },
      resource,
      endpoint: tokenEndpoint,
      authorityUrl: this.emulators.urls.entra,
      store,
      days: signInDays,
      send: createTokenSend({ clock, log, random: () => 0.5 }),
      clock,
      log,
    });
  }

  /** As `cosell signin` leaves it. */
  async signIn(store = this.store(), name = 'first'): Promise<string> {
    const refreshToken = this.issue();
    await store.write({ refreshToken, savedOn: new Date(this.clock.now()).toISOString(), signIn: name });
    return refreshToken;
  }

  issue(): string {
    const { clientId, partnerCenterUser: upn } = this.emulators.credentials;
    return this.emulators.entra.issueRefreshToken({ clientId, upn });
  }

  /** Refresh grants that were asked for since a mark. */
  grants(since = 0): number {
    return this.emulators.journal
      .since(since, 'entra')
      .filter((entry) => entry.requestBody.includes('grant_type=refresh_token')).length;
  }

  async stop(): Promise<void> {
    await this.emulators.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
