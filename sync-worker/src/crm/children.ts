/**
 * A record's solutions and people as rows: what to add, change and remove. Pure.
 *
 * A child of a record has no part in the record's version, so a seller may have added or removed one since the change
 * was planned. What the plan did not know of stays, and what it knew and is gone is not made again: the feed tells of
 * both, and the next look takes them over. What the plan knew and a seller has edited since is not written over either:
 * each row is guarded by its own version.
 *
 * Rows that we make have ids derived from the record and what they stand for (child-ids.ts), so that making one twice
 * fails instead of doubling it.
 */
import { personKey, sameSolution, solutionKey } from '../../../domain/normalise';
import type { Person, Solution } from '../../../domain/deal';
import type { RecordRef } from '../ports';
import type { Operation } from './batch';
import type { ChildIds } from './child-ids';
import type { Environment } from './environment';
import { tables } from './generated/schema';
import { bounded } from './link-row';
import { asObject, etagOf, expanded, rowPath, textOf, type Row } from './odata';
import { contactPerson, userPerson } from './people';
import { decimalOf } from './record-columns';

export interface ChildContext {
  readonly environment: Environment;
  readonly childIds: ChildIds;
}

export interface SolutionRowContext extends ChildContext {
  readonly owner: Readonly<Record<string, string>>;
}

/** A row that ties a solution of the catalogue to an opportunity. */
export function solutionRow(
  ref: RecordRef,
  row: { readonly id: string; readonly solution: Solution; readonly catalogueId: string },
  { environment, owner }: SolutionRowContext,
): Record<string, unknown> {
  const { id, solution, catalogueId } = row;
  const nav = (column: string, target: string): string =>
    `${environment.nav('cosell_opportunitysolution', column, target)}@odata.bind`;
  return {
    cosell_opportunitysolutionid: id,
    cosell_name: bounded(solution.name || solution.id, tables.opportunitysolution.columns.cosell_name.maxLength),
    ...amountsOf(solution),
    [nav('cosell_opportunityid', 'opportunity')]: rowPath(environment.set('opportunity'), ref.id),
    [nav('cosell_solutionid', 'cosell_solution')]: rowPath(environment.set('cosell_solution'), catalogueId),
    ...owner,
  };
}

function amountsOf({ price, quantity }: Solution): Record<string, number | null> {
  return { cosell_price: numberOrNull(price), cosell_quantity: numberOrNull(quantity) };
}

export interface SolutionsContext extends SolutionRowContext {
  /** Ids of catalogue rows by lower-cased solution id. */
  readonly catalogue: ReadonlyMap<string, string>;
  /** The record's solutions as the change was planned; absent: as they are. */
  readonly knew?: readonly Solution[] | undefined;
}

export function solutionChanges(
  ref: RecordRef,
  wanted: readonly Solution[],
  present: readonly Row[],
  context: SolutionsContext,
): Operation[] {
  const { environment, childIds, catalogue } = context;
  const knew = context.knew && solutionsByKey(context.knew);
  const set = environment.set('cosell_opportunitysolution');
  const rows = rowsByKey(present);
  const changes: Operation[] = [];
  const seen = new Set<string>();
  for (const solution of wanted) {
    const key = solutionKey(solution);
    if (key === '' || seen.has(key)) continue;
    seen.add(key);
    const known = knew?.get(key);
    if (known && sameSolution(solution, known)) continue;
    const row = rows.get(key);
    if (!row) {
      if (known) continue;
      changes.push({
        method: 'POST',
        path: set,
        body: solutionRow(
          ref,
          { id: childIds.of(ref.id, `solution ${key}`), solution, catalogueId: catalogue.get(key) ?? '' },
          context,
        ),
      });
    } else if (!shows(row, solution)) {
      changes.push({
        method: 'PATCH',
        path: rowPath(set, textOf(row, 'cosell_opportunitysolutionid')),
        headers: guard(row),
        body: amountsOf(solution),
      });
    }
  }
  for (const [key, row] of rows) {
    if (!seen.has(key) && (!knew || knew.has(key)))
      changes.push({
        method: 'DELETE',
        path: rowPath(set, textOf(row, 'cosell_opportunitysolutionid')),
        headers: guard(row),
      });
  }
  return changes;
}

/** Has a seller edited a row since the change was planned? What he wrote was not heard then. */
export function editedSince(knew: readonly Solution[], present: readonly Row[]): boolean {
  const rows = rowsByKey(present);
  return [...solutionsByKey(knew)].some(([key, solution]) => {
    const row = rows.get(key);
    return row !== undefined && !shows(row, solution);
  });
}

function solutionsByKey(solutions: readonly Solution[]): Map<string, Solution> {
  return new Map(solutions.map((solution) => [solutionKey(solution), solution]));
}

function rowsByKey(present: readonly Row[]): Map<string, Row> {
  return new Map(
    present.map((row) => [
      textOf(expanded(row, 'cosell_solutionid'), 'cosell_solutionidentifier').trim().toLowerCase(),
      row,
    ]),
  );
}

function shows(row: Row, solution: Solution): boolean {
  const [price, quantity] = [decimalOf(row['cosell_price']), decimalOf(row['cosell_quantity'])];
  return sameSolution(solution, { ...solution, price, quantity });
}

function guard(row: Row): Record<string, string> {
  return { 'If-Match': etagOf(row) || '*' };
}

function numberOrNull(text: string | null): number | null {
  return text === null || text === '' ? null : Number(text);
}

export type PersonKind = 'user' | 'contact';

export interface PeopleContext extends ChildContext {
  /** Ids of users or contacts by the person's key; people without id are left out. */
  readonly ids: Readonly<Record<string, string>>;
  /** Keys of those who are on the record without a connection: its owner, its primary contact. */
  readonly implied: ReadonlySet<string>;
  /** The people as the change was planned; absent: as they are. */
  readonly knew?: readonly Person[] | undefined;
}

/** Connections of a record to users (sales team) or contacts (stakeholders). */
export function connectionChanges(
  ref: RecordRef,
  kind: PersonKind,
  wanted: readonly Person[],
  present: readonly Row[],
  context: PeopleContext,
): Operation[] {
  const { environment, ids, implied } = context;
  const role = kind === 'user' ? environment.salesTeamRole : environment.stakeholderRole;
  const category = kind === 'user' ? 1001 : 1000;
  const set = environment.set('connection');
  const knew = context.knew && new Set(context.knew.map(personKey));
  // A person may be there in several roles.
  const rows = present
    .filter(
      (row) => asObject(row[kind]) !== undefined && Array.isArray(row['roles']) && row['roles'].includes(category),
    )
    .map((row) => [personKey(personIn(row, kind)), row] as const);
  const there = new Set(rows.map(([key]) => key));
  // One contact may be meant by two addresses: his own, and that of a contact that was merged into him.
  const names = new Set(wanted.map(personKey));
  const stays = (key: string): boolean => names.has(key) || (knew !== undefined && !knew.has(key));
  const linked = new Set(rows.filter(([key]) => stays(key)).map(([, row]) => idIn(row, kind)));
  const changes: Operation[] = [];
  const seen = new Set<string>();
  for (const person of wanted) {
    const key = personKey(person);
    const id = ids[key];
    if (seen.has(key)) continue;
    seen.add(key);
    if (there.has(key) || knew?.has(key) || implied.has(key) || !id || role === null) continue;
    if (linked.has(id)) continue;
    linked.add(id);
    changes.push({ method: 'POST', path: set, body: connectionRow(ref, kind, id, role, context) });
  }
  for (const [key, row] of rows) {
    if (!stays(key)) changes.push({ method: 'DELETE', path: rowPath(set, textOf(row, 'connectionid')) });
  }
  return changes;
}

export function connectionRow(
  ref: RecordRef,
  kind: PersonKind,
  id: string,
  role: string,
  { environment, childIds }: ChildContext,
): Record<string, unknown> {
  const table = kind === 'user' ? 'systemuser' : 'contact';
  const bind = (column: string, target: string, to: string): Record<string, string> => ({
    [`${environment.nav('connection', column, target)}@odata.bind`]: rowPath(environment.set(target), to),
  });
  return {
    connectionid: childIds.of(ref.id, `${kind} ${id}`),
    ...bind('record1id', ref.type, ref.id),
    ...bind('record2id', table, id),
    ...bind('record2roleid', 'connectionrole', role),
  };
}

function idIn(row: Row, kind: PersonKind): string {
  return textOf(expanded(row, kind), kind === 'user' ? 'systemuserid' : 'contactid').toLowerCase();
}

function personIn(row: Row, kind: PersonKind): Person {
  return (kind === 'user' ? userPerson : contactPerson)(expanded(row, kind) ?? {});
}
