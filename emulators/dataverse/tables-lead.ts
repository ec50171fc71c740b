/**
 * Lead and campaign, out of the box.
 *
 * Data only. Sources: Common Data Model `Lead.cdm.json`, one customised organization's metadata (see
 * below), Microsoft Learn "Lead entity reference", "Campaign entity reference".
 */
import {
  choice,
  day,
  defineTable,
  double,
  lookup,
  memo,
  money,
  readOnly,
  removeLink,
  states,
  text,
  type TableDefinition,
  yesNo,
} from './columns';
import { currencyColumns, ownerLookups, standardColumns, standardLookups } from './system-columns';
import { addressColumns } from './tables-customer';

const trillion = 1_000_000_000_000;

/** Lengths of subject, first name and description come from one customised organization: UNVERIFIED out of the box. */
export const lead = (): TableDefinition =>
  defineTable({
    name: 'lead',
    label: 'Lead',
    setName: 'leads',
    nameColumn: 'fullname',
    objectTypeCode: 4,
    ownership: 'UserOwned',
    changeTracking: true,
    columns: [
      text('subject', 300, { required: 'ApplicationRequired', label: 'Topic' }),
      text('firstname', 50, { required: 'Recommended', label: 'First Name' }),
      text('lastname', 50, { required: 'ApplicationRequired', label: 'Last Name' }),
      text('fullname', 160, { ...readOnly, label: 'Name' }),
      text('companyname', 100, { required: 'Recommended', label: 'Company Name' }),
      text('jobtitle', 100, { label: 'Job Title' }),
      text('emailaddress1', 100, { label: 'Email' }),
      text('telephone1', 50, { label: 'Business Phone' }),
      text('mobilephone', 20, { label: 'Mobile Phone' }),
      text('websiteurl', 200, { label: 'Website' }),
      memo('description', 2000, { label: 'Description' }),
      money('estimatedamount', 0, trillion, { label: 'Est. Value' }),
      double('estimatedvalue', 0, 1_000_000_000, { label: 'Est. Value (deprecated)' }),
      money('budgetamount', 0, trillion, { label: 'Budget Amount' }),
      day('estimatedclosedate', { label: 'Est. Close Date' }),
      choice('leadqualitycode', { 1: 'Hot', 2: 'Warm', 3: 'Cold' }, { label: 'Rating', defaultValue: 2 }),
      choice(
        'leadsourcecode',
        {
          1: 'Advertisement',
          2: 'Employee Referral',
          3: 'External Referral',
          4: 'Partner',
          5: 'Public Relations',
          6: 'Seminar',
          7: 'Trade Show',
          8: 'Web',
          9: 'Word of Mouth',
          10: 'Other',
        },
        { label: 'Lead Source' },
      ),
      // Set by the Merge message on the record that goes, together with state 2: from memory, UNVERIFIED.
      yesNo('merged', false, { label: 'Merged' }),
      ...addressColumns(),
      ...states(
        [
          { value: 0, label: 'Open', defaultStatus: 1 },
          { value: 1, label: 'Qualified', defaultStatus: 3 },
          { value: 2, label: 'Disqualified', defaultStatus: 4 },
        ],
        [
          { value: 1, label: 'New', state: 0 },
          { value: 2, label: 'Contacted', state: 0 },
          { value: 3, label: 'Qualified', state: 1 },
          { value: 4, label: 'Lost', state: 2 },
          { value: 5, label: 'Cannot Contact', state: 2 },
          { value: 6, label: 'No Longer Interested', state: 2 },
          { value: 7, label: 'Canceled', state: 2 },
        ],
      ),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup('parentaccountid', [{ table: 'account', relationship: 'lead_parent_account' }], {
        label: 'Parent Account',
      }),
      lookup('parentcontactid', [{ table: 'contact', relationship: 'lead_parent_contact' }], {
        label: 'Parent Contact',
      }),
      lookup('customerid', [
        { table: 'account', relationship: 'lead_customer_accounts' },
        { table: 'contact', relationship: 'lead_customer_contacts' },
      ]),
      lookup('qualifyingopportunityid', [
        { table: 'opportunity', relationship: 'lead_qualifying_opportunity', cascades: removeLink },
      ]),
      lookup('transactioncurrencyid', [{ table: 'transactioncurrency', relationship: 'transactioncurrency_lead' }]),
      lookup('campaignid', [{ table: 'campaign', relationship: 'campaign_leads' }]),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

export const campaign = (): TableDefinition =>
  defineTable({
    name: 'campaign',
    label: 'Campaign',
    setName: 'campaigns',
    nameColumn: 'name',
    objectTypeCode: 4400,
    ownership: 'UserOwned',
    columns: [
      text('name', 128, { required: 'ApplicationRequired' }),
      text('codename', 32),
      ...states(
        [
          { value: 0, label: 'Active', defaultStatus: 0 },
          { value: 1, label: 'Inactive', defaultStatus: 4 },
        ],
        [
          { value: 0, label: 'Proposed', state: 0 },
          { value: 1, label: 'Ready To Launch', state: 0 },
          { value: 2, label: 'Launched', state: 0 },
          { value: 3, label: 'Completed', state: 0 },
          { value: 4, label: 'Canceled', state: 1 },
          { value: 5, label: 'Suspended', state: 0 },
        ],
      ),
      ...standardColumns(),
    ],
    lookups: [...ownerLookups(), ...standardLookups()],
  });
