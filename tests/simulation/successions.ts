/**
 * Which opportunity was made of which lead while that was tied to a referral and synced, so that the judge can ask in the
 * end whether the opportunity goes on with it (rule B9).
 */
import type { By } from './ledger';
import { recordOf, type CrmRecord } from './records';
import type { Services } from './services';

export interface Succession {
  readonly lead: string;
  readonly referral: string;
  /** Its sync has been on since. */
  isOn: boolean;
  /** The worker has switched it on, which is how it goes on with the referral. */
  isMoved: boolean;
  /** The worker has moved the referral to it, whoever had switched it on. */
  isTaken: boolean;
}

export class Successions {
  private readonly byOpportunity = new Map<string, Succession>();

  constructor(private readonly services: Services) {}

  /** A seller has qualified the lead into this opportunity. */
  begin(opportunity: string, lead: string): void {
    const shown = this.services.dataverse.store.get('lead', lead)?.values;
    const tie = [...this.services.dataverse.store.table('cosell_referral').rows.values()].find(
      ({ values }) => values['cosell_recordid'] === lead,
    )?.values;
    const referral = String(tie?.['cosell_referralidentifier'] ?? '');
    // A row without referral has a name in its place.
    if (shown?.['cosell_syncwithpartnercenter'] !== true || referral === '' || referral.startsWith('none-')) return;
    this.byOpportunity.set(opportunity, { lead, referral, isOn: false, isMoved: false, isTaken: false });
  }

  /** A seller who switches it off has the later word; so has one who opens the lead again, or stops sharing it, before it has moved. */
  look({ id, values }: CrmRecord, by: By): void {
    const isOn = values['cosell_syncwithpartnercenter'] === true;
    const isBack = values['statecode'] === 0 || (by === 'seller' && !isOn);
    for (const [opportunity, one] of this.byOpportunity)
      if (one.lead === id && isBack && !one.isTaken) this.byOpportunity.delete(opportunity);
    const found = this.byOpportunity.get(id);
    if (!found) return;
    const shows = values['cosell_referralidentifier'] === found.referral;
    found.isTaken ||= by === 'worker' && (shows || (isOn && !found.isOn));
    if (found.isOn && !isOn && by === 'seller') this.byOpportunity.delete(id);
    else if (isOn) {
      found.isMoved ||= !found.isOn && by === 'worker';
      found.isOn = true;
    }
  }

  /** A row that is deleted, or goes back in time, ties nothing for certain. */
  forget(): void {
    this.byOpportunity.clear();
  }

  /**
   * Opportunities that are there, with what they have to go on with. Where the lead was deleted before it had moved, nobody
   * can tell any more what became of it.
   */
  all(): (Succession & { readonly opportunity: CrmRecord })[] {
    return [...this.byOpportunity].flatMap(([id, found]) => {
      const opportunity = recordOf(this.services, id);
      const isKnown = found.isMoved || recordOf(this.services, found.lead);
      return opportunity && isKnown ? [{ ...found, opportunity }] : [];
    });
  }
}
