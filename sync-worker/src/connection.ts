/**
 * The connection's state row: whose environment this is, since when it is connected, how far the feeds were read,
 * and which worker holds the lease.
 *
 * Instants are the CRM's clock's. The lease only saves requests; two workers at once are made harmless by the row's
 * version (decision D2).
 */
import type { Context } from './context';
import { SyncError } from './errors';
import type { ConnectionState } from './ports';
import { crmInstant } from './steps';

export interface Watermarks {
  readonly crm: string;
  readonly partnerCenter: string;
}

/** Two renewals may be missed before another worker takes over. */
const leaseMs = 150_000;

export class Connection {
  private state: ConnectionState | null = null;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly ctx: Context,
    private readonly name: string,
    private readonly owner: string,
  ) {}

  /** Reads or makes the row and takes the lease. Resolves to false while another worker holds it. */
  async open(organizationId: string, adopt: boolean): Promise<boolean> {
    const state = await this.ctx.crm.connection(this.name);
    if (state.organizationId !== '' && state.organizationId !== organizationId && !adopt)
      throw new SyncError('WRONG_ORGANIZATION', { detail: `state row ${this.name} belongs to another organization` });
    const free =
      state.leaseOwner === '' ||
      state.leaseOwner === this.owner ||
      Date.parse(state.leaseUntil ?? '') <= Date.parse(this.ctx.crm.serverTime()) ||
      state.leaseUntil === null;
    if (!free) return false;
    const copied = state.organizationId !== '' && state.organizationId !== organizationId;
    const baseline =
      state.baseline && !copied ? state.baseline : this.ctx.partnerCenter.serverTime() || crmInstant(this.ctx, 0);
    // A copy's watermarks are the original's: its feeds start over.
    this.state = await this.ctx.crm.saveConnection(this.name, state, {
      organizationId,
      baseline,
      leaseOwner: this.owner,
      leaseUntil: crmInstant(this.ctx, leaseMs),
      ...(copied ? { watermarks: '' } : {}),
      ...(state.comparedOn ? {} : { comparedOn: crmInstant(this.ctx, 0) }),
    });
    if (this.state) this.ctx.baseline = this.state.baseline;
    return this.state !== null;
  }

  get watermarks(): Watermarks {
    try {
      const parsed = JSON.parse(this.current.watermarks || '{}') as Partial<Watermarks>;
      return { crm: parsed.crm ?? '', partnerCenter: parsed.partnerCenter ?? this.current.baseline };
    } catch {
      // An unreadable text is an unknown place: a full comparison, never silence.
      return { crm: '', partnerCenter: this.current.baseline };
    }
  }

  get comparedOn(): string | null {
    return this.current.comparedOn;
  }

  /** Renews the lease and stores how far the feeds are done. Rejects with LEASE_LOST when somebody else moved the row. */
  async keep(watermarks: Watermarks, comparedOn?: string): Promise<void> {
    await this.save({
      watermarks: JSON.stringify(watermarks),
      leaseUntil: crmInstant(this.ctx, leaseMs),
      ...(comparedOn ? { comparedOn } : {}),
    });
  }

  /** Gives the lease back, so that the next worker need not wait for its end. */
  async close(watermarks: Watermarks): Promise<void> {
    await this.save({ watermarks: JSON.stringify(watermarks), leaseOwner: '', leaseUntil: null });
  }

  /** One save after the other: two of our own at once would look like another worker's. */
  private save(set: Partial<Omit<ConnectionState, 'version'>>): Promise<void> {
    const next = this.saving.catch(() => undefined).then(() => this.write(set));
    this.saving = next;
    return next;
  }

  private async write(set: Partial<Omit<ConnectionState, 'version'>>): Promise<void> {
    const saved = await this.ctx.crm.saveConnection(this.name, this.current, set);
    if (!saved) throw new SyncError('LEASE_LOST');
    this.state = saved;
  }

  private get current(): ConnectionState {
    if (!this.state) throw new SyncError('LEASE_LOST', { detail: 'the connection is not open' });
    return this.state;
  }
}
