/**
 * Installs a managed solution: the same steps for ImportSolutionAsync, StageSolution's check and
 * the direct call. All or nothing, as far as the schema goes: everything is read and checked first.
 *
 * Sources: Microsoft Learn "Work with solutions using the asynchronous solution APIs", "Missing
 * dependencies"; error codes 0x80048033 and 0x8004801d.
 */
import type { Element } from '@xmldom/xmldom';
import { dependenciesMissing, importFailed } from './errors';
import type { GlobalChoice, Metadata, RoleDefinition } from './metadata';
import type { Records } from './records';
import { readGlobalChoice } from './solution-columns';
import { missingDependencies } from './solution-dependencies';
import { all, attribute, child, labelOf, readSolution, textIn, type SolutionFiles } from './solution-read';
import { columnsOf, entityOf, readKeys, readRelationship, readTable, tieLookups } from './solution-tables';
import type { TableDefinition } from './columns';
import type { Changes, Column, Relationship, Table } from './types';
import type { Caller } from './world';

interface Extension {
  readonly table: Table;
  readonly columns: readonly Column[];
  readonly entity: Element;
}

interface Plan {
  readonly choices: readonly GlobalChoice[];
  readonly tables: readonly TableDefinition[];
  readonly extensions: readonly Extension[];
  readonly relationships: readonly Relationship[];
  readonly roles: readonly RoleDefinition[];
}

export function importSolution(records: Records, caller: Caller, zip: Uint8Array): void {
  const files = readSolution(zip);
  const missing = missingDependencies(files, records.world);
  if (missing.length > 0) throw dependenciesMissing(missing);
  refuseOlder(files, records);
  const plan = makePlan(files, records.world.metadata);
  install(plan, records);
  records.world.store.transaction(() => {
    installSolutionRow(files, records, caller);
    for (const role of plan.roles) installRole(role, records, caller);
    for (const variable of files.variables) installVariable(variable, records, caller);
  });
}

function makePlan(files: SolutionFiles, metadata: Metadata): Plan {
  const root = files.customizations;
  const choices = all(root, 'optionsets', 'optionset').map(readGlobalChoice);
  const known = new Map([...metadata.globalChoices, ...choices.map((each) => [each.name, each] as const)]);
  const relationships = all(root, 'EntityRelationships', 'EntityRelationship').map(readRelationship);
  const entities = all(root, 'Entities', 'Entity').map((source) => ({ source, ...entityOf(source) }));
  const isNew = (name: string): boolean => metadata.table(name)?.custom ?? true;
  const fresh = entities.filter((each) => isNew(each.name));
  const tables = fresh.map(({ source }, at) => readTable(source, known, 10_000 + metadata.tables.size + at));
  const extensions = entities
    .filter((each) => !isNew(each.name))
    .map(({ name, entity }) => ({ table: metadata.mustHave(name), columns: columnsOf(entity, name, known), entity }));
  const names = new Set([...metadata.tables.keys(), ...tables.map((each) => each.table.name)]);
  const own = relationships.filter((each) => isOurs(each, tables));
  for (const each of own) {
    const gone = [each.referencedTable, each.referencingTable].find((name) => !names.has(name));
    if (gone !== undefined) throw importFailed(`Relationship ${each.schemaName}: entity ${gone} doesn't exist`);
  }
  for (const { table } of tables) tieLookups(table, own);
  return { choices, tables, extensions, relationships: own, roles: readRoles(root, names) };
}

/** Relationships of system columns come with the table; those in the zip would only repeat them. */
function isOurs(relationship: Relationship, tables: readonly TableDefinition[]): boolean {
  const table = tables.find((each) => each.table.name === relationship.referencingTable);
  return !table?.relationships.some((each) => each.referencingColumn === relationship.referencingColumn);
}

function install(plan: Plan, { world }: Records): void {
  const { metadata, store } = world;
  for (const choice of plan.choices) metadata.globalChoices.set(choice.name, choice);
  for (const definition of plan.tables) {
    const former = metadata.table(definition.table.name);
    if (former) update(former, definition.table);
    else metadata.add(definition);
    store.addTable(former ?? definition.table);
  }
  for (const { table, columns, entity } of plan.extensions) {
    for (const column of columns) if (column.custom) table.columns.set(column.name, column);
    for (const [name, key] of readKeys(entity, table.name, new Set(table.columns.keys()))) table.keys.set(name, key);
    store.addTable(table);
  }
  for (const relationship of plan.relationships) metadata.addRelationship(relationship);
  for (const role of plan.roles) metadata.roles.set(role.name, role);
  metadata.version += 1;
}

/** A newer version of a table that is there: columns and keys are added or changed, never removed. */
function update(former: Table, next: Table): void {
  for (const [name, column] of next.columns) former.columns.set(name, column);
  for (const [name, key] of next.keys) former.keys.set(name, key);
  // "Once on it can't be turned off" (Microsoft Learn: change tracking).
  former.changeTracking ||= next.changeTracking;
}

function readRoles(root: Element, tables: ReadonlySet<string>): RoleDefinition[] {
  return all(root, 'Roles', 'Role').map((source) => {
    const name = attribute(source, 'name') ?? '';
    const listed = all(source, 'RolePrivileges', 'RolePrivilege').map((each) => {
      const privilege = attribute(each, 'name') ?? '';
      const own = /^prv(?:Create|Read|Write|Delete|AppendTo|Append|Assign|Share)(\w+_\w+)$/.exec(privilege)?.[1];
      if (own && !tables.has(own.toLowerCase()))
        throw importFailed(`Role ${name}: privilege ${privilege} doesn't exist`);
      return [privilege.toLowerCase(), (attribute(each, 'level') ?? 'Basic') as 'Basic'] as const;
    });
    return {
      id: (attribute(source, 'id') ?? '').replace(/[{}]/g, '').toLowerCase(),
      name,
      privileges: new Map(listed),
    };
  });
}

function solutionRow(records: Records, uniqueName: string): { id: string; version: string } | undefined {
  const rows = [...records.world.store.table('solution').rows.values()];
  const found = rows.find((row) => row.values['uniquename'] === uniqueName);
  return found && { id: found.id, version: String(found.values['version']) };
}

function refuseOlder({ manifest }: SolutionFiles, records: Records): void {
  const version = textIn(manifest, 'Version') ?? '';
  if (!/^\d+(\.\d+){1,3}$/.test(version)) throw importFailed(`Solution version '${version}' isn't valid`);
  const present = solutionRow(records, textIn(manifest, 'UniqueName') ?? '');
  if (present && compareVersions(version, present.version) < 0) {
    throw importFailed(`Solution version ${version} is older than the installed ${present.version}`);
  }
}

function installSolutionRow({ manifest }: SolutionFiles, records: Records, caller: Caller): void {
  const uniquename = textIn(manifest, 'UniqueName') ?? '';
  const publisher = child(manifest, 'Publisher');
  const version = textIn(manifest, 'Version') ?? '';
  const present = solutionRow(records, uniquename);
  if (present) return records.update(caller, 'solution', present.id, { version }, { system: true });
  const publisherid = records.create(
    caller,
    'publisher',
    {
      uniquename: textIn(publisher, 'UniqueName') ?? '',
      friendlyname: labelOf(publisher) ?? textIn(publisher, 'UniqueName') ?? '',
      customizationprefix: textIn(publisher, 'CustomizationPrefix') ?? null,
      customizationoptionvalueprefix: Number(textIn(publisher, 'CustomizationOptionValuePrefix')),
    },
    { system: true },
  );
  const ismanaged = textIn(manifest, 'Managed') === '1';
  const friendlyname = labelOf(manifest) ?? uniquename;
  records.create(caller, 'solution', { uniquename, friendlyname, version, ismanaged, publisherid }, { system: true });
}

function installRole(role: RoleDefinition, records: Records, caller: Caller): void {
  if (records.world.store.get('role', role.id)) return;
  records.create(caller, 'role', { roleid: role.id, name: role.name, ismanaged: true }, { system: true });
}

function installVariable(variable: Element, records: Records, caller: Caller): void {
  const schemaname = attribute(variable, 'schemaname');
  if (!schemaname) throw importFailed('An environment variable has no schema name');
  const changes: Changes = {
    schemaname,
    displayname: attribute(child(variable, 'displayname'), 'default') ?? schemaname,
    description: attribute(child(variable, 'description'), 'default') ?? null,
    defaultvalue: textIn(variable, 'defaultvalue') ?? null,
    type: Number(textIn(variable, 'type') ?? '100000000'),
    isrequired: textIn(variable, 'isrequired') === '1',
    ismanaged: true,
  };
  const rows = [...records.world.store.table('environmentvariabledefinition').rows.values()];
  const present = rows.find((row) => row.values['schemaname'] === schemaname);
  if (present) records.update(caller, 'environmentvariabledefinition', present.id, changes, { system: true });
  else records.create(caller, 'environmentvariabledefinition', changes, { system: true });
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let at = 0; at < 4; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
