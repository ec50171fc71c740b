/**
 * The Dataverse Web API v9.2 of one Sales organization, on loopback.
 *
 * Strict: what isn't modelled answers 501 with its name. What Microsoft's documents leave open is a
 * switch (`switches`), to be turned at any time. Learns a publisher's tables from the packed managed
 * solution, as a real environment does. Imports nothing that ships: it is the second opinion.
 */
import type { EmulatorClock } from '../kit/clock';
import type { FaultPlan } from '../kit/faults';
import type { Journal } from '../kit/journal';
import { startServer, type Listen } from '../kit/server';
import { personOf, type Person, type PersonOptions } from './direct';
import { ServiceLimits } from './limits';
import type { Metadata } from './metadata';
import { createOrganization, type OrganizationImage } from './organization';
import { handle, type Service } from './service';
import { importSolution } from './solution-import';
import type { Store } from './store';
import { defaultSwitches, type DataverseSwitches, type LimitSwitches } from './switches';

export { DataverseError } from './errors';
export { seedSales, type SalesSeed } from './seed';
export type { CloseDetails, Person, PersonOptions } from './direct';
export type { OrganizationImage } from './organization';
export type { Changes, InputValue, Row, Value } from './types';
export type { DataverseSwitches, LimitSwitches } from './switches';

export interface DataverseOptions {
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default: a socket on loopback. */
  readonly listen?: Listen;
  /** Starts as a copy of this organization, in place of a fresh one; same ids for both. */
  readonly image?: OrganizationImage;
  readonly switches?: Partial<Omit<DataverseSwitches, 'limits'>> & { readonly limits?: Partial<LimitSwitches> };
  /** Decides whether a bearer token is good: the application (client) id, or a refusal (401). */
  readonly authenticate: (bearer: string) => { applicationId: string } | { refuse: string };
  /** Client id of the application user `users.integration`. */
  readonly applicationId?: string;
  readonly organizationId?: string;
  /** What the 401 names as authority. */
  readonly authority?: string;
}

export interface DataverseEmulator {
  /** Origin, for example `http://127.0.0.1:1234`; the API is below `/api/data/v9.2/`. */
  readonly url: string;
  /** Turn any of them at any time. */
  readonly switches: DataverseSwitches;
  readonly organizationId: string;
  readonly users: { readonly integration: string; readonly seller: string };
  readonly store: Store;
  readonly metadata: Metadata;
  stop(): Promise<void>;
  /** Acts as a person (id of a systemuser row) under the same rules as the Web API; with all rights, unless roles are named. */
  as(userId: string, options?: PersonOptions): Person;
  /** Signs a person in as a browser is: answers the value for `Cookie: CrmOwinAuth=<value>`. */
  signIn(userId: string): string;
  /** Ends the person's sessions: the Web API answers 401 from now on. */
  signOut(userId: string): void;
  /** Replaces the person's security roles, by name; they count while the switch `enforcePrivileges` is on. */
  giveRoles(userId: string, roleNames: readonly string[]): void;
  rolesOf(userId: string): readonly string[];
  /** Privileges that the user's requests needed while the switch `enforcePrivileges` was on: lower case, sorted. */
  demandedOf(userId: string): readonly string[];
  /** LCID of the language in which labels and formatted choices are shown to the person (`usersettings.uilanguageid`). */
  setLanguage(userId: string, lcid: number): void;
  /** Does what ImportSolutionAsync does; throws its error. */
  installSolution(zip: Uint8Array): void;
  /** The organization as it stands, for copies of it and as a backup. */
  image(): OrganizationImage;
  /** Puts a backup of this organization back: all rows, their versions and the change log are what they were. */
  restore(image: OrganizationImage): void;
}

export const defaultApplicationId = 'c05e11c0-1111-4000-8000-000000000001';
const defaultOrganizationId = '0f9a1c30-2222-4000-8000-00000000c05e';

export async function startDataverse(options: DataverseOptions): Promise<DataverseEmulator> {
  const { clock, journal, faults, port, tls } = options;
  const defaults = defaultSwitches();
  const switches = { ...defaults, ...options.switches, limits: { ...defaults.limits, ...options.switches?.limits } };
  const organizationId = options.organizationId ?? defaultOrganizationId;
  const applicationId = options.applicationId ?? defaultApplicationId;
  const { image } = options;
  const organization = createOrganization({
    clock,
    switches,
    organizationId,
    applicationId,
    ...(image ? { image } : {}),
  });
  const { world, records, users } = organization;
  const service: Service = {
    records,
    limits: new ServiceLimits(() => clock.now()),
    authenticate: options.authenticate,
    authority: options.authority ?? 'https://login.microsoftonline.com/common/oauth2/authorize',
  };
  const server = await (options.listen ?? startServer)({
    service: 'dataverse',
    handler: (request) => handle(service, request),
    clock,
    journal,
    faults,
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
  });
  return {
    url: server.url,
    switches,
    organizationId,
    users,
    store: world.store,
    metadata: world.metadata,
    stop: () => server.stop(),
    as: (userId, personOptions) => personOf(records, userId, personOptions),
    signIn: (userId) => world.people.signIn(userId),
    signOut: (userId) => world.people.signOut(userId),
    giveRoles: (userId, roleNames) => world.people.giveRoles(userId, roleNames),
    rolesOf: (userId) => world.people.rolesOf(userId),
    demandedOf: (userId) => world.people.demandedOf(userId),
    setLanguage: (userId, uilanguageid) =>
      personOf(records, users.system).update('usersettings', userId, { uilanguageid }),
    image: () => organization.image(),
    restore: (backup) => organization.restore(backup),
    installSolution: (zip) => importSolution(records, { userId: users.system, limitedToRoles: false }, zip),
  };
}
