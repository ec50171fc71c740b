/**
 * What is still missing before a deal can be shared or accepted: the rules of `domain/` over what is known. Pure.
 *
 * Columns on the form win over what was read, because they hold what the seller has typed and not saved. What nobody
 * could look at (a masked column, anything but columns on the create form) is listed as "checked later" and never as
 * missing.
 */
import type { DealValues, Solution } from '../../../domain/deal';
import type { DealKind } from '../../../domain/deal-kind';
import { isError, type Finding } from '../../../domain/finding';
import { rulesWith } from '../../../domain/rules';
import { unseen, type Facts } from './facts';
import type { PanelModel } from './model';
import { helpCodeOf } from './options';

/** The worker's tables do not fit in here, and are not needed: number and day come from columns of that type. */
const rules = rulesWith({
  plain: (text) => (text ?? '').trim(),
  decimal: (text) => text,
  isDay: () => true,
  isCurrency: (code) => /^[A-Z]{3}$/.test(code),
  isCountryCode: (code) => /^[A-Z]{2}$/.test(code),
});

/** A part of a deal as a seller thinks of it, named like its value; its label is `part_<name>`. */
export type Part = 'services' | keyof DealValues;

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
  const { helpRequired, customerConsent, purchaseIntent, dealNotes, notesToMicrosoft } = model;
  const columns = [
    ['helpRequired', helpRequired, helpCodeOf(helpRequired.raw)],
    ['consent', customerConsent, customerConsent.raw === true],
    ['purchaseIntent', purchaseIntent, String(purchaseIntent.raw ?? '')],
    ['dealNotes', dealNotes, dealNotes.raw ?? ''],
    ['notesToMicrosoft', notesToMicrosoft, notesToMicrosoft.raw ?? ''],
  ] as const;
  return {
    ...facts?.values,
    ...((facts || !model.recordId) && { solutions: solutionsOf(model, facts) }),
    ...Object.fromEntries(
      columns.filter(([, { bound, readable }]) => bound && readable).map(([name, , value]) => [name, value]),
    ),
  };
}

/** Rows, and picks of the create form that have no row yet. */
function solutionsOf(model: PanelModel, facts: Facts | undefined): readonly Solution[] {
  const rows = facts?.values.solutions ?? [];
  const isNew = ({ id }: Solution) => !rows.some((row) => row.id === id);
  return [...rows, ...picksIn(model.solutionDraft.raw).filter(isNew)];
}

/** The picker writes the draft and the worker judges it; here it is only counted and named. */
function picksIn(draft: string | null): readonly Solution[] {
  try {
    const { solutions } = JSON.parse(draft ?? '') as { readonly solutions: readonly Solution[] };
    return solutions.map(({ id, name, quantity }) => ({
      ...unseen,
      id: id.toLowerCase(),
      name: String(name),
      quantity,
    }));
  } catch {
    return [];
  }
}

/** @param today YYYY-MM-DD on the seller's clock */
export function checkForShare(model: PanelModel, facts: Facts | undefined, kind: DealKind, today: string): Checklist {
  const values = valuesOf(model, facts);
  const servicesCoSell = /service/i.test(values.coSellType ?? '');
  const asked: Part[] = ['name', 'customer', 'dealValue', 'closeDate', 'team', 'solutions'];
  if (kind === 'coSell') asked.push('contacts');
  asked.push('consent', 'purchaseIntent', 'dealNotes');
  if (servicesCoSell) asked.push('services');
  return listOf(rules.validateForShare(values, { kind, servicesCoSell, ...known(facts, today) }), asked, values);
}

export function checkForAccept(model: PanelModel, facts: Facts, today: string): Checklist {
  const values = valuesOf(model, facts);
  const asked: Part[] = ['name', 'dealValue', 'closeDate', 'team'];
  return listOf(rules.validateForAccept(values, known(facts, today)), asked, values);
}

const known = (facts: Facts | undefined, today: string) => ({
  today,
  activeCurrencies: facts?.currencyActive ? undefined : new Set<string>(),
});

function listOf(found: readonly Finding[], asked: readonly Part[], values: DealValues): Checklist {
  const services = /^(partnerRole|solutionArea|solutionPlay)$/;
  const partOf = ({ field = '' }: Finding) => field.replace(/\..*/, '').replace(services, 'services') as Part;
  // Absent means nobody looked, and then the rules' "missing" is not a seller's mistake.
  const isUnseen = (part: Part) => part !== 'services' && !(part in values);
  const findings = found
    .filter((each) => !isUnseen(partOf(each)))
    // A country that the panel does not know may be known to the worker, which has more spellings.
    .map((each): Finding => (each.code === 'COUNTRY_UNKNOWN' ? { ...each, severity: 'warning' } : each))
    .sort((a, b) => Number(isError(b)) - Number(isError(a)));
  return {
    findings,
    passed: asked.filter((part) => !isUnseen(part) && !findings.some((each) => partOf(each) === part)),
    later: asked.filter(isUnseen),
    ready: !findings.some(isError),
  };
}
