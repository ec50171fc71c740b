/**
 * Nobody starts to work while another machine holds the lease: when each living process last held it for sure, by its
 * own successful write of the state row.
 */
import { leaseMs } from './wire-rules';
import type { Process, SimWorld } from './world';

export class Leases {
  private readonly held = new Map<Process, number>();

  constructor(private readonly world: SimWorld) {}

  /** A machine that gives its lease back gives it back for all of its processes. */
  written(worker: string): void {
    const [row] = this.world.services.dataverse.store.table('cosell_syncstate').rows.values();
    if (!row?.values['cosell_leaseowner']) this.held.clear();
    for (const one of this.held.keys()) if (one.name === worker) this.held.set(one, this.world.time);
  }

  opened(process: Process): void {
    const { world } = this;
    for (const [other, at] of this.held) {
      const holds = other.alive && other.owner !== process.owner && world.time < at + leaseMs;
      if (holds) world.violate('two machines at work', `${process.name} opened while ${other.name} holds the lease`);
    }
    this.held.set(process, world.time);
  }
}
