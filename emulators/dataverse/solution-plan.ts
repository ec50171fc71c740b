/**
 * What a solution will bring to an organization's schema, all of it read and checked before any of it is installed.
 *
 * A plan follows from the zip and from the tables that are there. It is kept as text and read anew for each import,
 * because tests import the same zip a thousand times: whoever changes an organization's schema changes no other's.
 */
import type { Element } from '@xmldom/xmldom';
import { keptText } from '../kit/kept-texts';
import type { TableDefinition } from './columns';
import { importFailed } from './errors';
import type { GlobalChoice, Metadata, RoleDefinition } from './metadata';
import { readGlobalChoice } from './solution-columns';
import { all, attribute, type SolutionFiles } from './solution-read';
import { columnsOf, entityOf, listedKeys, readRelationship, readTable, tieLookups } from './solution-tables';
import type { AlternateKey, Column, Relationship } from './types';

/** What comes to a table that is there already. */
interface Extension {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly AlternateKey[];
}

export interface Plan {
  readonly choices: readonly GlobalChoice[];
  readonly tables: readonly TableDefinition[];
  readonly extensions: readonly Extension[];
  readonly relationships: readonly Relationship[];
  readonly roles: readonly RoleDefinition[];
}

export function planOf(files: SolutionFiles, metadata: Metadata): Plan {
  // Choices of another solution count as well; their texts are not worth comparing.
  if (metadata.globalChoices.size > 0) return makePlan(files.customizations, metadata);
  const tables = [...metadata.tables.values()].map(({ name, custom }) => (custom ? `${name}*` : name));
  const text = keptText(`plan of solution ${files.hash} for ${tables.join()}`, () =>
    textOf(makePlan(files.customizations, metadata)),
  );
  return planIn(text);
}

/** JSON knows no maps, so each stands as its entries. */
export function textOf(plan: Plan): string {
  return JSON.stringify(plan, (_name, value: unknown) => (value instanceof Map ? [...value] : value));
}

interface Entries {
  readonly tables: readonly { readonly table: { columns: unknown; keys: unknown } }[];
  readonly roles: readonly { privileges: unknown }[];
}

export function planIn(text: string): Plan {
  const plan = JSON.parse(text) as Entries;
  const map = (entries: unknown): Map<unknown, unknown> => new Map(entries as [unknown, unknown][]);
  for (const { table } of plan.tables) {
    table.columns = map(table.columns);
    table.keys = map(table.keys);
  }
  for (const role of plan.roles) role.privileges = map(role.privileges);
  return plan as unknown as Plan;
}

export function makePlan(root: Element, metadata: Metadata): Plan {
  const choices = all(root, 'optionsets', 'optionset').map(readGlobalChoice);
  const known = new Map([...metadata.globalChoices, ...choices.map((each) => [each.name, each] as const)]);
  const relationships = all(root, 'EntityRelationships', 'EntityRelationship').map(readRelationship);
  const entities = all(root, 'Entities', 'Entity').map((source) => ({ source, ...entityOf(source) }));
  const isNew = (name: string): boolean => metadata.table(name)?.custom ?? true;
  const fresh = entities.filter((each) => isNew(each.name));
  const tables = fresh.map(({ source }, at) => readTable(source, known, 10_000 + metadata.tables.size + at));
  const extensions = entities
    .filter((each) => !isNew(each.name))
    .map(({ name, entity }) => ({ name, columns: columnsOf(entity, name, known), keys: listedKeys(entity) }));
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
