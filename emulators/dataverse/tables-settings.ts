/**
 * Currencies, the organization, settings, solutions and system jobs, out of the box.
 *
 * Data only. Sources: Microsoft Learn table references (TransactionCurrency, Organization, EnvironmentVariableDefinition, EnvironmentVariableValue, Solution, Publisher,
 * AsyncOperation) and classes generated from a real organization for lengths.
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
  parental,
  readOnly,
  states,
  text,
  yesNo,
  type TableDefinition,
} from './columns';
import { ownerLookups, standardColumns, standardLookups } from './system-columns';

export const transactioncurrency = (): TableDefinition =>
  defineTable({
    name: 'transactioncurrency',
    label: 'Currency',
    setName: 'transactioncurrencies',
    nameColumn: 'currencyname',
    objectTypeCode: 9105,
    ownership: 'OrganizationOwned',
    columns: [
      text('isocurrencycode', 5, { required: 'SystemRequired', validForUpdate: false }),
      text('currencyname', 100, { required: 'SystemRequired' }),
      text('currencysymbol', 10, { required: 'SystemRequired' }),
      integer('currencyprecision', 0, 10, { required: 'SystemRequired' }),
      decimal('exchangerate', 0.0000000001, 100_000_000_000, { precision: 10, required: 'SystemRequired' }),
      ...activeInactive(),
      ...standardColumns(),
    ],
    lookups: standardLookups(),
  });

export const organization = (): TableDefinition =>
  defineTable({
    name: 'organization',
    label: 'Organization',
    setName: 'organizations',
    nameColumn: 'name',
    objectTypeCode: 1019,
    ownership: 'None',
    canChangeTrackingBeEnabled: false,
    optimisticConcurrency: false,
    columns: [
      text('name', 160, { required: 'SystemRequired', validForUpdate: false }),
      // Days that deletions stay known: Microsoft Learn, "Use change tracking to synchronize data with external systems"
      integer('expirechangetrackingindays', 0, 365),
      integer('languagecode', 0, 2147483647, readOnly),
      integer('pricingdecimalprecision', 0, 4),
      ...standardColumns(),
    ],
    lookups: [
      lookup('basecurrencyid', [{ table: 'transactioncurrency', relationship: 'basecurrency_organization' }]),
      ...standardLookups(),
    ],
  });

const variableTypes = {
  100000000: 'String',
  100000001: 'Number',
  100000002: 'Boolean',
  100000003: 'JSON',
  100000004: 'Data Source',
  100000005: 'Secret',
};

export const environmentvariabledefinition = (): TableDefinition =>
  defineTable({
    name: 'environmentvariabledefinition',
    label: 'Environment Variable Definition',
    setName: 'environmentvariabledefinitions',
    nameColumn: 'schemaname',
    objectTypeCode: 380,
    ownership: 'UserOwned',
    columns: [
      text('schemaname', 100, { required: 'SystemRequired' }),
      text('displayname', 100),
      memo('description', 2000),
      memo('defaultvalue', 2000),
      memo('valueschema', 2000),
      choice('type', variableTypes, { defaultValue: 100000000 }),
      yesNo('isrequired', false),
      yesNo('ismanaged', false, readOnly),
      ...activeInactive(),
      ...standardColumns(),
    ],
    lookups: [...ownerLookups(), ...standardLookups()],
  });

export const environmentvariablevalue = (): TableDefinition =>
  defineTable({
    name: 'environmentvariablevalue',
    label: 'Environment Variable Value',
    setName: 'environmentvariablevalues',
    nameColumn: 'schemaname',
    objectTypeCode: 381,
    ownership: 'UserOwned',
    columns: [
      text('schemaname', 100, { required: 'SystemRequired' }),
      memo('value', 2000),
      yesNo('ismanaged', false, readOnly),
      ...activeInactive(),
      ...standardColumns(),
    ],
    lookups: [
      lookup(
        'environmentvariabledefinitionid',
        [
          {
            table: 'environmentvariabledefinition',
            relationship: 'environmentvariabledefinition_environmentvariablevalue',
            navigation: 'EnvironmentVariableDefinitionId',
            cascades: parental,
          },
        ],
        { required: 'ApplicationRequired' },
      ),
      ...ownerLookups(),
      ...standardLookups(),
    ],
  });

export const solution = (): TableDefinition =>
  defineTable({
    name: 'solution',
    label: 'Solution',
    setName: 'solutions',
    nameColumn: 'friendlyname',
    objectTypeCode: 7100,
    ownership: 'OrganizationOwned',
    columns: [
      text('uniquename', 65, { required: 'SystemRequired' }),
      text('friendlyname', 256, { required: 'SystemRequired' }),
      text('version', 256, { required: 'SystemRequired' }),
      memo('description', 2000),
      yesNo('ismanaged', false),
      yesNo('isvisible', true),
      dateTime('installedon', readOnly),
      ...standardColumns(),
    ],
    lookups: [
      lookup('publisherid', [{ table: 'publisher', relationship: 'publisher_solution' }]),
      ...standardLookups(),
    ],
  });

export const publisher = (): TableDefinition =>
  defineTable({
    name: 'publisher',
    label: 'Publisher',
    setName: 'publishers',
    nameColumn: 'friendlyname',
    objectTypeCode: 7101,
    ownership: 'OrganizationOwned',
    columns: [
      text('uniquename', 256, { required: 'SystemRequired' }),
      text('friendlyname', 256, { required: 'SystemRequired' }),
      text('customizationprefix', 8),
      integer('customizationoptionvalueprefix', 10000, 99999),
      ...standardColumns(),
    ],
    lookups: standardLookups(),
  });

export const asyncoperation = (): TableDefinition =>
  defineTable({
    name: 'asyncoperation',
    label: 'System Job',
    setName: 'asyncoperations',
    nameColumn: 'name',
    objectTypeCode: 4700,
    ownership: 'UserOwned',
    columns: [
      text('name', 256),
      memo('message', 1_000_000),
      memo('friendlymessage', 1_000_000),
      integer('errorcode', -2147483648, 2147483647),
      ...states(
        [
          { value: 0, label: 'Ready', defaultStatus: 0 },
          { value: 1, label: 'Suspended', defaultStatus: 10 },
          { value: 2, label: 'Locked', defaultStatus: 20 },
          { value: 3, label: 'Completed', defaultStatus: 30 },
        ],
        [
          { value: 0, label: 'Waiting For Resources', state: 0 },
          { value: 10, label: 'Waiting', state: 1 },
          { value: 20, label: 'In Progress', state: 2 },
          { value: 30, label: 'Succeeded', state: 3 },
          { value: 31, label: 'Failed', state: 3 },
          { value: 32, label: 'Canceled', state: 3 },
        ],
      ),
      ...standardColumns(),
    ],
    lookups: [...ownerLookups(), ...standardLookups()],
  });
