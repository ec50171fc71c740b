/**
 * Deals in a few words: what tests, the demo and the control API say when Microsoft or a colleague in
 * the portal makes or edits a deal. Fills in invented defaults; a wire-shaped part may be given too
 * and wins.
 */
import type { Draft } from './shape';
import type { Switches } from './switches';
import { instant } from './time';
import type { Address, Person } from './types';

export interface DealValues {
  readonly name?: string | null;
  readonly customer?: {
    readonly name?: string;
    readonly address?: Partial<Address>;
    readonly size?: string;
    readonly team?: readonly Partial<Person>[];
    readonly ids?: readonly { profileType: string; id: string }[];
  };
  /** Ids, or whole solutions. */
  readonly solutions?: readonly (string | Draft)[];
  readonly value?: number;
  readonly currency?: string;
  /** `2026-10-15`; becomes a date-time as whoever makes the deal would send it. */
  readonly closingDate?: string;
  readonly notes?: string;
  /** Sellers of the partner. */
  readonly team?: readonly Partial<Person>[];
  readonly shared?: boolean;
  readonly intent?: string;
  readonly salesStage?: string;
  readonly campaignId?: string;
  readonly externalReferenceId?: string;
  readonly mpnId?: string;
  /** The same in wire form, laid over all of the above. */
  readonly wire?: Draft;
}

const known = new Set(
  (
    'name customer solutions value currency closingDate notes team shared intent salesStage campaignId ' +
    'externalReferenceId mpnId wire inviteNotes expires sellers crmId from kind qualification referralSource callToAction'
  ).split(' '),
);

/** A misspelt name would quietly make another deal than the test meant. */
export function checkNames(values: object, allowed: ReadonlySet<string>): void {
  const unknown = Object.keys(values).find((name) => !allowed.has(name));
  if (unknown !== undefined) throw new Error(`${unknown} is no value of a deal; wire-shaped ones go into wire`);
}

/** Only what is named: the changes of an edit. */
export function changesOf(values: DealValues, switches: Switches, where: 'portal' | 'microsoft'): Draft {
  checkNames(values, known);
  const closing = values.closingDate === undefined ? undefined : closingDateTime(values.closingDate, switches, where);
  const given = without({
    name: values.name,
    salesStage: values.salesStage,
    campaignId: values.campaignId,
    externalReferenceId: values.externalReferenceId,
    mpnId: values.mpnId,
    team: values.team,
    customerProfile: without({ ...values.customer }),
    consent: without({ consentToShareReferralWithMicrosoftSellers: values.shared }),
    details: without({
      notes: values.notes,
      dealValue: values.value,
      currency: values.currency,
      closingDateTime: closing,
      requirements: without({
        solutions: values.solutions?.map((one) => (typeof one === 'string' ? { id: one } : one)),
        additionalRequirements:
          values.intent === undefined
            ? undefined
            : { attributes: [{ type: 'CustomerMarketplaceIntent', id: values.intent }] },
      }),
    }),
  });
  return merge(given ?? {}, values.wire ?? {});
}

/** A whole deal: changes over invented defaults. */
export function dealOf(
  values: DealValues,
  switches: Switches,
  where: 'portal' | 'microsoft',
  firstSolution: string | undefined,
): Draft {
  const closing = closingDateTime('2027-01-29', switches, where);
  const defaults: Draft = {
    name: 'Modern workplace rollout',
    type: 'Independent',
    qualification: where === 'portal' ? 'None' : 'SalesQualified',
    customerProfile: {
      name: 'Adatum Handels GmbH',
      address: {
        addressLine1: 'Lindenallee 7',
        city: 'Leipzig',
        state: 'SN',
        postalCode: '04109',
        country: 'DE',
      },
      size: '251to1000employees',
      team: [],
      ids: [],
    },
    consent: {
      consentToToShareInfoWithOthers: true,
      consentToContact: true,
      consentToShareReferralWithMicrosoftSellers: where === 'microsoft',
    },
    details: {
      dealValue: 50_000,
      currency: 'EUR',
      closingDateTime: closing,
      requirements: {
        solutions: firstSolution === undefined ? [] : [{ id: firstSolution }],
        additionalRequirements: { iot: {}, attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] },
      },
    },
    target: [],
  };
  return merge(defaults, changesOf(values, switches, where));
}

/**
 * With `closing.localMidnight` the portal sends the user's local midnight in UTC: 15 October in India
 * becomes `2026-10-14T18:30:00Z` (seen in real payloads).
 */
export function closingDateTime(day: string, switches: Switches, where: 'portal' | 'microsoft'): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight)) throw new Error(`${day} is no day`);
  const local = switches['closing.localMidnight'] === 'on' && where === 'portal';
  return instant(local ? midnight - switches['closing.utcOffsetMinutes'] * 60_000 : midnight);
}

/** Objects are merged, lists and plain values replaced. */
export function merge(base: Draft, over: Draft): Draft {
  const result: Draft = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const was = result[name];
    result[name] = isObject(was) && isObject(value) ? merge(was, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Drops undefined members; undefined itself when nothing is left. */
function without(values: Draft): Draft | undefined {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
