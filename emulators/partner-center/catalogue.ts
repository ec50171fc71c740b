/**
 * The partner's co-sell solutions. The service has no endpoint for them: they appear only inside
 * referrals, and an unknown id is refused.
 */
import { solutionCategories } from './enumerations';
import type { Switches } from './switches';
import type { Solution } from './types';

export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly publisherName: string;
}

export class Catalogue {
  private readonly entries = new Map<string, CatalogueEntry>();
  private readonly switches: Switches;

  constructor(switches: Switches) {
    this.switches = switches;
  }

  add(entry: { id: string; name: string; type?: string; publisherName?: string }): CatalogueEntry {
    const kept = { type: 'Name', publisherName: 'Unknown publisher', ...entry };
    this.entries.set(kept.id, kept);
    return kept;
  }

  list(): CatalogueEntry[] {
    return [...this.entries.values()];
  }

  accepts(id: string, type: string | null | undefined): boolean {
    if (this.entries.has(id) || this.switches['create.unknownSolution'] === 'accept') return true;
    return type === 'Category' && solutionCategories.has(id);
  }

  /** As referrals show it: the catalogue's words win over the caller's. */
  complete(solution: Partial<Solution> & { id: string }): Solution {
    const known = this.entries.get(solution.id);
    return {
      id: solution.id,
      name: known?.name ?? solution.name ?? null,
      type: known?.type ?? solution.type ?? 'Name',
      price: solution.price ?? null,
      quantity: solution.quantity ?? null,
      currency: solution.currency ?? null,
      publisherName: known?.publisherName ?? solution.publisherName ?? null,
      solutionType: solution.solutionType ?? null,
      closingDateTime: solution.closingDateTime ?? null,
    };
  }
}
