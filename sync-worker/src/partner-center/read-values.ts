/**
 * The mapped values of a referral, out of its JSON.
 *
 * A value that is there but cannot be read (an amount that is no number, an unknown sales stage), or whose whole
 * part of the referral is missing, is left absent, which merges as "unchanged": taken for empty it would clear the
 * seller's value in the CRM. A missing or null member of a part that is there is empty.
 * Sources: Microsoft Learn "Referral resources", "Create a referral"; real payloads for what comes back.
 */
import type { Address, Customer, DealValues, Person, Solution } from '../../../domain/deal';
import { microsoftOrganizationId } from '../../../domain/deal-kind';
import { noHelpCode, readSalesStage } from '../../../domain/enums';
import { dayFromInstant } from '../../../domain/normalise';
import { attributeFields, attributeTypes } from './attributes';
import { at, decimalOf, flagOf, isMissing, isObject, listOf, member, rawTextOf, textOf, textOrNull } from './wire';

export function readValues(json: unknown): DealValues {
  const details = member(json, 'details');
  const values: DealValues = {
    name: textOf(member(json, 'name')),
    statusReason: textOf(member(json, 'statusReason')),
    crmId: textOf(member(json, 'externalReferenceId')),
    campaignId: textOf(member(json, 'campaignId')),
  };
  if (isObject(details)) {
    values.dealNotes = textOf(member(details, 'notes'));
    readAmount(details, values);
    readCloseDate(details, values);
  }
  readStage(json, values);
  readSets(json, values);
  readSharing(json, values);
  readAttributes(json, values);
  const profile = member(json, 'customerProfile');
  if (isMissing(profile)) values.customer = null;
  else if (isObject(profile)) values.customer = readCustomer(profile);
  return values;
}

function readAmount(details: unknown, values: DealValues): void {
  const amount = decimalOf(member(details, 'dealValue'));
  if (amount === undefined) return;
  values.dealValue = amount === null ? null : { amount, currency: textOf(member(details, 'currency')).toUpperCase() };
}

/** Year 1 is .NET's empty date. */
function readCloseDate(details: unknown, values: DealValues): void {
  const raw = member(details, 'closingDateTime');
  if (isMissing(raw) || raw === '' || rawTextOf(raw).startsWith('0001-')) values.closeDate = null;
  else {
    const day = dayFromInstant(rawTextOf(raw));
    if (day !== null) values.closeDate = day;
  }
}

function readStage(json: unknown, values: DealValues): void {
  const raw = textOf(member(json, 'salesStage'));
  const stage = readSalesStage(raw);
  if (raw === '' || stage !== null) values.salesStage = stage;
}

function readSets(json: unknown, values: DealValues): void {
  const requirements = at(json, 'details', 'requirements');
  const profile = member(json, 'customerProfile');
  const solutions = isObject(requirements) ? listOf(member(requirements, 'solutions')) : undefined;
  const team = listOf(member(json, 'team'));
  const contacts = isObject(profile) ? listOf(member(profile, 'team')) : undefined;
  if (solutions) values.solutions = solutions.filter(isObject).map(readSolution);
  if (team) values.team = readPersons(team);
  if (contacts) values.contacts = readPersons(contacts);
}

/** A price that cannot be read is shown as none: a solution is one value, it cannot be half absent. */
function readSolution(json: unknown): Solution {
  return {
    id: textOf(member(json, 'id')),
    name: textOf(member(json, 'name')),
    type: textOf(member(json, 'type')),
    publisher: textOf(member(json, 'publisherName')),
    price: decimalOf(member(json, 'price')) ?? null,
    quantity: decimalOf(member(json, 'quantity')) ?? null,
  };
}

/** People without e-mail stay; entries without anything (expired leads show no contact data) are nobody. */
function readPersons(list: readonly unknown[]): readonly Person[] {
  const persons = list.filter(isObject).map((json) => ({
    firstName: textOf(member(json, 'firstName')),
    lastName: textOf(member(json, 'lastName')),
    phone: textOf(member(json, 'phoneNumber')),
    email: textOf(member(json, 'email')),
  }));
  return persons.filter((person) => Object.values(person).some((text) => text !== ''));
}

/**
 * `Unknown` help is none. The invitation's notes are ours only on Microsoft's record; on an inbound referral
 * they are what Microsoft wrote to us.
 */
function readSharing(json: unknown, values: DealValues): void {
  const invitation = member(json, 'inviteContext');
  const code = textOf(member(invitation, 'assistanceRequestCode'));
  values.helpRequired = code === '' || code.toLowerCase() === noHelpCode.toLowerCase() ? null : code;
  if (textOf(member(json, 'organizationId')).toLowerCase() === microsoftOrganizationId) {
    values.notesToMicrosoft = textOf(member(invitation, 'notes'));
  }
  const visible = flagOf(at(json, 'consent', 'consentToShareReferralWithMicrosoftSellers'));
  const consent = flagOf(at(json, 'consent', 'consentToToShareInfoWithOthers'));
  if (visible !== undefined) values.visibility = visible;
  if (consent !== undefined) values.consent = consent;
}

/**
 * Purchase intent, partner role and the like. Some reads lack `additionalRequirements` altogether, and where the
 * Services attributes stand is UNVERIFIED: what is not there was not looked at.
 */
function readAttributes(json: unknown, values: DealValues): void {
  const additional = at(json, 'details', 'requirements', 'additionalRequirements');
  const attributes = isObject(additional) ? listOf(member(additional, 'attributes')) : undefined;
  if (!attributes) return;
  values.purchaseIntent = null;
  for (const field of attributeFields) {
    const type = attributeTypes[field].toLowerCase();
    const found = attributes.find((entry) => textOf(member(entry, 'type')).toLowerCase() === type);
    const id = textOf(member(found, 'id'));
    if (id !== '') values[field] = id;
  }
}

function readCustomer(profile: unknown): Customer {
  return {
    name: textOf(member(profile, 'name')),
    address: readAddress(member(profile, 'address')),
    size: textOrNull(member(profile, 'size')),
    duns: readDuns(member(profile, 'ids')),
  };
}

/** The state was seen in `region` with `state` null as well as in `state`. */
function readAddress(json: unknown): Address {
  const country = textOf(member(json, 'country'));
  return {
    line1: textOf(member(json, 'addressLine1')),
    line2: textOf(member(json, 'addressLine2')),
    city: textOf(member(json, 'city')),
    state: textOf(member(json, 'state')) || textOf(member(json, 'region')),
    postalCode: textOf(member(json, 'postalCode')),
    country: /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : country,
  };
}

function readDuns(ids: unknown): string {
  const numbers = (listOf(ids) ?? [])
    .filter((entry) => textOf(member(entry, 'profileType')).toLowerCase() === 'duns')
    .map((entry) => textOf(member(entry, 'id')));
  return numbers.find((number) => number !== '') ?? '';
}
