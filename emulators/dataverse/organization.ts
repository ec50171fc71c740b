/**
 * A fresh Sales organization: base rows that exist before anybody seeds anything (organization,
 * business unit, base currency, installed solutions, the system user and the two users that every
 * test needs).
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../kit/clock';
import { salesMetadata, type Metadata } from './metadata';
import { People } from './people';
import { Records } from './records';
import { Shares } from './shares';
import { outOfBoxSolutions } from './solution-dependencies';
import { Store, type StoreImage } from './store';
import type { DataverseSwitches } from './switches';
import { fold } from './text';
import type { AlternateKey, Row } from './types';
import type { Caller, World } from './world';

export interface BaseUsers {
  /** The platform's own user: does what nobody asked for by name. */
  readonly system: string;
  /** The application user that the connector signs in as. */
  readonly integration: string;
  readonly seller: string;
}

export interface Organization {
  readonly world: World;
  readonly records: Records;
  readonly users: BaseUsers;
  /** The organization as it stands. */
  image(): OrganizationImage;
  /**
   * Puts rows, versions and change log back to what they were, as restoring the environment's database does. New ids
   * go on rising: nobody is ever given one again that was seen outside.
   */
  restore(image: OrganizationImage): void;
}

/**
 * An organization at one moment. Copies share the metadata (who imports into a copy imports into all of them); access
 * that was granted row by row is not part of it.
 */
export interface OrganizationImage {
  readonly metadata: Metadata;
  readonly store: StoreImage;
  readonly users: BaseUsers;
  /** How many ids were given out. */
  readonly ids: number;
}

export interface OrganizationOptions {
  readonly clock: Clock;
  readonly switches: DataverseSwitches;
  readonly organizationId: string;
  /** Client id of the application whose tokens the integration user answers to. */
  readonly applicationId: string;
  readonly image?: OrganizationImage;
}

export function createOrganization(options: OrganizationOptions): Organization {
  const { image } = options;
  const metadata = image?.metadata ?? salesMetadata();
  const store = new Store((key, values) => keyText(key, values, options.switches));
  for (const table of metadata.tables.values()) store.addTable(table);
  const newId = idSource(options.organizationId, image?.ids);
  const newTrace = idSource(`${options.organizationId} trace`);
  const people = new People(metadata, store, options.switches);
  const shares = new Shares(store);
  const { clock, switches, organizationId } = options;
  const world: World = { clock, switches, organizationId, metadata, store, newId, newTrace, people, shares };
  const records = new Records(world);
  const users = image?.users ?? { system: newId(), integration: newId(), seller: newId() };
  const caller: Caller = { userId: users.system, limitedToRoles: false };
  if (image) store.restore(image.store);
  else createBase(records, caller, users, options);
  bindRetention(world, records, caller);
  return {
    world,
    records,
    users,
    image: () => ({ metadata, store: store.image(), users, ids: newId.given }),
    restore: (backup) => store.restore(backup.store),
  };
}

function createBase(records: Records, caller: Caller, users: BaseUsers, options: OrganizationOptions): void {
  const platform = { system: true };
  const businessunitid = records.create(caller, 'businessunit', { name: 'Contoso' }, platform);
  const person = { accessmode: 0, businessunitid };
  const create = (id: string, row: Record<string, string | number>): void =>
    void records.create(caller, 'systemuser', { systemuserid: id, ...person, ...row }, platform);
  create(users.system, { lastname: 'SYSTEM', internalemailaddress: 'system@contoso.example' });
  create(users.integration, {
    lastname: '# Co-sell Connector',
    internalemailaddress: 'cosell-connector@contoso.example',
    applicationid: options.applicationId,
    accessmode: 4,
  });
  create(users.seller, {
    firstname: 'Mareike',
    lastname: 'Osterkamp',
    internalemailaddress: 'mareike.osterkamp@contoso.example',
    domainname: 'mareike.osterkamp@contoso.example',
    address1_telephone1: '+49 40 5550 1234',
    mobilephone: '+49 170 5550 123',
    title: 'Account Executive',
  });
  const euro = {
    isocurrencycode: 'EUR',
    currencyname: 'Euro',
    currencysymbol: '€',
    currencyprecision: 2,
    exchangerate: 1,
  };
  const basecurrencyid = records.create(caller, 'transactioncurrency', euro, platform);
  records.create(
    caller,
    'organization',
    {
      organizationid: options.organizationId,
      name: 'Contoso',
      languagecode: 1033,
      pricingdecimalprecision: 2,
      expirechangetrackingindays: options.switches.retentionDays,
      basecurrencyid,
    },
    platform,
  );
  for (const uniquename of outOfBoxSolutions) {
    const row = { uniquename, friendlyname: uniquename, version: '9.0.4.0', ismanaged: true };
    records.create(caller, 'solution', row, platform);
  }
}

/** The switch and the organization's column are one number, so neither can contradict the other. */
function bindRetention({ switches, organizationId, store }: World, records: Records, caller: Caller): void {
  Object.defineProperty(switches, 'retentionDays', {
    enumerable: true,
    get: () => Number(store.get('organization', organizationId)?.values['expirechangetrackingindays'] ?? 7),
    set: (days: number) =>
      records.update(caller, 'organization', organizationId, { expirechangetrackingindays: days }, { system: true }),
  });
}

/** A key's values as one text; undefined when the row takes no part in the uniqueness. */
function keyText(key: AlternateKey, values: Row, switches: DataverseSwitches): string | undefined {
  const parts = key.columns.map((column) => values[column] ?? null);
  if (parts.includes(null) && switches.emptyKeySideBySide === 'allow') return undefined;
  return JSON.stringify(parts.map((part) => (typeof part === 'string' ? fold(part, switches) : part)));
}

/** Rising, like the platform's sequential GUIDs, and the same in each run. */
function idSource(organizationId: string, given = 0): IdSource {
  const salt = createHash('sha1').update(organizationId).digest('hex');
  const next = (): string => {
    next.given += 1;
    const high = next.given.toString(16).padStart(8, '0');
    return `${high}-${salt.slice(0, 4)}-f011-8${salt.slice(5, 8)}-${salt.slice(8, 20)}`;
  };
  next.given = given;
  return next;
}

interface IdSource {
  (): string;
  given: number;
}
