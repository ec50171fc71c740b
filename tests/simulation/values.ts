/**
 * What a deal shows on each side: texts that are the same for both when they mean the same.
 */
import type { Row } from '../../emulators/dataverse';
import type { Referral } from '../../emulators';
import { moreCrmValues, morePartnerCenterValues } from './more-fields';
import { leadValues, withoutMarks, type CrmRecord } from './records';
import type { Services } from './services';

/** Fields that are kept the same on both sides; members of lists count as fields of their own. */
export type Values = Readonly<Record<string, string>>;

export function valuesOf(services: Services, { table, id, values }: CrmRecord): Values {
  return table === 'lead' ? leadValues(services, values) : crmValues(services, id, values);
}

export function crmValues({ dataverse }: Pick<Services, 'dataverse'>, id: string, row: Row): Values {
  const { store } = dataverse;
  const currency =
    store.get('transactioncurrency', String(row['transactioncurrencyid'] ?? ''))?.values['isocurrencycode'] ?? '';
  const values: Record<string, string> = {
    name: withoutMarks(row['name']),
    dealValue: row['estimatedvalue'] == null ? '' : `${Number(row['estimatedvalue'])} ${String(currency)}`,
    closeDate: String(row['estimatedclosedate'] ?? '').slice(0, 10),
    dealNotes: String(row['cosell_dealnotes'] ?? ''),
    visibility: row['cosell_referralvisibility'] === true ? 'yes' : '',
    ...moreCrmValues({ dataverse }, id, row),
  };
  for (const child of store.table('cosell_opportunitysolution').referencing('cosell_opportunityid', id)) {
    const solution = store.get('cosell_opportunitysolution', child)?.values['cosell_solutionid'];
    const solutionId = store.get('cosell_solution', String(solution))?.values['cosell_solutionidentifier'];
    if (solutionId) values[`solution ${String(solutionId)}`] = 'yes';
  }
  const people = new Set<string>([String(row['ownerid'] ?? '')]);
  for (const child of store.table('connection').referencing('record1id', id))
    people.add(String(store.get('connection', child)?.values['record2id'] ?? ''));
  for (const person of people) {
    const email = store.get('systemuser', person)?.values['internalemailaddress'];
    if (email) values[`member ${String(email).toLowerCase()}`] = 'yes';
  }
  return values;
}

export function partnerCenterValues(referral: Referral): Values {
  const { details } = referral;
  const values: Record<string, string> = {
    name: (referral.name ?? '').trim(),
    dealValue: details.dealValue == null ? '' : `${Number(details.dealValue)} ${String(details.currency)}`,
    closeDate: String(details.closingDateTime ?? '').slice(0, 10),
    dealNotes: details.notes ?? '',
    visibility: referral.consent.consentToShareReferralWithMicrosoftSellers ? 'yes' : '',
    ...morePartnerCenterValues(referral),
  };
  for (const { id } of details.requirements.solutions) values[`solution ${id}`] = 'yes';
  for (const { email } of referral.team) if (email) values[`member ${email.toLowerCase()}`] = 'yes';
  return values;
}
