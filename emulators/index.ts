/**
 * All emulators as one world on one clock: Entra, Dataverse, Partner Center, with fake credentials
 * that are wired through. What the tests, the demo and the benches start. Imports nothing that ships.
 */
import { startControl, type RunningControl } from './control';
import { seedSales, startDataverse, type DataverseEmulator, type SalesSeed } from './dataverse';
import { startEntra, type EntraEmulator } from './entra';
import { EmulatorClock } from './kit/clock';
import { createAuthority, type IssuedCertificate } from './kit/certificates';
import { startKeyVault, type KeyVaultEmulator } from './key-vault';
import { FaultPlan } from './kit/faults';
import { Journal } from './kit/journal';
import { startPartnerCenter, type PartnerCenterEmulator } from './partner-center';
import { createWorldTls, type WorldTls } from './tls';

export type { DataverseEmulator, SalesSeed } from './dataverse';
export type { EntraEmulator } from './entra';
export type { KeyVaultEmulator } from './key-vault';
export type { PartnerCenterEmulator, Referral } from './partner-center';
export { EmulatorClock } from './kit/clock';
export { FaultPlan } from './kit/faults';
export { Journal } from './kit/journal';

/** Invented, and the same in every world, so that configuration files of tests and demo can be fixed. */
export const wellKnown = {
  tenantId: '7d1c0f5a-3333-4000-8000-00000000c05e',
  clientId: 'c05e11c0-1111-4000-8000-000000000001',
  clientSecret: 'emulator-only-secret',
  partnerCenterUser: 'cosell.service@larkspur.example',
  managedIdentityHeader: 'emulator-only-identity-header',
  /** Resource ids of the two Partner Center hosts; tokens carry them whatever the emulator's address is. */
  referralsAudience: 'https://api.partner.microsoft.com',
  webhooksAudience: 'https://api.partnercenter.microsoft.com',
  vaultAudience: 'https://vault.azure.net',
} as const;

export interface WorldOptions {
  readonly clock?: EmulatorClock;
  /** The clock stands still from here on until moved; without it (and without `clock`) it runs. */
  readonly startAt?: string;
  readonly https?: boolean;
  /** 0 or absent: any free port. A `control` port (0 too) starts the control API. */
  readonly ports?: { entra?: number; dataverse?: number; partnerCenter?: number; control?: number };
  /** Packed managed solution, installed before anything else happens. */
  readonly solutionZip?: Uint8Array;
  /** How far the clocks of the services are ahead of the world's, in milliseconds. */
  readonly skewMs?: { readonly dataverse?: number; readonly partnerCenter?: number };
  /** Users, currencies, accounts, contacts and co-sell solutions to work with. Default true. */
  readonly seed?: boolean;
}

export interface WorldCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signed in with a second factor; Referrals admin for all locations. */
  readonly partnerCenterUser: string;
  readonly partnerCenterRefreshToken: string;
  readonly referralsAudience: string;
  readonly webhooksAudience: string;
  /** `<dataverse url>/.default` */
  readonly dataverseScope: string;
  readonly managedIdentityEndpoint: string;
  readonly managedIdentityHeader: string;
}

export interface World {
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly entra: EntraEmulator;
  readonly dataverse: DataverseEmulator;
  readonly partnerCenter: PartnerCenterEmulator;
  readonly urls: { readonly entra: string; readonly dataverse: string; readonly partnerCenter: string };
  readonly credentials: WorldCredentials;
  /** Present unless `seed` was false and nobody asked since. */
  readonly seed?: SalesSeed;
  readonly control?: RunningControl;
  /** PEM to trust, with `https`. */
  readonly caCertificate?: string;
  /** Seeds a world that was started without; answers the ids either way. */
  ensureSeed(): SalesSeed;
  /** A vault in which the connector's application may read, write and list secrets; started when first asked for. */
  keyVault(): Promise<KeyVaultEmulator>;
  /** A new certificate that the connector's application may sign in with. */
  registerClientCertificate(): Promise<IssuedCertificate>;
  stop(): Promise<void>;
}

export async function startEmulators(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? new EmulatorClock(options.startAt);
  const journal = new Journal();
  const faults = new FaultPlan();
  const tls = options.https ? await createWorldTls() : undefined;
  const common = { clock, journal, faults, ...(tls ? { tls: tls.server } : {}) };
  const started: { stop(): Promise<void> }[] = [];
  try {
    return await assemble(options, common, tls, started);
  } catch (error) {
    // A port that is taken must not leave the others listening.
    await Promise.all(started.map((service) => service.stop()));
    throw error;
  }
}

type Common = Pick<World, 'clock' | 'journal' | 'faults'> & { tls?: IssuedCertificate };

async function assemble(
  options: WorldOptions,
  common: Common,
  tls: WorldTls | undefined,
  started: { stop(): Promise<void> }[],
): Promise<World> {
  const port = (name: 'entra' | 'dataverse' | 'partnerCenter'): { port?: number } => {
    const wanted = options.ports?.[name];
    return wanted === undefined ? {} : { port: wanted };
  };
  const entra = await startEntra({
    ...common,
    ...port('entra'),
    tenantId: wellKnown.tenantId,
    managedIdentity: { clientId: wellKnown.clientId, header: wellKnown.managedIdentityHeader },
  });
  started.push(entra);
  const skewed = (name: 'dataverse' | 'partnerCenter'): Common => ({
    ...common,
    clock: common.clock.skewed(options.skewMs?.[name] ?? 0),
  });
  const dataverse = await startWorldDataverse(skewed('dataverse'), port('dataverse'), entra);
  started.push(dataverse);
  const partnerCenter = await startPartnerCenter({
    ...skewed('partnerCenter'),
    ...port('partnerCenter'),
    authenticate: (bearer, audience) =>
      entra.verify(bearer, {
        audience: audience === 'referrals' ? wellKnown.referralsAudience : wellKnown.webhooksAudience,
      }),
  });
  started.push(partnerCenter);

  if (options.solutionZip) dataverse.installSolution(options.solutionZip);
  let seed: SalesSeed | undefined;
  const ensureSeed = (): SalesSeed => (seed ??= seedWorld(dataverse, partnerCenter));
  if (options.seed !== false) ensureSeed();
  let vault: Promise<KeyVaultEmulator> | undefined;
  const world: World = {
    ...common,
    entra,
    dataverse,
    partnerCenter,
    urls: { entra: entra.url, dataverse: dataverse.url, partnerCenter: partnerCenter.url },
    credentials: credentialsOf(entra, dataverse, partnerCenter),
    ...(seed ? { seed } : {}),
    ensureSeed,
    ...(tls ? { caCertificate: tls.caCertificate } : {}),
    keyVault: () => (vault ??= startWorldVault(common, entra, started)),
    registerClientCertificate: async () => {
      const made = await createAuthority({ commonName: 'Co-sell connector test client' });
      entra.registerApplication({ clientId: wellKnown.clientId, certificate: made.cert });
      return { key: made.key, cert: made.cert };
    },
    stop: async () => {
      faults.release();
      await Promise.all(started.map((service) => service.stop()));
    },
  };
  const { faults } = common;
  const controlPort = options.ports?.control;
  if (controlPort === undefined) return world;
  const control = await startControl(world, controlPort);
  started.push(control);
  return { ...world, control };
}

async function startWorldVault(
  common: Common,
  entra: EntraEmulator,
  started: { stop(): Promise<void> }[],
): Promise<KeyVaultEmulator> {
  const vault = await startKeyVault({
    ...common,
    authority: `https://login.microsoftonline.com/${wellKnown.tenantId}`,
    authenticate: (bearer) => entra.verify(bearer, { audience: wellKnown.vaultAudience }),
  });
  started.push(vault);
  vault.grant(wellKnown.clientId, ['get', 'set', 'list']);
  return vault;
}

function startWorldDataverse(
  common: Common,
  port: { port?: number },
  entra: EntraEmulator,
): Promise<DataverseEmulator> {
  let audience = '';
  return startDataverse({
    ...common,
    ...port,
    applicationId: wellKnown.clientId,
    authority: `${entra.url}/${wellKnown.tenantId}/oauth2/authorize`,
    authenticate: (bearer) => {
      const claims = entra.verify(bearer, { audience });
      if ('refuse' in claims) return claims;
      return claims.idtyp === 'app'
        ? { applicationId: claims.appid }
        : { refuse: 'only application users are modelled' };
    },
  }).then((dataverse) => {
    audience = dataverse.url;
    return dataverse;
  });
}

function credentialsOf(
  entra: EntraEmulator,
  dataverse: DataverseEmulator,
  partnerCenter: PartnerCenterEmulator,
): WorldCredentials {
  const { managedIdentityHeader, clientId, clientSecret, partnerCenterUser, tenantId } = wellKnown;
  entra.registerApplication({ clientId, secret: clientSecret });
  entra.registerUser({ upn: partnerCenterUser, mfa: true });
  entra.signInAs(partnerCenterUser);
  partnerCenter.roles.assign(partnerCenterUser, { role: 'ReferralsAdmin' });
  return {
    tenantId,
    clientId,
    clientSecret,
    partnerCenterUser,
    partnerCenterRefreshToken: entra.issueRefreshToken({ clientId, upn: partnerCenterUser }),
    referralsAudience: wellKnown.referralsAudience,
    webhooksAudience: wellKnown.webhooksAudience,
    dataverseScope: `${dataverse.url}/.default`,
    managedIdentityEndpoint: `${entra.url}/msi/token`,
    managedIdentityHeader,
  };
}

const solutions = [
  { id: 'SOL-70421-QLM', name: 'Larkspur Cold Chain Monitor' },
  { id: 'SOL-10007-FLT', name: 'Larkspur Fleet Ledger' },
  { id: 'SOL-33810-YRD', name: 'Larkspur Yard Planner' },
];

function seedWorld(dataverse: DataverseEmulator, partnerCenter: PartnerCenterEmulator): SalesSeed {
  for (const solution of solutions)
    partnerCenter.catalogue.add({ ...solution, publisherName: 'Larkspur Systems GmbH' });
  return seedSales(dataverse);
}
