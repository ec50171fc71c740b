/**
 * Opportunity, its product lines and its closing activity, out of the box.
 *
 * Data only. Sources: Microsoft Learn, "Opportunity table/entity reference" (columns, lengths,
 * choices, states), Common Data Model `Opportunity.cdm.json` (lengths). Columns
 * that the connector has no use for are left out, so using them is refused by name.
 */
import {
  choice,
  day,
  dateTime,
  decimal,
  defineTable,
  integer,
  lookup,
  memo,
  money,
  parental,
  readOnly,
  states,
  text,
  yesNo,
  type TableDefinition,
} from './columns';
import { currencyColumns, ownerLookups, standardColumns, standardLookups } from './system-columns';

const trillion = 1_000_000_000_000;
const mediumMemo = 2000;

export const opportunity = (): TableDefinition =>
  defineTable({
    name: 'opportunity',
    label: 'Opportunity',
    setName: 'opportunities',
    nameColumn: 'name',
    objectTypeCode: 3,
    ownership: 'UserOwned',
    changeTracking: true,
    columns: [
      text('name', 300, { required: 'ApplicationRequired', label: 'Topic' }),
      memo('description', mediumMemo, { label: 'Description' }),
      money('estimatedvalue', -trillion, trillion, { label: 'Est. revenue' }),
      money('actualvalue', -trillion, trillion, { label: 'Actual Revenue' }),
      money('budgetamount', 0, trillion, { label: 'Budget Amount' }),
      // Computed from the product lines. "totalamount" isn't valid for create; here none of them is writable.
      money('totalamount', -trillion, trillion, { ...readOnly, label: 'Total Amount' }),
      money('totallineitemamount', -trillion, trillion, { ...readOnly, label: 'Total Detail Amount' }),
      yesNo('isrevenuesystemcalculated', false, { label: 'Revenue' }),
      day('estimatedclosedate', { label: 'Est. close date' }),
      day('actualclosedate', { label: 'Actual Close Date' }),
      day('finaldecisiondate', { label: 'Final Decision Date' }),
      integer('closeprobability', 0, 100, { label: 'Probability' }),
      ...states(
        [
          { value: 0, label: 'Open', defaultStatus: 1 },
          { value: 1, label: 'Won', defaultStatus: 3 },
          { value: 2, label: 'Lost', defaultStatus: 4 },
        ],
        [
          { value: 1, label: 'In Progress', state: 0 },
          { value: 2, label: 'On Hold', state: 0 },
          { value: 3, label: 'Won', state: 1 },
          { value: 4, label: 'Canceled', state: 2 },
          { value: 5, label: 'Out-Sold', state: 2 },
        ],
      ),
      choice('salesstage', { 0: 'Qualify', 1: 'Develop', 2: 'Propose', 3: 'Close' }, { label: 'Sales Stage' }),
      choice('salesstagecode', { 1: 'Default Value' }, { label: 'Process Code' }),
      choice('opportunityratingcode', { 1: 'Hot', 2: 'Warm', 3: 'Cold' }, { label: 'Rating' }),
      text('stepname', 200, { label: 'Pipeline Phase' }),
      memo('customerneed', mediumMemo, { label: 'Customer Need' }),
      memo('currentsituation', mediumMemo, { label: 'Current Situation' }),
      memo('proposedsolution', mediumMemo, { label: 'Proposed Solution' }),
      memo('customerpainpoints', mediumMemo, { label: 'Customer Pain Points' }),
      memo('qualificationcomments', mediumMemo, { label: 'Qualification Comments' }),
      text('emailaddress', 100, { label: 'Email Address' }),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup(
        'customerid',
        [
          { table: 'account', relationship: 'opportunity_customer_accounts', cascades: parental },
          { table: 'contact', relationship: 'opportunity_customer_contacts', cascades: parental },
        ],
        { required: 'ApplicationRequired', label: 'Potential Customer' },
      ),
      lookup('parentaccountid', [{ table: 'account', relationship: 'opportunity_parent_account' }], {
        label: 'Account',
      }),
      lookup('parentcontactid', [{ table: 'contact', relationship: 'opportunity_parent_contact' }], {
        label: 'Contact',
      }),
      lookup(
        'transactioncurrencyid',
        [{ table: 'transactioncurrency', relationship: 'transactioncurrency_opportunity' }],
        {
          required: 'ApplicationRequired',
          label: 'Currency',
        },
      ),
      lookup('originatingleadid', [{ table: 'lead', relationship: 'opportunity_originating_lead' }], {
        validForUpdate: false,
        label: 'Originating Lead',
      }),
      lookup('campaignid', [{ table: 'campaign', relationship: 'campaign_opportunities' }], {
        label: 'Source Campaign',
      }),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

/** The simple kind only: written-in price and quantity, no price lists. */
export const opportunityproduct = (): TableDefinition =>
  defineTable({
    name: 'opportunityproduct',
    label: 'Opportunity Product',
    setName: 'opportunityproducts',
    nameColumn: 'productdescription',
    objectTypeCode: 1083,
    ownership: 'None',
    columns: [
      text('productdescription', 500, { label: 'Write-In Product' }),
      yesNo('isproductoverridden', false),
      yesNo('ispriceoverridden', false),
      money('priceperunit', 0, trillion),
      decimal('quantity', -100_000_000_000, 100_000_000_000, { precision: 5 }),
      money('baseamount', -trillion, trillion, readOnly),
      money('extendedamount', -trillion, trillion, readOnly),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup(
        'opportunityid',
        [
          {
            table: 'opportunity',
            relationship: 'product_opportunities',
            collection: 'product_opportunities',
            cascades: parental,
          },
        ],
        { required: 'SystemRequired' },
      ),
      lookup(
        'transactioncurrencyid',
        [{ table: 'transactioncurrency', relationship: 'transactioncurrency_opportunityproduct' }],
        readOnly,
      ),
      ...standardLookups(),
    ],
  });

/** Written by WinOpportunity and LoseOpportunity (Microsoft Learn: "OpportunityClose table reference"). */
export const opportunityclose = (): TableDefinition =>
  defineTable({
    name: 'opportunityclose',
    label: 'Opportunity Close',
    setName: 'opportunitycloses',
    idColumn: 'activityid',
    nameColumn: 'subject',
    objectTypeCode: 4208,
    ownership: 'UserOwned',
    activity: true,
    columns: [
      text('subject', 400, { label: 'Subject' }),
      memo('description', mediumMemo, { label: 'Description' }),
      money('actualrevenue', 0, 1_000_000_000_000_000, { label: 'Actual Revenue' }),
      dateTime('actualend', { format: 'DateOnly', label: 'Close Date' }),
      dateTime('actualstart', { format: 'DateOnly' }),
      choice('opportunitystatecode', { 0: 'Open', 1: 'Won', 2: 'Lost' }),
      choice('opportunitystatuscode', { 1: 'In Progress', 2: 'On Hold', 3: 'Won', 4: 'Canceled', 5: 'Out-Sold' }),
      ...states(
        [
          { value: 0, label: 'Open', defaultStatus: 1 },
          { value: 1, label: 'Completed', defaultStatus: 2 },
          { value: 2, label: 'Canceled', defaultStatus: 3 },
        ],
        [
          { value: 1, label: 'Open', state: 0 },
          { value: 2, label: 'Completed', state: 1 },
          { value: 3, label: 'Canceled', state: 2 },
        ],
      ),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup('opportunityid', [
        {
          table: 'opportunity',
          relationship: 'Opportunity_OpportunityClose',
          collection: 'Opportunity_OpportunityClose',
          cascades: parental,
        },
      ]),
      lookup('transactioncurrencyid', ['transactioncurrency']),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });
