/**
 * One simulated world: both services, workers that come and go, people who act by plan, and what was seen. How it happens.
 */
import type { Composed } from '../../sync-worker/src/compose';
import { act, byOf } from './actors';
import { Leases } from './leases';
import { Ledger, type By } from './ledger';
import type { Counted, Plan, Step } from './plan';
import { guidsFrom, hash, numberOf, randomFrom } from './random';
import { Scheduler } from './scheduler';
import { services, startsAt, workerEnvironment, type Services } from './services';
import { Webhooks } from './webhooks';
import { onlyLease, watchWire } from './wire-rules';
import { wireOf, type Exchange, type Incarnation, type WireParts, type WorkerCode } from './wire';

export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** A worker's process. */
export interface Process extends Incarnation {
  readonly owner: string;
  readonly composed: Composed;
  readonly stop: AbortController;
  /** What its clock is off by, in milliseconds. */
  wrong: number;
}

export class SimWorld {
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  readonly violations: Violation[] = [];
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  processes: Process[] = [];
  /** Ids in the order in which the deals came into being. */
  deals: string[] = [];
  /** What an admin kept of the CRM, and when. */
  backup: { readonly image: ReturnType<Services['dataverse']['image']>; readonly sequence: number } | null = null;
  /** Sequences between which the CRM forgot what it knew. */
  readonly restores: { readonly from: number; readonly to: number }[] = [];
  /** Until here a link row was deleted: what both sides had agreed on is not known any more. */
  forgotten = 0;
  /** Records by the referral that such a row tied to them, as long as they have not come by again. */
  readonly untied = new Map<string, string>();
  /** Which deals concern the connector, or what becomes of closed ones, was set anew after it had seen them. */
  lateSettings = false;
  /** Nothing goes wrong any more and nobody acts. */
  quiet = false;
  writes = 0;
  /** Requests so far. */
  readonly counts: Record<Counted, number> = { all: 0, reads: 0, writes: 0, commits: 0 };
  traceHash = 0x811c9dc5;
  private started = 0;
  /** Processes that ended by themselves though nothing goes wrong any more. */
  private ends = 0;
  private skipped = 0;
  private readonly parts: WireParts;

  private constructor(
    readonly plan: Plan,
    readonly code: WorkerCode,
    readonly services: Services,
    private readonly keepTrace: boolean,
    scheduler: Scheduler,
  ) {
    this.scheduler = scheduler;
    this.ledger = new Ledger(
      services,
      () => scheduler.now,
      () => this.time,
    );
    this.parts = {
      seed: plan.seed,
      scheduler,
      code,
      servers: services.servers,
      faults: new Map(plan.faults.map((fault) => [`${fault.of} ${fault.call}`, fault])),
      kills: new Map(plan.kills.map((kill) => [`${kill.of} ${kill.call}`, kill])),
      latencyMs: plan.latencyMs,
      underWay: new Set(),
      next: (of) => (this.quiet ? Infinity : ++this.counts[of]),
      trace: (line, more) => this.trace(line, more),
      executed: (exchange) => this.executed(exchange),
      kill: (incarnation) => this.die(incarnation as Process, 'at a request'),
    };
    this.webhooks = plan.webhooks ? new Webhooks(this) : null;
  }

  static async start(plan: Plan, code: WorkerCode, keepTrace = false): Promise<SimWorld> {
    const scheduler = new Scheduler((sequence) => numberOf(plan.seed, `turn ${sequence}`));
    const made = await services(() => scheduler.now, plan.switches);
    (made.partnerCenter.switches as Record<string, unknown>)['index.lagMs'] = plan.listLagMs;
    const world = new SimWorld(plan, code, made, keepTrace, scheduler);
    world.setClocks();
    return world;
  }

  get seller(): ReturnType<Services['dataverse']['as']> {
    return this.services.dataverse.as(this.services.base.seed.users.seller);
  }

  /** Milliseconds since 1970 by the services' clocks. */
  get time(): number {
    return Date.parse(startsAt) + this.skipped + this.scheduler.now;
  }

  trace(line: string, detail?: () => string): void {
    const text = `${(this.scheduler.now / 1000).toFixed(3)} ${line}`;
    this.traceHash = hash(text, this.traceHash);
    if (!this.keepTrace) return;
    const more = detail?.();
    this.lines.push(more ? `${text}\n        ${more}` : text);
  }

  violate(rule: string, detail: string): void {
    this.trace(`VIOLATION ${rule}: ${detail}`);
    if (this.violations.length < 20) this.violations.push({ rule, detail });
  }

  /** A step of the plan, now. */
  step(step: Step): void {
    const done = act(this, step);
    // What was refused half-way has been done half-way.
    if (done !== null) this.trace(`* ${step.who} ${done}`);
    this.acted(byOf(step));
  }

  /** What a person has changed is no write of a worker's. */
  acted(by: By): void {
    this.crmVersion = this.services.dataverse.store.version;
    this.ledger.observe(by);
    this.webhooks?.look();
  }

  /** A new process; it takes the lease when it can. */
  launch(owner: string, wrong = 0): Process {
    const number = ++this.started;
    const incarnation = { name: `${owner}${number}`, alive: true, requests: 0 };
    const random = randomFrom(hash(`${this.plan.seed} process ${number}`));
    const process = { ...incarnation, owner, wrong, stop: new AbortController() } as Process & { composed: Composed };
    const config = this.code.loadConfig(workerEnvironment(this.plan), () => {
      throw new Error('no file here');
    });
    process.composed = this.code.compose(config, {
      owner,
      random,
      newId: guidsFrom(hash(`${this.plan.seed} ids ${number}`)),
      clock: {
        now: () => this.time + process.wrong,
        monotonic: () => this.scheduler.now,
        sleep: (milliseconds, signal) => this.sleep(process, milliseconds, signal),
      },
      log: this.log(process),
      wires: {
        dataverse: wireOf(this.parts, process, 'dataverse'),
        partnerCenter: wireOf(this.parts, process, 'partnerCenter'),
      },
    });
    this.processes.push(process);
    this.trace(`+ ${process.name} starts`);
    this.runProcess(process);
    return process;
  }

  /** Dead from this moment on; its host starts another one. */
  die(process: Process, why: string): void {
    if (!process.alive) return;
    this.trace(`- ${process.name} dies ${why}`);
    this.gone(process);
    // A second machine is nobody's to replace, unless it was the one that was left to work.
    if (process.owner !== 'beta' || this.quiet) this.replace(process);
  }

  /** Ends without a replacement. */
  gone(process: Process): void {
    process.alive = false;
    this.processes = this.processes.filter((other) => other !== process);
  }

  /** Stops all processes, lets so much time pass that nobody notices, and starts one after a while. */
  outage(milliseconds: number, downMs = 1_000): void {
    for (const process of this.processes) this.gone(process);
    // No request is on its way for days.
    for (const hurry of [...this.parts.underWay]) hurry();
    this.scheduler.after(1, () => {
      this.skipped += milliseconds;
      this.setClocks();
    });
    this.scheduler.after(1 + downMs, () => this.launch('alpha'));
  }

  async runUntil(end: number): Promise<void> {
    await this.scheduler.runUntil(
      end,
      () => this.setClocks(),
      () => this.violations.length === 0,
    );
  }

  private setClocks(): void {
    this.services.clock.set(this.time);
  }

  private replace({ name }: Process): void {
    const chance = numberOf(this.plan.seed, `after ${name}`);
    const owner = chance < 0.2 ? 'gamma' : 'alpha';
    this.scheduler.after(300 + chance * 12_000, () => {
      if (!this.processes.some((one) => one.owner === 'alpha' || one.owner === 'gamma')) this.launch(owner);
    });
  }

  private runProcess(process: Process): void {
    const { worker, context } = process.composed;
    const busy = (): boolean => !this.quiet;
    const { clock, log } = context;
    this.code
      .run(
        {
          worker,
          clock,
          log,
          crmPollMs: () => (busy() ? 5_000 : 30_000),
          partnerCenterPollMs: () => (busy() ? 9_000 : 60_000),
          paused: () => context.settings.paused,
          hints: this.webhooks ? { take: async () => this.webhooks?.take() ?? [] } : undefined,
        },
        process.stop.signal,
      )
      .then(
        () => this.ended(process, 'stopped'),
        (error: unknown) => this.ended(process, error instanceof Error ? error.message : String(error)),
      );
  }

  private ended(process: Process, how: string): void {
    if (!process.alive) return;
    this.trace(`- ${process.name} ended: ${how}`);
    const balance = process.composed.worker.balance();
    const sum = Object.values(balance.endings).reduce((total, count) => total + count, 0);
    if (sum !== balance.seen) this.violate('books', `${process.name} has seen ${balance.seen} and booked ${sum}`);
    this.gone(process);
    this.ends += this.quiet ? 1 : 0;
    if (this.ends > 2) return this.violate('no worker stays', how);
    if (process.owner !== 'beta' || this.quiet) this.replace(process);
  }

  private executed(exchange: Exchange): void {
    const { store } = this.services.dataverse;
    const written =
      exchange.service === 'partnerCenter' ? exchange.request.method !== 'GET' : store.version !== this.crmVersion;
    this.crmVersion = store.version;
    watchWire(this, exchange);
    if (!written) return;
    this.ledger.observe('worker');
    this.webhooks?.look();
    if (!onlyLease(exchange)) this.writes += 1;
    else if (exchange.reply.status < 300) this.leases.written(exchange.worker);
  }

  private crmVersion = 0;
  private readonly leases = new Leases(this);
  readonly webhooks: Webhooks | null;

  private sleep(process: Process, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(this.code.abortError());
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        cancel();
        reject(this.code.abortError());
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const cancel = this.scheduler.after(milliseconds, wake, process);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  private log(process: Process): Composed['context']['log'] {
    const write =
      (level: string) =>
      (message: string, fields?: Record<string, unknown>): void => {
        if (!process.alive) return;
        if (this.keepTrace && level !== 'debug')
          this.lines.push(
            `${(this.scheduler.now / 1000).toFixed(3)}     ${process.name} ${level}: ${message} ${JSON.stringify(fields ?? {})}`,
          );
        if (message === 'opened') this.leases.opened(process);
        if (level === 'error') this.violate('unexpected error', `${message} ${JSON.stringify(fields ?? {})}`);
      };
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }
}
