/**
 * A world for scenario tests: the three emulators over real HTTP, our packed managed solution installed, and the
 * worker as production puts it together, on a clock that only the test moves.
 *
 * Tests act as people (seller, Microsoft, colleague in the portal) and then call `sync`, which polls until nothing is
 * left to do; they assert what each side shows, and end with `expectSilence`.
 */
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  startEmulators,
  EmulatorClock,
  type DataverseEmulator,
  type PartnerCenterEmulator,
  type Referral,
  type SalesSeed,
  type World as Emulators,
} from '../emulators';
import type { Row } from '../emulators/dataverse';
import type { JournalEntry } from '../emulators/kit/journal';
import { sampleDeal } from '../emulators/sample-deal';
import { compose, type Composed } from '../sync-worker/src/compose';
import { loadConfig } from '../sync-worker/src/config';
import type { Context } from '../sync-worker/src/context';
import type { Clock, Log } from '../sync-worker/src/ports';
import type { Worker } from '../sync-worker/src/worker';
import { leaksOf } from './leaks';
import { configure, strangers } from './outgoing';
import { seededRandom } from './seeded-random';
import { environmentOf } from '../scripts/worker-process';
import { managedSolution } from './managed-solution';
import { writesOf } from './writes';

export { managedSolution };
export interface WorldOptions {
  readonly startAt?: string;
  /** How far the services' clocks are ahead of the world's, in milliseconds. */
  readonly skewMs?: { readonly dataverse?: number; readonly partnerCenter?: number };
  /** In place of the solution without its controls, scripts and forms. */
  readonly solutionZip?: Uint8Array;
  readonly dataverse?: Partial<DataverseEmulator['switches']>;
  readonly partnerCenter?: Partial<PartnerCenterEmulator['switches']>;
  /** Environment variables of the worker, over the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings by schema name: current values of environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

export class World {
  worker!: Worker;
  context!: Context;
  readonly logs: string[] = [];
  private readonly random = seededRandom(20_261_123);
  private constructor(
    private readonly emulators: Emulators,
    readonly seed: SalesSeed,
    private readonly folder: string,
    private readonly options: WorldOptions,
  ) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const clock = new EmulatorClock(options.startAt ?? '2026-11-23T08:00:00Z');
    const emulators = await startEmulators({
      clock,
      solutionZip: options.solutionZip ?? managedSolution(),
      ...(options.skewMs ? { skewMs: options.skewMs } : {}),
    });
    Object.assign(emulators.dataverse.switches, options.dataverse ?? {});
    Object.assign(emulators.partnerCenter.switches, options.partnerCenter ?? {});
    emulators.partnerCenter.catalogue.add({
      id: 'SOL-70421-QLM',
      name: 'Larkspur Cold Chain Monitor',
      publisherName: 'Larkspur Systems GmbH',
    });
    emulators.partnerCenter.catalogue.add({
      id: 'SOL-70422-QLM',
      name: 'Larkspur Fleet & Yard',
      publisherName: 'Larkspur Systems GmbH',
    });
    configure(Object.values(emulators.urls));
    const world = new World(emulators, emulators.seed as SalesSeed, mkdtempSync(join(tmpdir(), 'cosell-')), options);
    for (const [name, value] of Object.entries(options.settings ?? {})) world.setting(name, value);
    await world.startWorker();
    return world;
  }

  get clock(): EmulatorClock {
    return this.emulators.clock;
  }
  get journal(): Emulators['journal'] {
    return this.emulators.journal;
  }
  get faults(): Emulators['faults'] {
    return this.emulators.faults;
  }
  get entra(): Emulators['entra'] {
    return this.emulators.entra;
  }
  /** Started when first asked for. */
  async keyVault(): ReturnType<Emulators['keyVault']> {
    const vault = await this.emulators.keyVault();
    configure([vault.url]);
    return vault;
  }
  get dataverse(): DataverseEmulator {
    return this.emulators.dataverse;
  }
  get partnerCenter(): PartnerCenterEmulator {
    return this.emulators.partnerCenter;
  }

  /** The worker's environment variables: what an admin would set, with the emulators' addresses. */
  get env(): Record<string, string> {
    return {
      ...environmentOf(this.emulators),
      PARTNER_CENTER_TOKEN_FILE: join(this.folder, 'token.json'),
      ...this.options.env,
    };
  }

  /** A worker with nothing in memory, as after a restart. */
  newWorker(owner = 'test'): { worker: Worker; context: Context } {
    return this.newComposed(owner);
  }

  newComposed(owner = 'test', clock: Clock = this.workerClock()): Composed {
    const config = loadConfig(this.env, () => {
      throw new Error('no file here');
    });
    return compose(config, { log: this.log(), clock, random: this.random, owner });
  }

  async startWorker(): Promise<void> {
    Object.assign(this, this.newWorker());
    if (!(await this.worker.open())) throw new Error('the lease is held');
  }

  /** The worker dies without a word: what it had in memory is gone, its lease stays. */
  async restartWorker(): Promise<void> {
    await this.startWorker();
  }

  /** Lets time pass and polls until a pass changes nothing on either side. */
  async sync(seconds = 15): Promise<void> {
    for (let round = 0; round < 12; round++) {
      this.clock.advance(seconds * 1_000);
      const mark = this.journal.mark();
      await this.worker.pass();
      if (this.writes(mark).length === 0 && this.worker.queue.size === 0) return;
    }
  }

  /** Writes since a mark: everything but reads, and the lease's own row. */
  writes(mark: number): string[] {
    return this.journal.since(mark).flatMap((entry) => writesOf(entry));
  }

  requests(mark: number, service: string): JournalEntry[] {
    return this.journal.since(mark, service);
  }

  /** Two more passes write nothing. */
  async expectSilence(): Promise<void> {
    const mark = this.journal.mark();
    for (let pass = 0; pass < 2; pass++) {
      this.clock.advance(30_000);
      await this.worker.pass();
    }
    expect(this.writes(mark)).toEqual([]);
  }

  // ------------------------------------------------------------ people

  get seller(): ReturnType<DataverseEmulator['as']> {
    return this.dataverse.as(this.seed.users.seller);
  }

  /** A complete co-sell-ready opportunity; not yet shared unless told so. */
  opportunity(changes: Row = {}, solutions: readonly string[] = ['SOL-70421-QLM']): string {
    const id = this.seller.create('opportunity', sampleDeal(this.seed, changes));
    for (const solution of solutions) this.addSolution(id, solution);
    return id;
  }

  addSolution(opportunity: string, solutionId: string): string {
    const known = this.seller.list('cosell_solution', (row) => row['cosell_solutionidentifier'] === solutionId)[0];
    const solution = known
      ? String(known['cosell_solutionid'])
      : this.seller.create('cosell_solution', {
          cosell_name: solutionId,
          cosell_solutionidentifier: solutionId,
          cosell_solutiontype: 'Name',
        });
    return this.seller.create('cosell_opportunitysolution', {
      cosell_name: solutionId,
      cosell_opportunityid: opportunity,
      cosell_solutionid: solution,
    });
  }

  share(id: string, more: Row = {}): void {
    this.seller.update('opportunity', id, { cosell_syncwithpartnercenter: true, ...more } as never);
  }

  get(id: string): Row {
    const row = this.seller.get('opportunity', id);
    if (!row) throw new Error(`no opportunity ${id}`);
    return row;
  }

  opportunities(): Row[] {
    return this.seller.list('opportunity');
  }

  link(recordId: string): Row | undefined {
    return this.seller.list('cosell_referral', (row) => row['cosell_recordid'] === recordId)[0];
  }

  events(recordId?: string): Row[] {
    return this.seller.list(
      'cosell_syncevent',
      (row) => recordId === undefined || row['cosell_opportunityid'] === recordId || row['cosell_leadid'] === recordId,
    );
  }

  referralOf(recordId: string): Referral {
    const id = String(this.seller.get('opportunity', recordId)?.['cosell_referralidentifier'] ?? '');
    const referral = this.partnerCenter.referral(id);
    if (!referral) throw new Error(`no referral for ${recordId}`);
    return referral;
  }

  setting(schemaName: string, value: string): void {
    const definition = this.seller.list('environmentvariabledefinition', (row) => row['schemaname'] === schemaName)[0];
    const id = String(definition?.['environmentvariabledefinitionid']);
    const existing = this.seller.list(
      'environmentvariablevalue',
      (row) => row['environmentvariabledefinitionid'] === id,
    )[0];
    if (existing)
      this.seller.update('environmentvariablevalue', String(existing['environmentvariablevalueid']), { value });
    else
      this.seller.create('environmentvariablevalue', {
        schemaname: schemaName,
        value,
        environmentvariabledefinitionid: id,
      });
  }

  /** Ends the world, and fails the test whose worker wrote down what must not be, or asked a host of nobody's. */
  async stop(): Promise<void> {
    this.faults.clear();
    const faults = [
      ...this.leaks(),
      ...strangers().map((origin) => `a request went to ${origin}, which nobody configured`),
    ];
    await this.emulators.stop();
    rmSync(this.folder, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }

  /** Secrets and persons in what the worker said so far: log, events, what rows keep of errors, its files. */
  leaks(): string[] {
    return leaksOf({
      list: (table) => this.seller.list(table),
      referrals: this.partnerCenter.referrals(),
      logs: this.logs,
      folder: this.folder,
    });
  }

  private workerClock(): Clock {
    const { clock } = this;
    return {
      now: () => clock.now(),
      monotonic: () => clock.now(),
      // Waiting is time that passes: nobody sleeps for real in a test.
      sleep: async (milliseconds, signal) => {
        signal?.throwIfAborted();
        clock.advance(milliseconds);
        await new Promise((resolve) => setImmediate(resolve));
      },
    };
  }

  private log(): Log {
    const write =
      (level: string) =>
      (message: string, fields?: Record<string, unknown>): void =>
        void this.logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}
