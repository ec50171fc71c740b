/**
 * The organization's schema: tables, relationships, global choices and privileges, out of the box
 * plus whatever solutions were imported.
 *
 * Only knows and looks up; importing and answering metadata requests are others' work.
 */
import { relationshipsOf, type LookupSpec, type TableDefinition } from './columns';
import * as customer from './tables-customer';
import * as leads from './tables-lead';
import * as notifications from './tables-notification';
import * as opportunities from './tables-opportunity';
import * as settings from './tables-settings';
import * as users from './tables-users';
import { addCurrencyBases } from './money-columns';
import { builtInRoles } from './roles-built-in';
import { isLookup, type Column, type Option, type Relationship, type Table } from './types';

export interface GlobalChoice {
  readonly name: string;
  readonly label: string;
  readonly labels?: Readonly<Record<number, string>>;
  readonly options: readonly Option[];
}

export type Depth = 'Basic' | 'Local' | 'Deep' | 'Global';

export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  /** Privilege name in lower case -> depth. */
  readonly privileges: ReadonlyMap<string, Depth>;
}

export class Metadata {
  readonly tables = new Map<string, Table>();
  readonly relationships: Relationship[] = [];
  readonly globalChoices = new Map<string, GlobalChoice>();
  readonly roles = new Map<string, RoleDefinition>();
  /** Moves on with each change, as `globalmetadataversion` does. */
  version = 1;
  private readonly sets = new Map<string, Table>();
  private readonly singles = new Map<string, Relationship>();
  private readonly collections = new Map<string, Relationship>();
  private readonly referenced = new Map<string, Relationship[]>();
  private readonly byColumn = new Map<string, Relationship[]>();
  private readonly byNavigation = new Map<string, Relationship[]>();

  add({ table, relationships }: TableDefinition): void {
    this.tables.set(table.name, table);
    this.sets.set(table.setName, table);
    for (const relationship of relationships) this.addRelationship(relationship);
    this.version += 1;
  }

  addLookup(table: Table, spec: LookupSpec): void {
    table.columns.set(spec.column.name, spec.column);
    for (const relationship of relationshipsOf(table.name, spec)) this.addRelationship(relationship);
    this.version += 1;
  }

  addRelationship(relationship: Relationship): void {
    const { referencingTable, referencingColumn, referencedTable, navigation, collection } = relationship;
    const single = `${referencingTable}/${navigation}/${referencedTable}`;
    const former = this.singles.get(single);
    if (former) this.forget(former);
    this.relationships.push(relationship);
    this.singles.set(single, relationship);
    this.collections.set(`${referencedTable}/${collection}`, relationship);
    push(this.referenced, referencedTable, relationship);
    push(this.byColumn, `${referencingTable}/${referencingColumn}`, relationship);
    push(this.byNavigation, `${referencingTable}/${navigation}`, relationship);
  }

  table(name: string): Table | undefined {
    return this.tables.get(name);
  }

  /** Set names are case sensitive (Microsoft Learn: "Compose HTTP requests and handle errors"). */
  set(setName: string): Table | undefined {
    return this.sets.get(setName);
  }

  mustHave(name: string): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`The emulator has no table ${name}`);
    return table;
  }

  column(table: string, name: string): Column | undefined {
    return this.tables.get(table)?.columns.get(name);
  }

  /** Relationships behind a single-valued navigation property; the owner's has two. */
  single(table: string, navigation: string): readonly Relationship[] {
    return this.byNavigation.get(`${table}/${navigation}`) ?? [];
  }

  collection(table: string, navigation: string): Relationship | undefined {
    return this.collections.get(`${table}/${navigation}`);
  }

  /** 1:N relationships in which this table is the one. */
  childrenOf(table: string): readonly Relationship[] {
    return this.referenced.get(table) ?? [];
  }

  ofColumn(table: string, column: string): readonly Relationship[] {
    return this.byColumn.get(`${table}/${column}`) ?? [];
  }

  navigationOf(table: string, column: string, target: string): string | undefined {
    return this.ofColumn(table, column).find((each) => each.referencedTable === target)?.navigation;
  }

  relationshipsFrom(table: string): Relationship[] {
    const columns = this.tables.get(table)?.columns.values() ?? [];
    return [...columns].filter(isLookup).flatMap((column) => [...this.ofColumn(table, column.name)]);
  }

  private forget(gone: Relationship): void {
    const drop = (list: Relationship[] | undefined): void => {
      const at = list?.indexOf(gone) ?? -1;
      if (at >= 0) list?.splice(at, 1);
    };
    drop(this.relationships);
    drop(this.referenced.get(gone.referencedTable));
    drop(this.byColumn.get(`${gone.referencingTable}/${gone.referencingColumn}`));
    drop(this.byNavigation.get(`${gone.referencingTable}/${gone.navigation}`));
    this.collections.delete(`${gone.referencedTable}/${gone.collection}`);
  }
}

const outOfBox: readonly (() => TableDefinition)[] = [
  ...Object.values(users),
  ...Object.values(settings),
  ...Object.values(notifications),
  customer.account,
  customer.contact,
  customer.annotation,
  customer.connection,
  customer.connectionrole,
  ...Object.values(opportunities),
  ...Object.values(leads),
];

/** A fresh organization with the Sales app. */
export function salesMetadata(): Metadata {
  const metadata = new Metadata();
  for (const define of outOfBox) {
    const definition = define();
    addCurrencyBases(definition.table);
    metadata.add(definition);
  }
  for (const role of builtInRoles()) metadata.roles.set(role.name, role);
  return metadata;
}

function push(map: Map<string, Relationship[]>, key: string, value: Relationship): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
