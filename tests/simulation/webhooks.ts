/**
 * What the web half hands over: each change of a referral or of a record becomes a hint in the folder, some time later,
 * or twice, or not at all, and in no order. Somebody may hint at what does not exist.
 *
 * The receiver itself is tested over HTTP; here is what becomes of what it lets through.
 */
import type { Hint } from '../../sync-worker/src/ports';
import { guidsFrom, hash, numberOf } from './random';
import { recordTables } from './records';
import type { SimWorld } from './world';

/** Shares of the changes: never told, told twice, told together with one of an id that nobody knows. */
const dropped = 0.2;
const doubled = 0.2;
const invented = 0.05;

export class Webhooks {
  /** As the files in the shared folder: one for each hint, however often it is given. */
  private readonly folder = new Map<string, Hint>();
  private readonly seen = new Map<string, string>();
  private readonly strange: () => string;
  readonly invented = new Set<string>();
  private told = 0;

  constructor(private readonly world: SimWorld) {
    this.strange = guidsFrom(hash(`${world.plan.seed} strange`));
    this.look(() => undefined);
  }

  /** Tells of what has changed since the last look. */
  look(tell = (hint: Hint): void => this.tell(hint)): void {
    const { partnerCenter, dataverse } = this.world.services;
    const news = (kind: Hint['kind'], id: string, version: string): void => {
      if (this.seen.get(id) === version) return;
      this.seen.set(id, version);
      tell({ kind, id });
    };
    for (const { id, eTag } of partnerCenter.referrals()) news('referral', id, eTag);
    for (const table of recordTables)
      for (const [id, { version }] of dataverse.store.table(table).rows) news('record', id, String(version));
  }

  /** Each hint is given to one taker. */
  take(): readonly Hint[] {
    const all = [...this.folder.values()];
    this.folder.clear();
    return all;
  }

  private tell(hint: Hint): void {
    const chance = (of: string): number => numberOf(this.world.plan.seed, `${of} of hint ${this.told}`);
    this.told += 1;
    if (chance('invention') < invented) this.give({ ...hint, id: this.invent() }, 1_000);
    if (chance('loss') < dropped) return;
    const times = chance('doubling') < doubled ? 2 : 1;
    for (let time = 0; time < times; time++) this.give(hint, Math.floor(chance(`way ${time}`) ** 3 * 60_000));
  }

  private give(hint: Hint, afterMs: number): void {
    this.world.scheduler.after(afterMs, () => this.folder.set(`${hint.kind}-${hint.id}`, hint));
  }

  private invent(): string {
    const id = this.strange();
    this.invented.add(id);
    return id;
  }
}
