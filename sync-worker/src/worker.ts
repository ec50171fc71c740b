/**
 * The worker: polls both sides, puts keys in the queue, moves the watermarks when their work is done.
 *
 * It knows nothing about deals. Its clock only decides when to look; what is old or due is told by the services.
 */
import type { Balance } from './accounts';
import type { Context } from './context';
import { Connection, type Watermarks } from './connection';
import { isSyncError } from './errors';
import { goesRound, waitsForService } from './failure';
import { defaultRules, withOverrides } from './fields';
import { FeedState } from './feed-state';
import { keysOfNews, pollPartnerCenter } from './feeds';
import { Hints, type Wanted } from './hints';
import type { CrmFinding, Hint, LinkHead, Log } from './ports';
import { KeyQueue } from './queue';
import { reconcile } from './reconcile';
import { Rotation } from './rotation';
import { sayIfKnown } from './words';

export interface WorkerOptions {
  readonly connection: string;
  /** Name of this worker in the lease. */
  readonly owner: string;
  readonly concurrency: number;
  readonly random: () => number;
  /** Confirmed by the admin: a copied environment shall talk to Partner Center. */
  readonly adoptEnvironment: boolean;
  /** Time between full comparisons; 0: never by itself. */
  readonly compareMs: number;
}

const minuteMs = 60_000;
/** Parked records whose related records are looked at in one poll. */
const joinedAtOnce = 50;

export class Worker {
  readonly queue: KeyQueue;
  readonly hints: Hints;
  readonly feeds: Readonly<Record<keyof Watermarks, FeedState>>;
  private readonly connection: Connection;
  private readonly rotation: Rotation;
  private readonly log: Log;
  private marks: Watermarks = { crm: '', partnerCenter: '' };
  /** How far everything is done; what is stored. */
  private done: Watermarks = { crm: '', partnerCenter: '' };
  private readonly ages = new Map<string, string>();
  private compareWanted = false;
  /** Polls whose keys are still worked on, one after the other. */
  private settling: Promise<void> = Promise.resolve();
  private toldOfSettings = '[]';
  /** Where the look at parked records goes on. */
  private joined = 0;

  constructor(
    private readonly ctx: Context,
    private readonly options: WorkerOptions,
  ) {
    this.log = ctx.log;
    this.queue = new KeyQueue({
      run: (key) => reconcile(ctx, key),
      goesRound: (key, because) => goesRound(ctx, key, because),
      clock: ctx.clock,
      concurrency: options.concurrency,
      random: options.random,
    });
    this.hints = new Hints(ctx, (key) => this.queue.add(key));
    this.feeds = { crm: new FeedState(ctx.clock), partnerCenter: new FeedState(ctx.clock) };
    this.connection = new Connection(ctx, options.connection, options.owner);
    this.rotation = new Rotation(ctx);
  }

  /** Checks both sides, reads the settings, takes the lease, loads the heads of all links. False: another worker runs. */
  async open(): Promise<boolean> {
    const { organizationId, findings } = await this.ctx.crm.check();
    for (const finding of findings) this.log.warn('finding', told(finding));
    await this.ctx.partnerCenter.check();
    await this.readSettings();
    if (!(await this.connection.open(organizationId, this.options.adoptEnvironment))) return false;
    for await (const page of this.ctx.crm.linkHeads()) for (const head of page) this.ctx.index.put(head);
    this.marks = this.connection.watermarks;
    this.done = this.marks;
    this.feeds.partnerCenter.resume(this.marks.partnerCenter, this.ctx.partnerCenter.serverTime());
    this.log.info('opened', { links: this.ctx.index.size });
    return true;
  }

  /** One look at everything: both feeds, what is due, until the queue has nothing more to do now. For tests and the CLI. */
  async pass(): Promise<void> {
    if (this.ctx.settings.paused) return;
    this.queue.wake();
    await this.pollPartnerCenter();
    await this.settling;
    await this.pollCrm();
    await this.settling;
    await this.queue.settled(this.addDue());
    // What the pass itself moved is seen by the next one; what came in while it ran is done here.
    await this.queue.settled(this.queue.keys);
  }

  /** Resolves when the CRM was asked; its keys are worked on meanwhile, so that a slow deal holds up no poll. */
  async pollCrm(): Promise<void> {
    await this.feeds.crm.watch(
      () => this.askCrm(),
      () => this.ctx.crm.serverTime(),
    );
  }

  async pollPartnerCenter(): Promise<void> {
    await this.feeds.partnerCenter.watch(
      () => this.askPartnerCenter(),
      () => this.ctx.partnerCenter.serverTime(),
    );
  }

  /** Looks at what somebody says has changed. Resolves to the feeds that are worth a poll at once. */
  async hint(hints: readonly Hint[]): Promise<Wanted> {
    return this.hints.look(hints);
  }

  private async askCrm(): Promise<void> {
    const asked = this.ctx.clock.monotonic();
    const initial = this.marks.crm === '';
    const news = await this.ctx.crm.news(this.marks.crm).catch((error: unknown) => {
      // What happened while tracking was off stands in no log: the place is worth nothing when it is on again.
      if (isSyncError(error, 'CHANGE_TRACKING_OFF')) this.marks = this.done = { ...this.done, crm: '' };
      throw error;
    });
    if (news.reset.length > 0) this.ctx.fresh.forgetWholeDeals();
    const gone = news.deletedLinks.filter((key) => !this.ctx.index.head(key) && !this.ctx.lost.has(key));
    const keys = keysOfNews(this.ctx, news, asked, initial || news.reset.length > 0);
    if (gone.length > 0 && !initial) {
      // Whose they were is not known: they were deleted while no worker ran.
      this.log.warn('link rows are gone that nobody here knew; a full comparison follows', { rows: gone.length });
      for (const key of gone) this.ctx.lost.set(key, { recordId: '', referralId: null });
      this.compareWanted = true;
    }
    if (news.reset.length > 0 && !initial) {
      this.log.warn('a change feed started over; a full comparison follows', { feeds: news.reset });
      this.compareWanted = true;
    }
    keys.push(...(await this.parkedTouched()));
    for (const key of keys) this.queue.add(key);
    this.marks = { ...this.marks, crm: news.watermarks };
    this.settle(keys, { crm: news.watermarks }, asked);
  }

  private async askPartnerCenter(): Promise<void> {
    const asked = this.ctx.clock.monotonic();
    const { keys, watermark } = await pollPartnerCenter(this.ctx, this.marks.partnerCenter);
    for (const key of keys) this.queue.add(key);
    this.marks = { ...this.marks, partnerCenter: watermark };
    this.settle(keys, { partnerCenter: watermark }, asked);
  }

  /** Once a minute: settings, due rows, one engagement in rotation, lease and watermarks, now and then a comparison. */
  async minute(): Promise<void> {
    await this.readSettings();
    if (!this.ctx.settings.paused) {
      this.addDue();
      const key = await this.rotation.next();
      if (key) this.queue.add(key);
    }
    // The lease first: a comparison may take longer than it lasts.
    await this.connection.keep(this.done);
    if (!this.ctx.settings.paused) await this.compareIfWanted();
  }

  /** Compares everything on both sides: what feeds cannot see is found here (drift). Writes only what differs. */
  async compare(): Promise<void> {
    this.compareWanted = false;
    const asked = this.ctx.clock.monotonic();
    const news = await this.ctx.crm.news('');
    const keys = keysOfNews(this.ctx, news, asked, true);
    const remote = await pollPartnerCenter(this.ctx, this.marks.partnerCenter, true);
    const all = [...new Set([...keys, ...remote.keys])];
    for (const key of all) this.queue.add(key);
    this.marks = { crm: news.watermarks, partnerCenter: remote.watermark };
    this.settle(all, this.marks, asked);
    await this.connection.keep(this.done, this.ctx.crm.serverTime());
    this.log.info('compared', { keys: all.length });
  }

  /** Ends what runs, stores the watermarks, gives the lease back. */
  async close(): Promise<void> {
    await this.queue.stop();
    // Keys that wait in line were not worked on: what they belong to does not count as done.
    await this.connection.close(this.done).catch((error: unknown) => {
      if (!isSyncError(error, 'LEASE_LOST')) throw error;
    });
  }

  balance(): Balance {
    return this.ctx.accounts.balance();
  }

  async deleteOldEvents(): Promise<number> {
    const days = this.ctx.settings.logRetentionDays;
    if (days <= 0) return 0;
    const before = new Date(Date.parse(this.ctx.crm.serverTime()) - days * 24 * 60 * minuteMs).toISOString();
    return this.ctx.crm.deleteOldEvents(before, 1_000);
  }

  /**
   * The watermark moves when all that it covers has ended or stands on its row as due; not while a key that failed is known in memory alone.
   * One after the other, in the order of the polls. `asked`: monotonic start of the poll.
   */
  private settle(keys: readonly string[], marks: Partial<Watermarks>, asked: number): void {
    const crmTime = this.ctx.crm.serverTime();
    this.settling = this.settling.then(async () => {
      await this.queue.settled(keys);
      if (this.queue.owes) return;
      const first = this.done.crm === '' && marks.crm !== undefined;
      this.done = { ...this.done, ...marks };
      if (marks.crm !== undefined) this.feeds.crm.done(asked, crmTime);
      if (marks.partnerCenter !== undefined) this.feeds.partnerCenter.done(asked, marks.partnerCenter);
      // From the first place on a restart need not begin all over; later ones are stored with the lease.
      if (first)
        await this.connection.keep(this.done).catch((error: unknown) =>
          this.log.warn('the first watermark could not be stored', {
            name: error instanceof Error ? error.name : 'unknown',
          }),
        );
    });
  }

  private async readSettings(): Promise<void> {
    const before = this.ctx.settings.reading;
    this.ctx.settings = await this.ctx.crm.settings();
    if (before !== undefined && before !== this.ctx.settings.reading) this.lookAgain();
    this.ctx.rules = withOverrides(defaultRules, await this.ctx.crm.fieldRules());
    const { findings } = this.ctx.settings;
    const found = JSON.stringify(findings);
    // Read every minute, said once: what stays wrong would otherwise bury everything else in the log.
    if (found !== this.toldOfSettings) for (const finding of findings) this.log.warn('setting', told(finding));
    this.toldOfSettings = found;
  }

  /**
   * The admin mended a setting: deals that were parked because of the old one show no change of their own, nor do those
   * that left hold while it had no name.
   */
  private lookAgain(): void {
    this.ctx.fresh.forgetWholeDeals();
    for (const { key, state } of this.ctx.index.all()) {
      if (state !== 'needsAttention' && state !== 'onHold') continue;
      this.ctx.fresh.doubt(key);
      this.queue.add(key);
    }
  }

  /** Rows whose time has come, by the CRM's clock. Resolves nothing: they are in the queue. */
  private addDue(): string[] {
    const now = Date.parse(this.ctx.crm.serverTime());
    const down = this.feeds.partnerCenter.status.failures > 1;
    const isDue = ({ due, errorCode }: LinkHead): boolean =>
      due !== null && Date.parse(due) <= now && !(down && waitsForService(errorCode));
    const keys = [...this.ctx.index.all()].filter(isDue).map((head) => head.key);
    for (const key of keys) {
      this.ctx.fresh.doubt(key);
      this.queue.add(key);
    }
    this.queue.wake();
    return keys;
  }

  /** What a parked deal lacks is mended on its account, contact or people, which no feed of the deal's shows. */
  private async parkedTouched(): Promise<string[]> {
    const parked = [...this.ctx.index.all()].filter((head) => head.state === 'needsAttention' && head.recordId !== '');
    if (parked.length === 0) return [];
    const start = this.joined % parked.length;
    const some = [...parked.slice(start), ...parked.slice(0, start)].slice(0, joinedAtOnce);
    this.joined = start + some.length;
    const ages = await this.ctx.crm.relatedAges(some.map((head) => ({ type: head.recordType, id: head.recordId })));
    const touched = some.filter((head) => {
      const age = ages.get(head.recordId);
      const known = this.ages.get(head.recordId);
      if (age !== undefined) this.ages.set(head.recordId, age);
      return age !== undefined && age !== known;
    });
    for (const head of touched) this.ctx.fresh.childChanged(head.recordId, this.ctx.clock.monotonic());
    return touched.map((head) => head.key);
  }

  private async compareIfWanted(): Promise<void> {
    const last = this.connection.comparedOn;
    const age = last === null ? Infinity : Date.parse(this.ctx.crm.serverTime()) - Date.parse(last);
    if (this.compareWanted || (this.options.compareMs > 0 && age > this.options.compareMs)) await this.compare();
  }
}

/** A finding as the log has it: the code and its values, and in English what to do. */
function told({ code, params = {} }: CrmFinding): Record<string, unknown> {
  const fix = sayIfKnown(1033, `crm_${code}`, params);
  return { code, ...params, ...(fix === undefined ? {} : { fix }) };
}
