/**
 * A world for scenario tests: the three emulators over real HTTP, our packed managed solution installed, and the
 * worker as production puts it together, on a clock that only the test moves.
 *
 * Tests act as people (seller, Microsoft, colleague in the portal) and then call `sync`, which polls until nothing is
 * left to do; they assert what each side shows, and end with `expectSilence`.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { seedSales, startDataverse, type DataverseEmulator, type Row, type SalesSeed } from '../emulators/dataverse';
import { startEntra, type EntraEmulator } from '../emulators/entra';
import { EmulatorClock } from '../emulators/kit/clock';
import { FaultPlan } from '../emulators/kit/faults';
import { Journal, type JournalEntry } from '../emulators/kit/journal';
import { startPartnerCenter, type PartnerCenterEmulator, type Referral } from '../emulators/partner-center';
import { packSolution } from '../solution/pack';
import { readTree } from '../solution/tree';
import { assemble } from '../sync-worker/src/assemble';
import type { Context } from '../sync-worker/src/context';
import { createDataverse } from '../sync-worker/src/crm/dataverse';
import { defaultRules } from '../sync-worker/src/fields';
import { createHttp } from '../sync-worker/src/http/create-http';
import type { Send, TokenProvider } from '../sync-worker/src/http/types';
import { createPartnerCenter } from '../sync-worker/src/partner-center/client';
import type { Clock, Log } from '../sync-worker/src/ports';
import type { Worker } from '../sync-worker/src/worker';

export const applicationId = 'c05e11c0-1111-4000-8000-000000000001';
const upn = 'referrals.admin@larkspur.example';
const tenantId = '7d1c0de0-3333-4000-8000-000000000003';

let packed: Uint8Array | undefined;
/** The managed solution, packed once per test file. */
export function managedSolution(): Uint8Array {
  packed ??= packSolution(readTree(join(__dirname, '..', 'solution', 'src')), { managed: true, version: '0.1.0.0' });
  return packed;
}

export interface WorldOptions {
  readonly startAt?: string;
  readonly dataverse?: Parameters<typeof startDataverse>[0]['switches'];
  readonly partnerCenter?: Parameters<typeof startPartnerCenter>[0]['switches'];
  /** Settings by schema name: current values of environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly concurrency?: number;
}

export class World {
  worker!: Worker;
  context!: Context;
  readonly logs: string[] = [];
  /** The same every run (mulberry32). */
  private seedState = 20_261_123;
  private readonly random = (): number => {
    this.seedState = (this.seedState + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seedState ^ (this.seedState >>> 15), 1 | this.seedState);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  private constructor(
    readonly clock: EmulatorClock,
    readonly journal: Journal,
    readonly faults: FaultPlan,
    readonly entra: EntraEmulator,
    readonly dataverse: DataverseEmulator,
    readonly partnerCenter: PartnerCenterEmulator,
    readonly seed: SalesSeed,
    private readonly options: WorldOptions,
  ) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const clock = new EmulatorClock(options.startAt ?? '2026-11-23T08:00:00Z');
    const journal = new Journal();
    const faults = new FaultPlan();
    const common = { clock, journal, faults };
    const entra = await startEntra({ ...common, tenantId });
    entra.registerApplication({ clientId: applicationId, secret: 'not-a-secret' });
    entra.registerUser({ upn, mfa: true });
    const refused = (claims: object): { refuse: string } | null => ('refuse' in claims ? { refuse: String(claims.refuse) } : null);
    let dataverse: DataverseEmulator | undefined = undefined;
    dataverse = await startDataverse({
      ...common,
      applicationId,
      ...(options.dataverse ? { switches: options.dataverse } : {}),
      authenticate: (bearer) => {
        const claims = entra.verify(bearer, { audience: dataverse?.url ?? '' });
        return refused(claims) ?? { applicationId: (claims as unknown as { appid: string }).appid };
      },
    });
    dataverse.installSolution(managedSolution());
    const partnerCenter = await startPartnerCenter({
      ...common,
      ...(options.partnerCenter ? { switches: options.partnerCenter } : {}),
      authenticate: (bearer, host) => entra.verify(bearer, { audience: host === 'referrals' ? 'https://api.partner.microsoft.com' : 'https://api.partnercenter.microsoft.com' }) as never,
    });
    partnerCenter.catalogue.add({ id: 'SOL-70421-QLM', name: 'Larkspur Cold Chain Monitor', publisherName: 'Larkspur Systems GmbH' });
    partnerCenter.catalogue.add({ id: 'SOL-70422-QLM', name: 'Larkspur Fleet & Yard', publisherName: 'Larkspur Systems GmbH' });
    const world = new World(clock, journal, faults, entra, dataverse, partnerCenter, seedSales(dataverse), options);
    for (const [name, value] of Object.entries(options.settings ?? {})) world.setting(name, value);
    await world.startWorker();
    return world;
  }

  /** A worker with nothing in memory, as after a restart. */
  newWorker(owner = 'test'): { worker: Worker; context: Context } {
    const clock = this.workerClock();
    const log = this.log();
    const origin = this.dataverse.url;
    const send = this.http(`${origin}/api/data/v9.2/`, 'Dataverse', () => this.entra.mintApplicationToken(applicationId, origin));
    const pcSend = this.http(`${this.partnerCenter.url}/v1.0/engagements/`, 'Partner Center', () =>
      this.entra.mintUserToken({ clientId: applicationId, upn, resource: 'https://api.partner.microsoft.com', mfa: true }),
    );
    const crm = createDataverse({ send, baseUrl: `${origin}/api/data/v9.2/`, clock, log, random: this.random, connection: 'default' });
    const partnerCenter = createPartnerCenter({ send: pcSend, baseUrl: `${this.partnerCenter.url}/v1.0/engagements`, clock, log });
    const made = assemble(
      { crm, partnerCenter, clock, log, rules: defaultRules, token: () => randomUUID(), quietMs: 3_000 },
      { connection: 'default', owner, concurrency: this.options.concurrency ?? 8, random: this.random, adoptEnvironment: false, compareHours: 24, crmPollMs: () => 10_000, partnerCenterPollMs: 20_000 },
    );
    return made;
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
  opportunity(changes: Row = {}): string {
    const { accounts, contacts, currencies } = this.seed;
    const id = this.seller.create('opportunity', {
      name: 'Kühlkette für Brückner & Sohn',
      estimatedvalue: 250_000,
      transactioncurrencyid: currencies.EUR,
      estimatedclosedate: '2027-03-31',
      customerid: { account: accounts.brueckner },
      parentaccountid: accounts.brueckner,
      parentcontactid: contacts.complete,
      cosell_customerconsent: true,
      cosell_purchaseintent: 489100002,
      cosell_dealnotes: 'Temperaturdaten von 900 Anhängern',
      ...changes,
    } as never);
    this.addSolution(id, 'SOL-70421-QLM');
    return id;
  }

  addSolution(opportunity: string, solutionId: string): string {
    const known = this.seller.list('cosell_solution', (row) => row['cosell_solutionidentifier'] === solutionId)[0];
    const solution = known ? String(known['cosell_solutionid']) : this.seller.create('cosell_solution', { cosell_name: solutionId, cosell_solutionidentifier: solutionId, cosell_solutiontype: 'Name' });
    return this.seller.create('cosell_opportunitysolution', { cosell_name: solutionId, cosell_opportunityid: opportunity, cosell_solutionid: solution });
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
    return this.seller.list('cosell_syncevent', (row) => recordId === undefined || row['cosell_opportunityid'] === recordId || row['cosell_leadid'] === recordId);
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
    const existing = this.seller.list('environmentvariablevalue', (row) => row['environmentvariabledefinitionid'] === id)[0];
    if (existing) this.seller.update('environmentvariablevalue', String(existing['environmentvariablevalueid']), { value });
    else this.seller.create('environmentvariablevalue', { schemaname: schemaName, value, environmentvariabledefinitionid: id });
  }

  async stop(): Promise<void> {
    this.faults.clear();
    await Promise.all([this.entra.stop(), this.dataverse.stop(), this.partnerCenter.stop()]);
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

  private http(baseUrl: string, service: string, mint: () => string): Send {
    let token: string | null = null;
    const provider: TokenProvider = { token: async () => (token ??= mint()), drop: () => void (token = null) };
    const dataverse = service === 'Dataverse';
    return createHttp({
      service,
      baseUrl,
      token: provider,
      signInCode: dataverse ? 'CRM_SIGN_IN' : 'PARTNER_CENTER_SIGN_IN',
      clock: this.workerClock(),
      log: this.log(),
      random: this.random,
      concurrency: dataverse ? 8 : 4,
      timeoutMs: 20_000,
      headerNames: dataverse
        ? { requestId: ['x-ms-client-request-id'], correlationId: ['x-ms-correlation-id'], answerId: ['x-ms-service-request-id'] }
        : { requestId: ['client-request-id'], correlationId: ['MS-CorrelationId'], answerId: ['request-id'] },
    });
  }

  private log(): Log {
    const write =
      (level: string) =>
      (message: string, fields?: Record<string, unknown>): void =>
        void this.logs.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}

function writesOf(entry: JournalEntry): string[] {
  if (entry.service === 'entra') return [];
  if (entry.operations) {
    return entry.operations.filter((one) => one.method !== 'GET').map((one) => `${entry.service} ${one.method} ${one.url} ${one.status}`);
  }
  const leaseOnly = entry.url.includes('cosell_syncstates');
  return entry.method === 'GET' || leaseOnly ? [] : [`${entry.service} ${entry.method} ${entry.url} ${entry.status}`];
}
