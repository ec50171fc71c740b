/**
 * Account, contact, connection, connection role and note, out of the box.
 *
 * Data only. Sources: Microsoft Learn, "Account", "Contact", "Connection", "Annotation" table
 * references; Common Data Model files for lengths. The navigation names of a connection's two ends
 * follow the naming rule of polymorphic lookups (UNVERIFIED for each table).
 */
import {
  activeInactive,
  choice,
  dateTime,
  decimal,
  defineTable,
  integer,
  lookup,
  memo,
  money,
  parental,
  readOnly,
  text,
  yesNo,
  type LookupSpec,
  type TableDefinition,
} from './columns';
import { currencyColumns, ownerLookups, standardColumns, standardLookups } from './system-columns';
import type { Column } from './types';

export function addressColumns(): Column[] {
  return [
    text('address1_line1', 250),
    text('address1_line2', 250),
    text('address1_line3', 250),
    text('address1_city', 80),
    text('address1_stateorprovince', 50),
    text('address1_postalcode', 20),
    text('address1_country', 80),
    memo('address1_composite', 1000, readOnly),
  ];
}

export const account = (): TableDefinition =>
  defineTable({
    name: 'account',
    label: 'Account',
    setName: 'accounts',
    nameColumn: 'name',
    objectTypeCode: 1,
    ownership: 'UserOwned',
    changeTracking: true,
    bulk: ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'],
    columns: [
      text('name', 160, { required: 'ApplicationRequired', label: 'Account Name' }),
      text('accountnumber', 20, { label: 'Account Number' }),
      text('telephone1', 50, { label: 'Main Phone' }),
      text('emailaddress1', 100, { label: 'Email' }),
      text('websiteurl', 200, { label: 'Website', format: 'Url' }),
      memo('description', 2000, { label: 'Description' }),
      money('revenue', 0, 100_000_000_000_000, { label: 'Annual Revenue' }),
      money('creditlimit', 0, 100_000_000_000_000, { label: 'Credit Limit' }),
      yesNo('creditonhold', false, { label: 'Credit Hold' }),
      integer('numberofemployees', 0, 1_000_000_000, { label: 'Number of Employees' }),
      choice('industrycode', {
        1: 'Accounting',
        2: 'Agriculture and Non-petrol Natural Resource Extraction',
        7: 'Consulting',
      }),
      decimal('address1_latitude', -90, 90, { precision: 5 }),
      decimal('address1_longitude', -180, 180, { precision: 5 }),
      text('sic', 20),
      text('tickersymbol', 10),
      ...addressColumns(),
      yesNo('merged', false, { ...readOnly, label: 'Merged' }),
      ...activeInactive(),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup('primarycontactid', [{ table: 'contact', relationship: 'account_primary_contact' }]),
      lookup('parentaccountid', [{ table: 'account', relationship: 'account_parent_account' }]),
      lookup('masterid', [{ table: 'account', relationship: 'account_master_account' }], readOnly),
      lookup('transactioncurrencyid', [{ table: 'transactioncurrency', relationship: 'transactioncurrency_account' }]),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

export const contact = (): TableDefinition =>
  defineTable({
    name: 'contact',
    label: 'Contact',
    setName: 'contacts',
    nameColumn: 'fullname',
    objectTypeCode: 2,
    ownership: 'UserOwned',
    changeTracking: true,
    bulk: ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'],
    columns: [
      text('firstname', 50, { required: 'Recommended', label: 'First Name' }),
      text('lastname', 50, { required: 'ApplicationRequired', label: 'Last Name' }),
      text('fullname', 160, { ...readOnly, label: 'Full Name' }),
      text('emailaddress1', 100, { label: 'Email' }),
      text('telephone1', 50, { label: 'Business Phone' }),
      text('mobilephone', 50, { label: 'Mobile Phone' }),
      text('jobtitle', 100, { label: 'Job Title' }),
      memo('description', 2000, { label: 'Description' }),
      ...addressColumns(),
      yesNo('merged', false, { ...readOnly, label: 'Merged' }),
      ...activeInactive(),
      ...currencyColumns(),
      ...standardColumns(),
    ],
    lookups: [
      lookup(
        'parentcustomerid',
        [
          { table: 'account', relationship: 'contact_customer_accounts', cascades: parental },
          { table: 'contact', relationship: 'contact_customer_contacts', cascades: parental },
        ],
        { label: 'Company Name' },
      ),
      lookup('masterid', [{ table: 'contact', relationship: 'contact_master_contact' }], readOnly),
      lookup('transactioncurrencyid', [{ table: 'transactioncurrency', relationship: 'transactioncurrency_contact' }]),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

export const annotation = (): TableDefinition =>
  defineTable({
    name: 'annotation',
    label: 'Note',
    setName: 'annotations',
    nameColumn: 'subject',
    objectTypeCode: 5,
    ownership: 'UserOwned',
    changeTracking: true,
    bulk: [],
    columns: [
      text('subject', 500),
      memo('notetext', 100_000),
      yesNo('isdocument', false),
      text('filename', 255),
      text('mimetype', 256),
      ...standardColumns(),
    ],
    lookups: [
      lookup(
        'objectid',
        ['account', 'contact', 'lead', 'opportunity'].map((table) => ({
          table,
          relationship: `${capital(table)}_Annotation`,
          cascades: parental,
        })),
      ),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

/** Tables that may stand at either end of a connection here. */
export const connectable = ['account', 'contact', 'lead', 'opportunity', 'systemuser', 'team'];

function connectionEnd(end: 1 | 2): LookupSpec {
  return lookup(
    `record${end}id`,
    connectable.map((table) => ({
      table,
      relationship: `${table}_connections${end}`,
      cascades: { ...parental, assign: 'NoCascade', share: 'NoCascade', reparent: 'NoCascade' },
    })),
  );
}

export const connection = (): TableDefinition =>
  defineTable({
    name: 'connection',
    label: 'Connection',
    setName: 'connections',
    nameColumn: 'name',
    objectTypeCode: 3234,
    ownership: 'UserOwned',
    changeTracking: true,
    bulk: [],
    columns: [
      text('name', 500, readOnly),
      memo('description', 2000),
      dateTime('effectivestart', { format: 'DateOnly' }),
      dateTime('effectiveend', { format: 'DateOnly' }),
      yesNo('ismaster', false, readOnly),
      ...activeInactive(),
      ...standardColumns(),
    ],
    lookups: [
      connectionEnd(1),
      connectionEnd(2),
      lookup('record1roleid', [{ table: 'connectionrole', relationship: 'connection_role_connections1' }]),
      lookup('record2roleid', [{ table: 'connectionrole', relationship: 'connection_role_connections2' }]),
      lookup('relatedconnectionid', [{ table: 'connection', relationship: 'connection_related_connection' }], readOnly),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

export const connectionrole = (): TableDefinition =>
  defineTable({
    name: 'connectionrole',
    label: 'Connection Role',
    setName: 'connectionroles',
    nameColumn: 'name',
    objectTypeCode: 3231,
    ownership: 'OrganizationOwned',
    columns: [
      text('name', 100, { required: 'SystemRequired' }),
      memo('description', 2000),
      choice('category', {
        1: 'Business',
        2: 'Family',
        3: 'Social',
        4: 'Sales',
        5: 'Other',
        1000: 'Stakeholder',
        1001: 'Sales Team',
        1002: 'Service',
      }),
      ...activeInactive(),
      ...standardColumns(),
    ],
    lookups: standardLookups(),
  });

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
