/**
 * Changes of a referral as JSON Patch.
 *
 * Pure. Only `replace` (the service knows `add` and `replace`; there is no `remove`), only paths that Microsoft's
 * own connector uses, and two more that the portal lets people edit and that are tried: the name and the
 * attributes. Values without a path are refused by name, never dropped.
 * Sources: Microsoft Learn "Update a referral" (patch) and the OpenAPI file of Microsoft's own connector.
 */
import type { DealValues, FieldName } from '../../../domain/deal';
import { SyncError } from '../errors';
import type { ReferralChanges } from '../ports';
import { attributeFields, attributesPath } from './attributes';
import { at, textOf } from './wire';
import { amountOf, attributesOf, personsOf, solutionsOf } from './wire-members';
import { closingOf, members, needed } from './write-referral';

export interface PatchOperation {
  readonly op: 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** Paths that are not documented as patchable: sent when asked for, and told apart when they are refused. */
export const triedPaths: Readonly<Record<string, FieldName>> = { '/name': 'name', [attributesPath]: 'purchaseIntent' };

/** Sent with the POST only: part of the invitation, or read-only from creation on ("Bulk operations"). */
const withoutPath: readonly FieldName[] = ['helpRequired', 'notesToMicrosoft', 'consent', 'customer', 'coSellType'];

/** Do the changes replace an array? Then the patch is made against the service's present one. */
export function replacesArrays(changes: ReferralChanges): boolean {
  const values = changes.values ?? {};
  return (['solutions', 'team', 'contacts', ...attributeFields] as const).some((field) => values[field] !== undefined);
}

/**
 * @param before the referral's JSON as the service holds it; without it, arrays carry only what we map
 * @returns no operation when there is nothing to change
 * @throws SyncError FIELD_REFUSED for a value that no path changes (visibility: never back), REFERRAL_REJECTED for
 *   one that cannot be sent
 */
export function patchOf(changes: ReferralChanges, before?: unknown): readonly PatchOperation[] {
  const values = changes.values ?? {};
  for (const field of withoutPath) {
    if (values[field] !== undefined) throw refused(field, 'it is sent with the creation only');
  }
  return [...statusOperations(changes), ...plainOperations(values), ...listOperations(values, before)];
}

/** Status and substatus are one step of the state machine, so they travel together. */
function statusOperations(changes: ReferralChanges): readonly PatchOperation[] {
  const { status, substatus } = changes;
  if ((status === undefined) !== (substatus === undefined)) {
    throw new SyncError('REFERRAL_REJECTED', { detail: 'status and substatus must be changed together' });
  }
  return [
    ...when('/status', status),
    ...when('/substatus', substatus),
    ...when('/statusReason', changes.statusReason ?? changes.values?.statusReason),
  ];
}

function plainOperations(values: DealValues): readonly PatchOperation[] {
  if (values.visibility === false) throw refused('visibility', 'a visible deal cannot be hidden again');
  return [
    ...when('/name', values.name === undefined ? undefined : needed(values.name, 'name')),
    ...amountOperations(values),
    ...when('/details/closingDateTime', dayOf(values)),
    ...when('/details/notes', values.dealNotes),
    ...when('/salesStage', values.salesStage),
    ...when('/externalReferenceId', values.crmId),
    ...when('/campaignId', values.campaignId),
    ...when('/consent/consentToShareReferralWithMicrosoftSellers', values.visibility),
  ];
}

/** An amount without its currency would be another amount. */
function amountOperations(values: DealValues): readonly PatchOperation[] {
  if (values.dealValue === undefined) return [];
  const { amount, currency } = needed(values.dealValue, 'dealValue');
  return [
    replace('/details/dealValue', amountOf(amount, 'dealValue')),
    replace('/details/currency', needed(currency, 'dealValue')),
  ];
}

function dayOf(values: DealValues): string | undefined {
  return values.closeDate === undefined ? undefined : closingOf(needed(values.closeDate, 'closeDate'));
}

/** Whole arrays: there is no `remove`, and appending could not take anybody away. */
function listOperations(values: DealValues, before: unknown): readonly PatchOperation[] {
  const { solutions, team, contacts } = values;
  const requirements = at(before, 'details', 'requirements');
  const operations: PatchOperation[] = [];
  if (solutions !== undefined) {
    const details = at(before, 'details');
    const currency = values.dealValue?.currency ?? textOf(at(details, 'currency'));
    operations.push(
      replace('/details/requirements/solutions', solutionsOf(members(solutions, 'solutions'), currency, details)),
    );
  }
  if (team !== undefined) operations.push(replace('/team', personsOf(members(team, 'team'), at(before, 'team'))));
  if (contacts !== undefined) {
    operations.push(replace('/customerProfile/team', personsOf(contacts, at(before, 'customerProfile', 'team'))));
  }
  if (attributeFields.some((field) => values[field] !== undefined)) {
    const present = at(requirements, 'additionalRequirements', 'attributes');
    operations.push(replace(attributesPath, attributesOf(values, present)));
  }
  return operations;
}

function when(path: string, value: unknown): readonly PatchOperation[] {
  return value === undefined ? [] : [replace(path, value)];
}

function replace(path: string, value: unknown): PatchOperation {
  return { op: 'replace', path, value };
}

function refused(field: FieldName, detail: string): SyncError {
  return new SyncError('FIELD_REFUSED', { field, detail });
}
