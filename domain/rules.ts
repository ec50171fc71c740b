/**
 * May this deal be sent or accepted? All that is missing at once, never only the first.
 *
 * The rules without the tables and readers that they ask: `validate` puts in the full ones, a form control, whose
 * columns are typed by the platform and whose size is limited, puts in the browser's. So there is one set of rules.
 * Sources: Microsoft Learn "Create a referral", "Bulk operations for Co-sell opportunities" (mandatory columns),
 * "Dynamics 365 co-sell connector" (value above 0, two-letter country).
 */
import type { DealValues } from './deal';
import type { DealKind } from './deal-kind';
import type { Finding } from './finding';
import { finding } from './finding';
import { asksForHelp, helpValues } from './help';
import { partsWith, type Reading } from './validate-parts';

/** What the rules need to know beside the deal. */
export interface ValidationContext {
  /** ISO codes of the currencies that are active in the CRM; without it every ISO code will do. */
  readonly activeCurrencies?: ReadonlySet<string> | undefined;
  /** YYYY-MM-DD of the seller's today; without it no date is in the past. */
  readonly today?: string | undefined;
}

export interface ShareOptions extends ValidationContext {
  readonly kind: DealKind;
  /** Services co-sell: partner role, solution area and solution play are needed too. */
  readonly servicesCoSell?: boolean | undefined;
  /** Ids of the catalogue, as stored; without it any id will do. */
  readonly knownSolutionIds?: ReadonlySet<string> | undefined;
}

export interface Rules {
  /** Everything that Partner Center asks of a deal when it is created or upgraded to a kind. */
  validateForShare(values: DealValues, options: ShareOptions): Finding[];
  /** What the portal asks for when an inbound deal is accepted: name, value, currency, close date, a team. */
  validateForAccept(values: DealValues, context?: ValidationContext): Finding[];
}

/** @param reading how the texts of a deal are read */
export function rulesWith(reading: Reading): Rules {
  const parts = partsWith(reading);
  const { asked } = parts;

  /** An unlisted code is only a warning, because the service's list grows. */
  const validateHelp = (help: string | null | undefined): Finding[] => {
    if (!asksForHelp(help) || helpValues.some((value) => value === help)) return [];
    return [finding('HELP_UNKNOWN', { help: reading.plain(help) })];
  };

  const validateForAccept = (values: DealValues, context: ValidationContext = {}): Finding[] => [
    ...asked(values.name, 'NAME_MISSING'),
    ...parts.validateMoney(values.dealValue, context.activeCurrencies),
    ...parts.validateCloseDate(values.closeDate, context.today),
    ...parts.validateTeam(values.team ?? []),
  ];

  const validateForShare = (values: DealValues, options: ShareOptions): Finding[] => [
    ...asked(values.name, 'NAME_MISSING'),
    ...parts.validateCustomer(values.customer),
    ...parts.validateMoney(values.dealValue, options.activeCurrencies),
    ...parts.validateCloseDate(values.closeDate, options.today),
    ...parts.validateSolutions(values.solutions ?? [], options.knownSolutionIds),
    ...parts.validateTeam(values.team ?? []),
    ...(options.kind === 'coSell' ? parts.validateContacts(values.contacts ?? []) : []),
    ...validateHelp(values.helpRequired),
    ...(values.consent === true ? [] : [finding('CONSENT_MISSING')]),
    ...asked(values.purchaseIntent, 'PURCHASE_INTENT_MISSING'),
    ...asked(values.dealNotes, 'NOTES_MISSING'),
    ...(options.servicesCoSell === true
      ? [
          ...asked(values.partnerRole, 'PARTNER_ROLE_MISSING'),
          ...asked(values.solutionArea, 'SOLUTION_AREA_MISSING'),
          ...asked(values.solutionPlay, 'SOLUTION_PLAY_MISSING'),
        ]
      : []),
  ];

  return { validateForShare, validateForAccept };
}
