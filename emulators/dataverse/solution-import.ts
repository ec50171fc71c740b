/**
 * Installs a managed solution: the same steps for ImportSolutionAsync, StageSolution's check and
 * the direct call. All or nothing, as far as the schema goes: everything is read and checked first.
 *
 * Sources: Microsoft Learn "Work with solutions using the asynchronous solution APIs", "Missing
 * dependencies"; error codes 0x80048033 and 0x8004801d.
 */
import type { Element } from '@xmldom/xmldom';
import { dependenciesMissing, importFailed } from './errors';
import type { RoleDefinition } from './metadata';
import type { Records } from './records';
import { missingDependencies } from './solution-dependencies';
import { planOf, type Plan } from './solution-plan';
import { attribute, child, labelOf, readSolution, textIn, type SolutionFiles } from './solution-read';
import { checkKeys } from './solution-tables';
import type { Changes, Table } from './types';
import type { Caller } from './world';

export function importSolution(records: Records, caller: Caller, zip: Uint8Array): void {
  const files = readSolution(zip);
  const missing = missingDependencies(files, records.world);
  if (missing.length > 0) throw dependenciesMissing(missing);
  refuseOlder(files, records);
  const plan = planOf(files, records.world.metadata);
  install(plan, records);
  records.world.store.transaction(() => {
    installSolutionRow(files, records, caller);
    for (const role of plan.roles) installRole(role, records, caller);
    for (const variable of files.variables) installVariable(variable, records, caller);
  });
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
  for (const { name, columns, keys } of plan.extensions) {
    const table = metadata.mustHave(name);
    for (const column of columns) if (column.custom) table.columns.set(column.name, column);
    checkKeys(keys, name, new Set(table.columns.keys()));
    for (const key of keys) table.keys.set(key.name, key);
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
