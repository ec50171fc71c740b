/**
 * Deal registration: `/registrations/-` and the correction paths, allowed on won deals only.
 * Microsoft Learn: "Register deals you've won" (eligibility, dates, review) and the swagger file of
 * the PartnerCenterReferrals connector (shape, paths). Amounts are taken at face value: the emulator
 * knows no exchange rates, so USD 25,000 means 25,000 of whatever currency the deal has.
 */
import { isCurrency } from './enumerations';
import { againstState, invalid, required } from './refusal';
import type { Draft } from './shape';
import { at } from './shape';
import type { Switches } from './switches';
import { instant, millisecondsOf, parseInstant } from './time';
import type { Referral, Registration } from './types';

export interface RegistrationContext {
  readonly switches: Switches;
  readonly now: number;
  readonly newId: () => string;
  readonly microsoftAccepted: boolean;
  readonly microsoftInvited: boolean;
}

const day = 86_400_000;
const leastValue = 25_000;
const correctable = new Set(
  [
    ...['startDateTime', 'endDateTime', 'signDateTime', 'term', 'value'].map((name) => `contract/${name}`),
    ...[
      'value',
      'currency',
      'isDeployedOnAzure',
      'primaryDeploymentOn',
      'pricingModel',
      'marketplaceTransactionDetails/isMarketplaceTransacted',
      'marketplaceTransactionDetails/marketplaceTransactionDateTime',
    ].map((name) => `solutionDetails/0/${name}`),
  ].map((name) => `/registrations/0/${name}`.toLowerCase()),
);

export function isRegistrationPath(path: string): boolean {
  return path.toLowerCase().startsWith('/registrations');
}

export interface RegistrationOperation {
  readonly path: string;
  readonly value: unknown;
}

/** All registration operations of one document; corrections are checked together, after the last. */
export function applyRegistrations(
  next: Referral,
  operations: readonly RegistrationOperation[],
  context: RegistrationContext,
): void {
  const isAdd = (operation: RegistrationOperation): boolean => operation.path.toLowerCase() === '/registrations/-';
  const corrections = operations.filter((operation) => !isAdd(operation));
  if (corrections.length > 0) correct(next, corrections, context);
  for (const operation of operations) if (isAdd(operation)) add(next, operation.value, context);
  if (operations.length > 0) next.registrationStatus = next.registrations.at(-1)?.status ?? 'None';
}

function add(next: Referral, value: unknown, context: RegistrationContext): void {
  if (typeof value !== 'object' || value === null)
    throw invalid('invalidType', '/registrations/-', 'An object is needed.');
  checkEligible(next, context);
  if (at(value, 'type') !== 'AzureIPCoSell') throw invalid('invalidEnum', 'type', 'The type must be AzureIPCoSell.');
  const registration = build(value as Draft, next, context);
  checkContract(registration, next, context.now);
  decide(registration, context.now);
  next.registrations.push(registration);
}

function checkEligible(referral: Referral, context: RegistrationContext): void {
  const refuse = (why: string): Error =>
    againstState(
      context.switches.stateRule,
      'notEligible',
      '/registrations',
      `This deal cannot be registered: ${why}.`,
    );
  if (referral.status !== 'Closed' || referral.substatus !== 'Won') throw refuse('it is not won');
  if (!referral.consent.consentToShareReferralWithMicrosoftSellers) throw refuse('Microsoft cannot see it');
  if ((referral.details.dealValue ?? 0) < leastValue) throw refuse('its value is below 25,000');
  if (context.microsoftInvited && !context.microsoftAccepted) throw refuse('Microsoft did not accept it');
  const waited = millisecondsOf(referral.closedDateTime ?? '') - millisecondsOf(referral.createdDateTime);
  if (waited < 3 * day) throw refuse('it was won within 72 hours of its creation');
  if (referral.registrations.some((one) => one.status !== 'Closed' && one.status !== 'Failed')) {
    throw refuse('it is registered already');
  }
}

function build(value: Draft, referral: Referral, context: RegistrationContext): Registration {
  const details = at(value, 'solutionDetails');
  if (!Array.isArray(details) || details.length === 0) throw required('solutionDetails[0]');
  const date = (path: string): string => {
    const parsed = parseInstant(String(at(value, path) ?? ''));
    if (parsed === undefined) throw invalid('invalidDateTime', path, `${path} is not a date-time.`);
    return parsed;
  };
  const term = at(value, 'contract.term');
  if (term !== 'Finite' && term !== 'Perpetual') throw invalid('invalidEnum', 'contract.term', 'Finite or Perpetual.');
  const hasEnd = at(value, 'contract.endDateTime') != null;
  if (term === 'Finite' && !hasEnd) throw required('contract.endDateTime');
  return {
    id: context.newId(),
    registrationDateTime: instant(context.now),
    status: 'ReviewPending',
    statusReason: null,
    type: 'AzureIPCoSell',
    contract: {
      value: amount(value, 'contract.value'),
      currency: currency(value, 'contract.currency'),
      startDateTime: date('contract.startDateTime'),
      endDateTime: hasEnd ? date('contract.endDateTime') : null,
      signDateTime: date('contract.signDateTime'),
      term,
    },
    solutionDetails: details.map((one: unknown, index) => solutionDetail(one, `solutionDetails[${index}]`, referral)),
    statusHistory: {
      reviewPendingDateTime: null,
      actionRequiredDateTime: null,
      passedDateTime: null,
      failedDateTime: null,
      approvedDateTime: null,
    },
  };
}

function solutionDetail(one: unknown, path: string, referral: Referral): Registration['solutionDetails'][number] {
  const id = at(one, 'id');
  const known = referral.details.requirements.solutions.find((solution) => solution.id === id);
  if (!known) throw invalid('unknownSolution', `${path}.id`, 'The deal has no such solution.');
  const deployment = at(one, 'primaryDeploymentOn');
  if (deployment !== 'Customer' && deployment !== 'Partner') {
    throw invalid('invalidEnum', `${path}.primaryDeploymentOn`, 'Customer or Partner.');
  }
  const pricing = at(one, 'pricingModel');
  if (pricing !== 'PayAsYouGo' && pricing !== 'Other') {
    throw invalid('invalidEnum', `${path}.pricingModel`, 'PayAsYouGo or Other.');
  }
  const transacted = at(one, 'marketplaceTransactionDetails.isMarketplaceTransacted') === true;
  const on = at(one, 'marketplaceTransactionDetails.marketplaceTransactionDateTime');
  if (transacted && typeof on !== 'string') {
    throw required(`${path}.marketplaceTransactionDetails.marketplaceTransactionDateTime`);
  }
  return {
    id: known.id,
    name: known.name,
    value: amount(one, 'value'),
    currency: currency(one, 'currency'),
    isDeployedOnAzure: at(one, 'isDeployedOnAzure') === true,
    primaryDeploymentOn: deployment,
    pricingModel: pricing,
    marketplaceTransactionDetails: {
      isMarketplaceTransacted: transacted,
      marketplaceTransactionDateTime: typeof on === 'string' ? on : null,
    },
  };
}

function checkContract(registration: Registration, referral: Referral, now: number): void {
  const { contract, solutionDetails } = registration;
  const refuse = (path: string, why: string): Error => invalid('registrationRule', `contract.${path}`, why);
  const start = millisecondsOf(contract.startDateTime);
  const end = contract.endDateTime === null ? undefined : millisecondsOf(contract.endDateTime);
  const signed = millisecondsOf(contract.signDateTime);
  if (end !== undefined && end < start) throw refuse('endDateTime', 'The contract ends before it starts.');
  if (signed > now) throw refuse('signDateTime', 'The signing lies in the future.');
  if (signed < now - 60 * day) throw refuse('signDateTime', 'The signing is more than 60 days ago.');
  const createdDay = Math.floor(millisecondsOf(referral.createdDateTime) / day) * day;
  if (signed < createdDay) throw refuse('signDateTime', 'The signing is before the creation of the deal.');
  if (start < now - 90 * day) throw refuse('startDateTime', 'The start is more than 90 days ago.');
  if (annualValue(registration) <= leastValue) throw refuse('value', 'The annual value must be above 25,000.');
  const sum = solutionDetails.reduce((total, solution) => total + solution.value, 0);
  if (sum > contract.value) throw refuse('value', 'The solutions are worth more than the contract.');
}

/** A perpetual contract is spread over six years. */
function annualValue({ contract }: Registration): number {
  if (contract.term === 'Perpetual' || contract.endDateTime === null) return contract.value / 6;
  const years = (millisecondsOf(contract.endDateTime) - millisecondsOf(contract.startDateTime)) / (365 * day);
  return contract.value / Math.max(1, years);
}

function decide(registration: Registration, now: number): void {
  const review =
    annualValue(registration) > 1_000_000 ||
    registration.solutionDetails.some((one) => one.pricingModel === 'PayAsYouGo');
  const outside = registration.solutionDetails.every((one) => !one.isDeployedOnAzure);
  registration.status = outside ? 'Closed' : review ? 'ReviewPending' : 'Approved';
  if (registration.status === 'ReviewPending') registration.statusHistory.reviewPendingDateTime = instant(now);
  if (registration.status === 'Approved') registration.statusHistory.approvedDateTime = instant(now);
}

function correct(next: Referral, operations: readonly RegistrationOperation[], context: RegistrationContext): void {
  const registration = next.registrations[0];
  const path = operations[0]?.path ?? '';
  const refuse = (code: string, why: string): Error => againstState(context.switches.stateRule, code, path, why);
  for (const operation of operations) {
    if (!correctable.has(operation.path.toLowerCase())) {
      throw invalid('pathNotAllowed', operation.path, `${operation.path} cannot be changed.`);
    }
  }
  if (!registration) throw refuse('notRegistered', 'The deal has no registration.');
  if (registration.status !== 'ActionRequired') {
    throw refuse('notCorrectable', 'A registration is corrected while action is required.');
  }
  for (const { path: each, value } of operations) assign(registration, each.split('/').slice(3), value);
  const rebuilt = build({ ...registration }, next, context);
  checkContract(rebuilt, next, context.now);
  next.registrations[0] = {
    ...rebuilt,
    id: registration.id,
    registrationDateTime: registration.registrationDateTime,
    statusHistory: { ...registration.statusHistory, reviewPendingDateTime: instant(context.now) },
  };
}

function assign(target: object, names: string[], value: unknown): void {
  const [first = '', ...rest] = names;
  const key = Object.keys(target).find((name) => name.toLowerCase() === first.toLowerCase()) ?? first;
  if (rest.length === 0) Object.assign(target, { [key]: value });
  else assign((target as Record<string, object>)[key] ?? {}, rest, value);
}

function amount(value: unknown, path: string): number {
  const found = at(value, path);
  if (typeof found !== 'number' || found <= 0) throw invalid('invalidDealValue', path, `${path} must be above 0.`);
  return found;
}

function currency(value: unknown, path: string): string {
  const found = at(value, path);
  if (typeof found !== 'string' || !isCurrency(found))
    throw invalid('invalidCurrency', path, `${path} is not ISO 4217.`);
  return found;
}
