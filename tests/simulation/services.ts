/**
 * Both services of a world, in memory: the emulators with everything that they check, and no socket.
 *
 * The organization with our solution installed is made once and copied for each world, since an import takes longer
 * than a world.
 */
import {
  EmulatorClock,
  FaultPlan,
  Journal,
  wellKnown,
  type DataverseEmulator,
  type PartnerCenterEmulator,
} from '../../emulators';
import { seedSales, startDataverse, type OrganizationImage, type SalesSeed } from '../../emulators/dataverse';
import { startPartnerCenter } from '../../emulators/partner-center';
import type { Listen, ServerOptions } from '../../emulators/kit/server';
import { managedSolution } from '../world';
import type { Plan } from './plan';
import { isGoodToken, origins, type Service } from './wire';

export const startsAt = '2026-11-23T08:00:00Z';
export const catalogue = ['SOL-70421-QLM', 'SOL-70422-QLM', 'SOL-70423-QLM'] as const;

export interface Services {
  readonly clock: EmulatorClock;
  readonly dataverse: DataverseEmulator;
  readonly partnerCenter: PartnerCenterEmulator;
  readonly servers: Readonly<Record<Service, ServerOptions>>;
  readonly base: Base;
}

/** What every world starts from. */
export interface Base {
  readonly image: OrganizationImage;
  readonly seed: SalesSeed;
  readonly colleague: string;
  /** Row ids of the catalogue in the CRM, by solution id. */
  readonly solutions: Readonly<Record<string, string>>;
}

let made: Promise<Base> | undefined;

/** The organization with our solution, customers, users and a default owner; made once per process. */
export function base(): Promise<Base> {
  made ??= makeBase();
  return made;
}

async function makeBase(): Promise<Base> {
  const { listen } = capture();
  const dataverse = await startDataverse({
    ...common(new EmulatorClock(startsAt)),
    listen,
    authenticate: () => ({ refuse: 'nobody yet' }),
    applicationId: wellKnown.clientId,
  });
  dataverse.installSolution(managedSolution());
  const seed = seedSales(dataverse);
  const admin = dataverse.as(seed.users.seller);
  const colleague = admin.create('systemuser', {
    firstname: 'Benno',
    lastname: 'Achterberg',
    internalemailaddress: 'benno.achterberg@contoso.example',
    domainname: 'benno.achterberg@contoso.example',
    address1_telephone1: '+49 40 5550 777',
    accessmode: 0,
  });
  const solutions = Object.fromEntries(
    catalogue.map((id) => [
      id,
      admin.create('cosell_solution', { cosell_name: id, cosell_solutionidentifier: id, cosell_solutiontype: 'Name' }),
    ]),
  );
  setting(dataverse, seed, 'cosell_defaultowner', 'mareike.osterkamp@contoso.example');
  setting(dataverse, seed, 'cosell_pause', 'no');
  return { image: dataverse.image(), seed, colleague, solutions };
}

export async function services(
  now: () => number,
  switches: Readonly<Record<string, string | number>>,
): Promise<Services> {
  const from = await base();
  const clock = new EmulatorClock(startsAt);
  const crm = capture();
  const partner = capture();
  const shared = common(clock);
  const dataverse = await startDataverse({
    ...shared,
    listen: crm.listen,
    image: from.image,
    applicationId: wellKnown.clientId,
    authenticate: (bearer) =>
      isGoodToken(bearer, now()) ? { applicationId: wellKnown.clientId } : { refuse: 'expired' },
  });
  const partnerCenter = await startPartnerCenter({
    ...shared,
    listen: partner.listen,
    authenticate: (bearer) =>
      isGoodToken(bearer, now()) ? { upn: wellKnown.partnerCenterUser, amr: ['mfa'] } : { refuse: 'expired' },
  });
  partnerCenter.roles.assign(wellKnown.partnerCenterUser, { role: 'ReferralsAdmin' });
  for (const id of catalogue) partnerCenter.catalogue.add({ id, name: id, publisherName: 'Larkspur Systems GmbH' });
  for (const [name, value] of Object.entries(switches)) {
    if (name.startsWith('crm.')) Object.assign(dataverse.switches, { [name.slice(4)]: value });
    else Object.assign(partnerCenter.switches, { [name]: value });
  }
  return {
    clock,
    dataverse,
    partnerCenter,
    servers: { dataverse: crm.taken(), partnerCenter: partner.taken() },
    base: from,
  };
}

/** Current value of an environment variable. */
export function setting(dataverse: DataverseEmulator, seed: SalesSeed, schemaname: string, value: string): void {
  const admin = dataverse.as(seed.users.seller);
  const definition = admin.list('environmentvariabledefinition', (row) => row['schemaname'] === schemaname)[0];
  const id = String(definition?.['environmentvariabledefinitionid']);
  const present = admin.list('environmentvariablevalue', (row) => row['environmentvariabledefinitionid'] === id)[0];
  if (present) admin.update('environmentvariablevalue', String(present['environmentvariablevalueid']), { value });
  else admin.create('environmentvariablevalue', { schemaname, value, environmentvariabledefinitionid: id });
}

/** What a worker is started with. */
export function workerEnvironment(plan: Pick<Plan, 'compareHours' | 'concurrency'>): Record<string, string> {
  return {
    DATAVERSE_URL: origins.dataverse,
    PARTNER_CENTER_URL: origins.partnerCenter,
    COSELL_TENANT_ID: '7d1c0f5a-3333-4000-8000-00000000c05e',
    COSELL_CLIENT_ID: 'c05e11c0-1111-4000-8000-000000000001',
    COSELL_CLIENT_SECRET: 'simulated',
    PARTNER_CENTER_REFRESH_TOKEN: 'simulated',
    PARTNER_CENTER_TOKEN_FILE: '/nowhere/token.json',
    COSELL_COMPARE_HOURS: String(plan.compareHours),
    COSELL_CONCURRENCY: String(plan.concurrency),
  };
}

function common(clock: EmulatorClock): { clock: EmulatorClock; journal: Journal; faults: FaultPlan } {
  return { clock, journal: new Journal(1), faults: new FaultPlan() };
}

/** Takes what would have listened on a socket. */
function capture(): { listen: Listen; taken: () => ServerOptions } {
  let options: ServerOptions | undefined;
  return {
    listen: async (given) => {
      options = given;
      return { url: origins[given.service as Service], port: 0, stop: async () => undefined };
    },
    taken: () => {
      if (!options) throw new Error('the service does not listen');
      return options;
    },
  };
}
