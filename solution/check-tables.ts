/**
 * Rules of a table as a whole: names, key and name column, system columns, alternate keys.
 */
import type { Check, Report } from './check';
import { tablesOf, type TableElement } from './package';
import { attr, child, children, text } from './xml';

/** Every export of a table carries these; that the server makes those left out is not documented. */
const systemColumns = [
  'createdby',
  'createdon',
  'createdonbehalfby',
  'importsequencenumber',
  'modifiedby',
  'modifiedon',
  'modifiedonbehalfby',
  'overriddencreatedon',
  'statecode',
  'statuscode',
  'timezoneruleversionnumber',
  'utcconversiontimezonecode',
];
const ownerColumns: Readonly<Record<string, readonly string[]>> = {
  UserOwned: ['ownerid', 'owningbusinessunit', 'owningteam', 'owninguser'],
  OrgOwned: ['organizationid'],
};

/** Column types that a key may have (Microsoft Learn: "Define alternate keys for a table"). */
const keyTypes = ['nvarchar', 'int', 'decimal', 'datetime', 'lookup', 'picklist'];
const keyBytes: Readonly<Record<string, number>> = { int: 4, decimal: 16, datetime: 8, lookup: 16, picklist: 4 };
const maxKeys = 10;
const maxKeyBytes = 900;

export const checkTables: Check = (pkg, report) => {
  const seen = new Map<string, TableElement>();
  const sets = new Map<string, string>();
  for (const table of tablesOf(pkg)) {
    const { name, entity, element } = table;
    if (seen.has(name.toLowerCase())) report('TABLE_TWICE', element, `${name} is in the package twice`);
    seen.set(name.toLowerCase(), table);
    if (entity && attr(entity, 'Name') !== name) {
      report('NAME_CASING', element, `Name says ${name}, entity says ${attr(entity, 'Name') ?? 'nothing'}`);
    }
    if (!table.own) {
      const extra = children(entity).filter((e) => e.nodeName !== 'attributes');
      if (extra.length > 0) {
        report(
          'SHELL_WITH_METADATA',
          element,
          `${name} is not ours, so it may hold columns only, not ${extra[0]?.nodeName}`,
        );
      }
      continue;
    }
    const set = text(entity, 'EntitySetName') ?? '';
    if (!/^[a-z][a-z0-9_]*$/.test(set))
      report('ENTITY_SET_NAME', element, `${name} has entity set name ${set || 'none'}`);
    if (sets.has(set)) report('ENTITY_SET_NAME', element, `${name} and ${sets.get(set)} both have ${set}`);
    sets.set(set, name);
    checkOwnColumns(table, report);
    checkKeys(table, report);
  }
};

function checkOwnColumns(table: TableElement, report: Report): void {
  const { name, element, entity, columns } = table;
  const keys = columns.filter((column) => text(column, 'Type') === 'primarykey');
  if (keys.length !== 1 || text(keys[0], 'LogicalName') !== `${name.toLowerCase()}id`) {
    report('PRIMARY_KEY', element, `${name} needs exactly one primary key column, called ${name.toLowerCase()}id`);
  }
  const names = columns.filter((column) => text(column, 'DisplayMask')?.split('|').includes('PrimaryName'));
  if (names.length !== 1 || text(names[0], 'Type') !== 'nvarchar') {
    report(
      'PRIMARY_NAME',
      element,
      `${name} has ${names.length} columns with PrimaryName in DisplayMask, it needs one of type nvarchar`,
    );
  }
  const ownership = text(entity, 'OwnershipTypeMask') ?? '';
  const owner = ownerColumns[ownership];
  if (!owner)
    report('OWNERSHIP', element, `${name} is ${ownership || 'without ownership'}, it must be UserOwned or OrgOwned`);
  const present = new Set(columns.map((column) => text(column, 'LogicalName')));
  const absent = [...systemColumns, ...(owner ?? [])].filter((column) => !present.has(column));
  if (absent.length > 0) report('SYSTEM_COLUMN_MISSING', element, `${name} lacks ${absent.join(', ')}`);
}

function checkKeys(table: TableElement, report: Report): void {
  const keys = children(child(table.entity, 'EntityKeys'), 'EntityKey');
  if (keys.length > maxKeys)
    report('KEY_SHAPE', table.element, `${table.name} has ${keys.length} keys, at most ${maxKeys} are allowed`);
  const columns = new Map(table.columns.map((column) => [text(column, 'LogicalName'), column]));
  const names = new Set<string>();
  for (const key of keys) {
    const name = text(key, 'LogicalName') ?? '';
    if (!name || name !== text(key, 'Name')?.toLowerCase())
      report('KEY_SHAPE', key, `key ${name || 'without name'}: LogicalName must be Name in lower case`);
    if (names.has(name)) report('KEY_SHAPE', key, `key ${name} is there twice`);
    names.add(name);
    let bytes = 0;
    const parts = children(child(key, 'EntityKeyAttributes')).map((part) => part.textContent?.trim() ?? '');
    if (parts.length === 0) report('KEY_SHAPE', key, `key ${name} has no columns`);
    for (const part of parts) {
      const column = columns.get(part);
      const type = text(column, 'Type') ?? '';
      if (!column) report('KEY_COLUMN_MISSING', key, `key ${name} names ${part}, which ${table.name} does not have`);
      else if (!keyTypes.includes(type))
        report('KEY_SHAPE', key, `key ${name}: a column of type ${type} cannot be in a key`);
      bytes += keyBytes[type] ?? Number(text(column, 'MaxLength') ?? 0) * 2;
    }
    if (bytes > maxKeyBytes)
      report('KEY_SHAPE', key, `key ${name} is ${bytes} bytes long, at most ${maxKeyBytes} are allowed`);
  }
}
