/**
 * What a new referral must carry. Microsoft Learn: "Create a referral" (required fields) and "Bulk
 * operations for co-sell opportunities" (column rules, the best public statement of value rules).
 * Looks at the body only; rules about the engagement stand in `engagements.ts`.
 */
import type { Catalogue } from './catalogue';
import {
  customerSizes,
  isCountry,
  qualifications,
  referralTypes,
  statuses,
  substatuses,
  targetTypes,
} from './enumerations';
import { invalid, required } from './refusal';
import { at, type Draft } from './shape';
import type { Person, Solution } from './types';
import { microsoft } from './types';
import * as rules from './values';

const requiredTexts = [
  'name',
  'type',
  'customerProfile.name',
  'customerProfile.address.addressLine1',
  'customerProfile.address.city',
  'customerProfile.address.country',
];

export function checkCreate(draft: Draft, catalogue: Catalogue): void {
  for (const path of requiredTexts) if (!rules.isText(at(draft, path))) throw required(path);
  for (const path of ['consent', 'details']) if (at(draft, path) == null) throw required(path);
  checkEnums(draft);
  checkCustomer(draft);
  rules.checkDealValue(at(draft, 'details.dealValue'), 'details.dealValue');
  rules.checkCurrency(at(draft, 'details.currency'), 'details.currency');
  rules.checkInstant(at(draft, 'details.closingDateTime'), 'details.closingDateTime');
  const solutions = 'details.requirements.solutions';
  rules.checkSolutions((at(draft, solutions) ?? []) as Partial<Solution>[], solutions, catalogue);
  rules.checkSellers((at(draft, 'team') ?? []) as Partial<Person>[], 'team');
  checkConsent(draft);
  if (wantsMicrosoft(draft) || asksForHelp(draft)) checkCoSell(draft);
}

export function wantsMicrosoft(draft: Draft): boolean {
  return targets(draft).some((target) => target.type === 'BusinessProfileLocation' && target.id === microsoft);
}

export function invitesPartner(draft: Draft): boolean {
  return targets(draft).some((target) => target.type === 'BusinessProfileLocation' && target.id !== microsoft);
}

function targets(draft: Draft): { type?: string; id?: string }[] {
  return (at(draft, 'target') ?? []) as { type?: string; id?: string }[];
}

function asksForHelp(draft: Draft): boolean {
  const code = at(draft, 'inviteContext.assistanceRequestCode');
  return code != null && code !== 'Unknown';
}

function checkEnums(draft: Draft): void {
  rules.checkEnum(draft['type'], referralTypes, 'type');
  rules.checkEnum(draft['qualification'], qualifications, 'qualification');
  rules.checkEnum(draft['status'], statuses, 'status');
  rules.checkEnum(draft['substatus'], substatuses, 'substatus');
  rules.checkAssistanceCode(at(draft, 'inviteContext.assistanceRequestCode'), 'inviteContext.assistanceRequestCode');
  targets(draft).forEach((target, index) => rules.checkEnum(target.type, targetTypes, `target[${index}].type`));
  const mpnId = draft['mpnId'];
  if (mpnId != null && !/^\d+$/.test(String(mpnId))) throw invalid('invalidMpnId', 'mpnId', 'mpnId has digits only.');
}

function checkCustomer(draft: Draft): void {
  const country = String(at(draft, 'customerProfile.address.country'));
  if (!isCountry(country)) {
    throw invalid('invalidCountry', 'customerProfile.address.country', 'A two-letter country code is required.');
  }
  const size = at(draft, 'customerProfile.size');
  if (size !== '') rules.checkEnum(size, customerSizes, 'customerProfile.size');
  const ids = (at(draft, 'customerProfile.ids') ?? []) as { profileType?: unknown; id?: unknown }[];
  ids.forEach((entry, index) => rules.checkProfileId(entry, `customerProfile.ids[${index}]`));
  customerTeam(draft).forEach((contact, index) =>
    rules.checkEmail(contact.email, `customerProfile.team[${index}].email`),
  );
}

function customerTeam(draft: Draft): Partial<Person>[] {
  return (at(draft, 'customerProfile.team') ?? []) as Partial<Person>[];
}

function checkConsent(draft: Draft): void {
  for (const name of ['consentToToShareInfoWithOthers', 'consentToContact']) {
    if (at(draft, `consent.${name}`) !== true) {
      throw invalid(
        'consentRequired',
        `consent.${name}`,
        'Without consent the deal can be neither created nor shared.',
      );
    }
  }
}

/** Documented for the portal's "co-sell request": visible to Microsoft and one complete contact. */
function checkCoSell(draft: Draft): void {
  if (!customerTeam(draft).some(rules.isComplete)) {
    throw invalid(
      'contactRequired',
      'customerProfile.team[0]',
      'Help from Microsoft needs a complete customer contact.',
    );
  }
  const flag = 'consent.consentToShareReferralWithMicrosoftSellers';
  if (at(draft, flag) !== true)
    throw invalid('consentRequired', flag, 'Help from Microsoft needs the deal to be visible.');
  if (wantsMicrosoft(draft) && !asksForHelp(draft)) throw required('inviteContext.assistanceRequestCode');
}
