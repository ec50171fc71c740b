/**
 * The deals of `npm run kills`: what people do to them on both sides, and how the two sides differ.
 */
import type { World } from '../emulators';
import { sampleDeal } from '../emulators/sample-deal';
import { below, pick, type Random } from '../tests/simulation/random';

const synced = 489_100_002;
const askForHelp = 489_100_001;

export class Deals {
  private readonly ids: string[] = [];
  private readonly seller;
  /** Solution rows of the catalogue by their id in Partner Center. */
  private readonly catalogue: ReadonlyMap<string, string>;
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {
    this.seller = world.dataverse.as(world.ensureSeed().users.seller);
    this.catalogue = new Map(
      this.seller
        .list('cosell_solution')
        .map((row) => [String(row['cosell_solutionidentifier']), String(row['cosell_solutionid'])]),
    );
  }

  /** A new opportunity whose seller wants it shared; one in three asks Microsoft for help. */
  share(): void {
    const n = ++this.count;
    const deal = sampleDeal(this.world.ensureSeed(), {
      name: `Deal ${n}`,
      estimatedvalue: 10_000 + n,
      ...(n % 3 === 0 ? { cosell_helprequired: askForHelp } : {}),
    });
    const id = this.seller.create('opportunity', deal);
    this.add(id, [...this.catalogue.keys()][n % this.catalogue.size] ?? '');
    this.seller.update('opportunity', id, { cosell_syncwithpartnercenter: true });
    this.ids.push(id);
  }

  /** Somebody does something to one of them. False: there was nothing to do. */
  edit(): boolean {
    const id = pick(this.random, this.ids);
    const n = ++this.count;
    const referral = this.world.partnerCenter.referral(this.shown(id, 'cosell_referralidentifier'));
    const day = `2027-0${1 + below(this.random, 9)}-1${below(this.random, 9)}`;
    const { portal, microsoft } = this.world.partnerCenter;
    const acts: (() => unknown)[] = [
      () => this.seller.update('opportunity', id, { estimatedvalue: n }),
      () => this.seller.update('opportunity', id, { name: `Seller ${n}` }),
      () => this.seller.update('opportunity', id, { estimatedclosedate: day, cosell_dealnotes: `Seller says ${n}` }),
      () => this.addAnother(id),
      () => this.removeOne(id),
    ];
    if (referral?.status === 'Active')
      acts.push(
        () => portal.edit(referral.id, { value: n }),
        () => portal.edit(referral.id, { name: `Portal ${n}`, notes: `Portal says ${n}` }),
        () => portal.edit(referral.id, { closingDate: day }),
      );
    const invited = this.world.partnerCenter
      .referrals()
      .find((one) => one.engagementId === referral?.engagementId && one.organizationId === 'msft');
    if (invited?.status === 'New') acts.push(() => microsoft.accept(invited.engagementId));
    return pick(this.random, acts)() !== false;
  }

  /** One line for each deal on which the two sides do not agree, and for each referral that no deal knows. */
  wrong(): string[] {
    const own = this.world.partnerCenter.referrals().filter(({ organizationId }) => organizationId !== 'msft');
    const byDeal = new Map<string, typeof own>();
    for (const one of own) {
      const named = one.externalReferenceId ?? '';
      byDeal.set(named, [...(byDeal.get(named) ?? []), one]);
    }
    const lines = this.ids.flatMap((id) => {
      const [referral, ...more] = byDeal.get(id) ?? [];
      byDeal.delete(id);
      if (!referral) return [`${id}: not shared`];
      if (more.length > 0) return [`${id}: ${1 + more.length} referrals`];
      const { name, details } = referral;
      const there = {
        referral: referral.id,
        name,
        value: details.dealValue,
        day: dayOf(details.closingDateTime),
        notes: details.notes,
        solutions: (details.requirements?.solutions ?? []).map((one) => one.id).sort(),
      };
      const here = this.inCrm(id);
      const state = this.seller.get('opportunity', id)?.['cosell_syncstatus'];
      if (state !== synced) return [`${id}: its sync status is ${String(state)}`];
      const same = JSON.stringify(here) === JSON.stringify(there);
      return same ? [] : [`${id}: ${JSON.stringify(here)} in the CRM, ${JSON.stringify(there)} in Partner Center`];
    });
    return [...lines, ...[...byDeal.keys()].map((named) => `a referral names ${named || 'nobody'}`)];
  }

  private inCrm(id: string): object {
    return {
      referral: this.shown(id, 'cosell_referralidentifier'),
      // The name carries a mark that shows how the deal stands.
      name: this.shown(id, 'name').replace(/ [✔✖]$/u, ''),
      value: this.seller.get('opportunity', id)?.['estimatedvalue'],
      day: this.shown(id, 'estimatedclosedate').slice(0, 10),
      notes: this.shown(id, 'cosell_dealnotes'),
      solutions: this.solutions(id)
        .map(({ solution }) => solution)
        .sort(),
    };
  }

  private shown(id: string, column: string): string {
    return String(this.seller.get('opportunity', id)?.[column] ?? '');
  }

  private solutions(id: string): { row: string; solution: string }[] {
    const byRow = new Map([...this.catalogue].map(([solution, row]) => [row, solution]));
    return this.seller
      .list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id)
      .map((row) => ({
        row: String(row['cosell_opportunitysolutionid']),
        solution: byRow.get(String(row['cosell_solutionid'])) ?? '',
      }));
  }

  private add(id: string, solution: string): void {
    this.seller.create('cosell_opportunitysolution', {
      cosell_name: solution,
      cosell_opportunityid: id,
      cosell_solutionid: this.catalogue.get(solution) ?? '',
    });
  }

  private addAnother(id: string): boolean {
    const there = new Set(this.solutions(id).map(({ solution }) => solution));
    const [other] = [...this.catalogue.keys()].filter((solution) => !there.has(solution));
    if (other) this.add(id, other);
    return other !== undefined;
  }

  /** Never the last one: a deal without a solution is not taken. */
  private removeOne(id: string): boolean {
    const rows = this.solutions(id);
    const [one] = rows;
    if (one && rows.length > 1) this.seller.delete('cosell_opportunitysolution', one.row);
    return rows.length > 1;
  }
}

/** The portal stores a person's local midnight, which is within half a day of the date that he chose. */
function dayOf(instant: string | null | undefined): string {
  return new Date(Date.parse(instant ?? '') + 12 * 3_600_000).toISOString().slice(0, 10);
}
