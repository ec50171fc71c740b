/**
 * Which organization we are. No call of the API answers that.
 *
 * Configured, or learnt: a list shows our records, perhaps Microsoft's and those of partners in a shared engagement
 * too (UNVERIFIED), so of the organizations whose records look like ours the most frequent one is taken; a record
 * that we made ourselves is beyond doubt. Decides inbound and outbound, so a change of mind is logged.
 */
import { microsoftOrganizationId } from '../../../domain/deal-kind';
import { isGuid } from '../../../domain/normalise';
import type { Log, Referral } from '../ports';

export class OwnOrganization {
  private known: string;

  /** @param configured empty: to be learnt */
  constructor(
    private readonly configured: string,
    private readonly log: Log,
  ) {
    this.known = configured;
  }

  /** Empty as long as nobody knows. */
  get id(): string {
    return this.known;
  }

  /** Rows of a list. Does nothing once the id is known. */
  seen(referrals: readonly Referral[]): void {
    if (this.known !== '') return;
    const counts = new Map<string, number>();
    for (const { organizationId } of referrals.filter(looksOwn)) {
      counts.set(organizationId, (counts.get(organizationId) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    if (most) this.learnt(most[0]);
  }

  /** The answer to a POST of our own record. */
  created({ organizationId }: Referral): void {
    if (!isGuid(organizationId) || organizationId.toLowerCase() === this.known.toLowerCase()) return;
    if (this.configured === '') this.learnt(organizationId);
    else this.log.warn('a new referral belongs to another organization than the configured one', { organizationId });
  }

  private learnt(id: string): void {
    if (this.known !== '') this.log.warn('the own organization is another one than thought', { before: this.known });
    this.known = id;
    this.log.info('learnt the id of the own organization', { organizationId: id });
  }
}

/** Made by its owner, by Microsoft for its owner, or seen by one partner only; never one that a partner sent. */
function looksOwn({ organizationId, invitedBy, type }: Referral): boolean {
  if (!isGuid(organizationId)) return false;
  const inviter = invitedBy?.toLowerCase();
  return inviter === microsoftOrganizationId || inviter === organizationId.toLowerCase() || type === 'Independent';
}
