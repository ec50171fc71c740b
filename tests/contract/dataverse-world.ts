/**
 * A Dataverse organization with our solution, and the adapter talking to it over real HTTP.
 *
 * What an admin, a seller or a second worker does goes through the emulator's own door, not through the adapter.
 */
import {
  seedSales,
  startDataverse,
  defaultApplicationId,
  type DataverseEmulator,
  type DataverseSwitches,
  type SalesSeed,
} from '../../emulators/dataverse';
import { EmulatorClock } from '../../emulators/kit/clock';
import { FaultPlan } from '../../emulators/kit/faults';
import { Journal, type JournalEntry } from '../../emulators/kit/journal';
import { managedSolution } from '../../solution/kept-pack';
import { createDataverse, type DataverseCrm, type DataverseOptions } from '../../sync-worker/src/crm/dataverse';
import { createHttp } from '../../sync-worker/src/http/create-http';
import type { Send } from '../../sync-worker/src/http/types';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import type { Link, Log } from '../../sync-worker/src/ports';

export interface DataverseWorld {
  readonly emulator: DataverseEmulator;
  readonly seed: SalesSeed;
  readonly crm: DataverseCrm;
  readonly clock: FakeClock;
  readonly time: EmulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly logged: string[];
  /** The sender under the adapter, for tests that stand between the two. */
  readonly send: Send;
  /** Another adapter on the same organization, as a second worker or after a restart. */
  another(options?: Partial<DataverseOptions>): DataverseCrm;
  /** Sets an environment variable's current value. */
  setting(name: string, value: string): void;
  /** Requests since a mark of the journal. */
  requests(mark: number): JournalEntry[];
  stop(): Promise<void>;
}

export { managedSolution };

export interface WorldOptions {
  readonly switches?: Partial<Omit<DataverseSwitches, 'limits'>>;
  readonly withoutSolution?: boolean;
  readonly mapping?: unknown;
}

export async function dataverseWorld(options: WorldOptions = {}): Promise<DataverseWorld> {
  const time = new EmulatorClock('2026-03-02T09:00:00Z');
  const journal = new Journal();
  const faults = new FaultPlan();
  const emulator = await startDataverse({
    clock: time,
    journal,
    faults,
    authenticate: (bearer) =>
      bearer === 'good' ? { applicationId: defaultApplicationId } : { refuse: 'not our token' },
    ...(options.switches ? { switches: options.switches } : {}),
  });
  if (!options.withoutSolution) emulator.installSolution(managedSolution());
  const seed = seedSales(emulator);
  const clock = new FakeClock({ now: '2026-03-02T09:00:00Z', auto: true });
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const log: Log = { debug: () => undefined, info: note, warn: note, error: note };
  let state = 1;
  // A small repeatable generator: boundaries and tokens differ, runs do not.
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const send = createHttp({
    service: 'Dataverse',
    baseUrl: `${emulator.url}/api/data/v9.2/`,
    token: { token: () => Promise.resolve('good'), drop: () => undefined },
    signInCode: 'CRM_SIGN_IN',
    clock,
    log,
    random,
    concurrency: 8,
    timeoutMs: 10_000,
    attempts: 2,
    headerNames: {
      requestId: ['x-ms-client-request-id'],
      correlationId: ['x-ms-correlation-id'],
      answerId: ['x-ms-service-request-id'],
    },
  });
  const another = (more: Partial<DataverseOptions> = {}): DataverseCrm =>
    createDataverse({
      send,
      baseUrl: emulator.url,
      clock,
      log,
      random,
      connection: 'main',
      ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
      ...more,
    });
  const admin = emulator.as(emulator.users.seller);
  const setting = (name: string, value: string): void => {
    const [definition] = admin.list('environmentvariabledefinition', (row) => row['schemaname'] === `cosell_${name}`);
    const id = String(definition?.['environmentvariabledefinitionid']);
    const [present] = admin.list('environmentvariablevalue', (row) => row['environmentvariabledefinitionid'] === id);
    if (present) admin.update('environmentvariablevalue', String(present['environmentvariablevalueid']), { value });
    else
      admin.create('environmentvariablevalue', {
        schemaname: `cosell_${name}`,
        value,
        environmentvariabledefinitionid: id,
      });
  };
  return {
    emulator,
    seed,
    crm: another(),
    clock,
    time,
    faults,
    journal,
    logged,
    send,
    another,
    setting,
    requests: (mark) => journal.since(mark, 'dataverse'),
    stop: () => emulator.stop(),
  };
}

/** A link row that does not exist yet. */
export function newLink(key: string, set: Partial<Link> = {}): Link {
  return {
    key,
    version: '',
    record: null,
    recordDeleted: false,
    name: 'Deal',
    referralId: null,
    engagementId: null,
    referralEtag: '',
    state: 'notShared',
    due: null,
    attempts: 0,
    errorCode: '',
    error: '',
    parkedHash: '',
    claim: '',
    claimedOn: null,
    rawStatus: '',
    shadow: { fields: {} },
    pending: {},
    ...set,
  };
}
