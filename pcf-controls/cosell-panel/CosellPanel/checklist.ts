/**
 * What is still missing before a deal can be shared or accepted: the rules of `domain/` over what is known. Pure.
 *
 * Columns on the form win over what was read, because they hold what the seller has typed and not saved. What nobody
 * could look at (a masked column, anything but columns on the create form) is listed as "checked later" and never as
 * missing.
 */
import type { DealValues, Solution } from '../../../domain/deal';
import type { DealKind } from '../../../domain/deal-kind';
import { finding, isError, type Finding } from '../../../domain/finding';
import { parseSolutionDraft } from '../../../domain/solution-draft';
import { validateForAccept, validateForShare } from '../../../domain/validate';
import type { Facts } from './facts';
import type { PanelModel } from './model';
import { helpCodeOf } from './options';

/** Parts of a deal as a seller thinks of them; each has a label under `part_<name>`. */
const parts = {
  name: ['name'],
  customer: ['customer'],
  dealValue: ['dealValue'],
  closeDate: ['closeDate'],
  contacts: ['contacts'],
  team: ['team'],
  solutions: ['solutions'],
  consent: ['consent'],
  purchaseIntent: ['purchaseIntent'],
  dealNotes: ['dealNotes'],
  services: ['partnerRole', 'solutionArea', 'solutionPlay'],
} as const;
export type Part = keyof typeof parts;

const partOf = new Map<string, Part>(
  Object.entries(parts).flatMap(([part, fields]) => fields.map((field) => [field, part as Part] as const)),
);

export interface Checklist {
  /** What forbids it first, then what only should be mended. */
  readonly findings: readonly Finding[];
  readonly passed: readonly Part[];
  /** Not looked at: after the first save, or never by this person. */
  readonly later: readonly Part[];
  readonly ready: boolean;
}

/** What the deal says as far as it is known; what is not known is absent. */
export function valuesOf(model: PanelModel, facts: Facts | undefined): DealValues {
  const { helpRequired, visibility, customerConsent, purchaseIntent, dealNotes, notesToMicrosoft } = model;
  return {
    ...facts?.values,
    ...((facts !== undefined || model.recordId === '') && { solutions: solutionsOf(model, facts) }),
    ...(known(helpRequired) && { helpRequired: helpCodeOf(helpRequired.raw) }),
    ...(known(visibility) && { visibility: visibility.raw === true }),
    ...(known(customerConsent) && { consent: customerConsent.raw === true }),
    ...(known(purchaseIntent) && { purchaseIntent: purchaseIntent.raw === null ? null : String(purchaseIntent.raw) }),
    ...(known(dealNotes) && { dealNotes: dealNotes.raw ?? '' }),
    ...(known(notesToMicrosoft) && { notesToMicrosoft: notesToMicrosoft.raw ?? '' }),
  };
}

const known = (field: { readonly bound: boolean; readonly readable: boolean }): boolean =>
  field.bound && field.readable;

/** Rows, and picks of the create form that have no row yet. */
function solutionsOf(model: PanelModel, facts: Facts | undefined): readonly Solution[] {
  const rows = facts?.values.solutions ?? [];
  const picks = parseSolutionDraft(model.solutionDraft.raw ?? '').picks;
  const isNew = (id: string) => !rows.some((row) => row.id.toLowerCase() === id);
  return [...rows, ...picks.filter(({ id }) => isNew(id)).map((pick) => ({ type: '', publisher: '', ...pick }))];
}

/** @param today YYYY-MM-DD on the seller's clock */
export function checkForShare(model: PanelModel, facts: Facts | undefined, kind: DealKind, today: string): Checklist {
  const values = valuesOf(model, facts);
  const services = (values.coSellType ?? '').toLowerCase().includes('service');
  const found = validateForShare(values, { kind, servicesCoSell: services, today });
  const asked: Part[] = ['name', 'customer', 'dealValue', 'closeDate', 'team', 'solutions'];
  if (kind === 'coSell') asked.push('contacts');
  asked.push('consent', 'purchaseIntent', 'dealNotes');
  if (services) asked.push('services');
  return listOf(found, asked, values, facts);
}

export function checkForAccept(model: PanelModel, facts: Facts, today: string): Checklist {
  const values = valuesOf(model, facts);
  return listOf(validateForAccept(values, { today }), ['name', 'dealValue', 'closeDate', 'team'], values, facts);
}

function listOf(
  found: readonly Finding[],
  asked: readonly Part[],
  values: DealValues,
  facts: Facts | undefined,
): Checklist {
  // Absent means nobody looked, and then the rules' "missing" is not a seller's mistake.
  const unseen = (field: string): boolean => !(field in values);
  const seen = found.filter(({ field }) => !unseen(rootOf(field)));
  const inactive = facts?.inactiveCurrency ? [finding('CURRENCY_INACTIVE', { currency: facts.inactiveCurrency })] : [];
  const findings = [...seen.map(softened), ...inactive].sort((a, b) => Number(isError(b)) - Number(isError(a)));
  const troubled = new Set(findings.map(({ field }) => partOf.get(rootOf(field))));
  const later = asked.filter((part) => parts[part].some(unseen));
  return {
    findings,
    passed: asked.filter((part) => !troubled.has(part) && !later.includes(part)),
    later,
    ready: !findings.some(isError),
  };
}

/** A country that the panel does not know may be known to the worker, which has more spellings. */
function softened(found: Finding): Finding {
  return found.code === 'COUNTRY_UNKNOWN' ? { ...found, severity: 'warning' } : found;
}

const rootOf = (field: string | undefined): string => (field ?? '').split('.')[0] ?? '';
