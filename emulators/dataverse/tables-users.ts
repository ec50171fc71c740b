/**
 * Users, teams, business units and security roles, out of the box.
 *
 * Data only. Sources: Microsoft Learn table references (SystemUser, Team, BusinessUnit, Role) and
 * classes generated from a real organization for lengths.
 */
import {
  choice,
  defineTable,
  guid,
  integer,
  lookup,
  memo,
  readOnly,
  text,
  yesNo,
  type TableDefinition,
} from './columns';
import { standardColumns, standardLookups } from './system-columns';

export const systemuser = (): TableDefinition =>
  defineTable({
    name: 'systemuser',
    label: 'User',
    setName: 'systemusers',
    nameColumn: 'fullname',
    objectTypeCode: 8,
    ownership: 'BusinessOwned',
    changeTracking: true,
    columns: [
      text('firstname', 64),
      text('lastname', 64),
      text('fullname', 200, readOnly),
      text('internalemailaddress', 100, { required: 'ApplicationRequired' }),
      text('domainname', 1024),
      text('title', 128),
      text('address1_telephone1', 64, { label: 'Main Phone' }),
      text('mobilephone', 64),
      guid('azureactivedirectoryobjectid'),
      guid('applicationid'),
      yesNo('isdisabled', false),
      choice('accessmode', {
        0: 'Read-Write',
        1: 'Administrative',
        2: 'Read',
        3: 'Support User',
        4: 'Non-interactive',
        5: 'Delegated Admin',
      }),
      ...standardColumns(),
    ],
    lookups: [
      lookup('businessunitid', [{ table: 'businessunit', relationship: 'business_unit_system_users' }]),
      lookup('transactioncurrencyid', ['transactioncurrency']),
      ...standardLookups(),
    ],
  });

export const team = (): TableDefinition =>
  defineTable({
    name: 'team',
    label: 'Team',
    setName: 'teams',
    nameColumn: 'name',
    objectTypeCode: 9,
    ownership: 'BusinessOwned',
    columns: [
      text('name', 160, { required: 'ApplicationRequired' }),
      memo('description', 2000),
      text('emailaddress', 100),
      choice('teamtype', { 0: 'Owner', 1: 'Access', 2: 'Security Group', 3: 'Office Group' }, { defaultValue: 0 }),
      ...standardColumns(),
    ],
    lookups: [
      lookup('businessunitid', [{ table: 'businessunit', relationship: 'business_unit_teams' }]),
      ...standardLookups(),
    ],
  });

export const businessunit = (): TableDefinition =>
  defineTable({
    name: 'businessunit',
    label: 'Business Unit',
    setName: 'businessunits',
    nameColumn: 'name',
    objectTypeCode: 10,
    ownership: 'BusinessOwned',
    columns: [text('name', 160, { required: 'ApplicationRequired' }), ...standardColumns()],
    lookups: [lookup('parentbusinessunitid', ['businessunit']), ...standardLookups()],
  });

export const role = (): TableDefinition =>
  defineTable({
    name: 'role',
    label: 'Security Role',
    setName: 'roles',
    nameColumn: 'name',
    objectTypeCode: 1036,
    ownership: 'BusinessOwned',
    columns: [
      text('name', 100, { required: 'SystemRequired' }),
      yesNo('ismanaged', false, readOnly),
      ...standardColumns(),
    ],
    lookups: [
      lookup('businessunitid', [{ table: 'businessunit', relationship: 'business_unit_roles' }]),
      ...standardLookups(),
    ],
  });

/** One row per user, made with it (Microsoft Learn: "UserSettings table reference"). */
export const usersettings = (): TableDefinition =>
  defineTable({
    name: 'usersettings',
    label: 'User Settings',
    setName: 'usersettingscollection',
    idColumn: 'systemuserid',
    nameColumn: 'systemuserid',
    objectTypeCode: 150,
    ownership: 'BusinessOwned',
    optimisticConcurrency: false,
    columns: [
      integer('uilanguageid', 0, 2147483647, { label: 'UI Language' }),
      integer('localeid', 0, 2147483647, { label: 'Format' }),
      integer('timezonecode', -1, 2147483647, { label: 'Time Zone' }),
      ...standardColumns(),
    ],
    lookups: standardLookups(),
  });
