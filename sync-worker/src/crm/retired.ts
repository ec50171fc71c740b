/**
 * Accounts and contacts that somebody took out of use, and who stands for them now.
 *
 * Merging deactivates the row that goes and names the one that stays (Microsoft Learn: "Merge table rows using the Web
 * API"; `merged` and `masterid` in the "Account" and "Contact" table references). A row that was merged into that one
 * before keeps naming it when it goes in its turn (Merge of the relationship is NoCascade), so there are chains; a row
 * that was activated again and deactivated by hand can close one to a circle.
 *
 * A row that was deactivated and not merged has nobody who stands for it. Activating it again is not ours to do, and a
 * deal on it could not be mended: its form is read-only. So a new row is made, as it always was where the old one was
 * not of our making. Its id follows from the old one's, so that two workers, and a worker that starts over, make one.
 */
import { nextIdOf } from '../ids';
import { anyOf, lookupOf, numberOf, textOf, type Row } from './odata';

export type PartyTable = 'account' | 'contact';

/** At most fifty rows. */
export type Find = (table: PartyTable, select: string, filter: string) => Promise<Row[]>;

export const isActive = 'statecode eq 0';
export const isMerged = 'statecode eq 1 and merged eq true';

/** What tells who stands for a row, and what the matching then asks of him. */
export const standingColumns = {
  account: 'accountid,name,statecode,_masterid_value',
  contact: 'contactid,_parentcustomerid_value,statecode,_masterid_value',
} as const;

const idsPerSearch = 25;

export const rowId = (table: PartyTable, row: Row): string => textOf(row, `${table}id`).toLowerCase();

/** The active rows that stand for these, each once; an active row stands for itself, and some have nobody. */
export type StandIns = (rows: readonly Row[]) => Row[];

/** Follows the rows to whom they were merged, and these in their turn. */
export async function standIns(table: PartyTable, rows: readonly Row[], find: Find): Promise<StandIns> {
  const known = new Map(rows.map((row) => [rowId(table, row), row]));
  const asked = new Set(known.keys());
  for (;;) {
    const next = [...known.values()].map(masterOf).filter((id) => id !== '' && !asked.has(id));
    if (next.length === 0) break;
    next.forEach((id) => asked.add(id));
    for (const row of await byId(table, next, find)) known.set(rowId(table, row), row);
  }
  const standIn = (row: Row): Row | undefined => {
    const seen = new Set<string>();
    let at: Row | undefined = row;
    while (at && masterOf(at) !== '' && !seen.has(rowId(table, at))) {
      seen.add(rowId(table, at));
      at = known.get(masterOf(at));
    }
    return at && numberOf(at, 'statecode') === 0 ? at : undefined;
  };
  return (gone) => [...new Set(gone.map(standIn))].filter((row) => row !== undefined);
}

/** Empty for an active row: what it was merged into once does not matter any more. */
function masterOf(row: Row): string {
  return numberOf(row, 'statecode') === 0 ? '' : lookupOf(row, 'masterid');
}

export interface Made {
  readonly id: string;
  readonly isNew: boolean;
}

/** What stands for rows of our own making, by the ids that they were to have: made already, or to be made. */
export async function madeRows(
  table: PartyTable,
  ids: readonly string[],
  find: Find,
): Promise<ReadonlyMap<string, Made>> {
  const settled = new Map<string, Made>();
  let open = new Map(ids.map((id) => [id, id]));
  while (open.size > 0) {
    const rows = new Map((await byId(table, open.values(), find)).map((row) => [rowId(table, row), row]));
    const standing = await standIns(table, [...rows.values()], find);
    const next = new Map<string, string>();
    for (const [first, id] of open) {
      const row = rows.get(id);
      const [stands] = row ? standing([row]) : [];
      if (stands) settled.set(first, { id: rowId(table, stands), isNew: false });
      else if (!row) settled.set(first, { id, isNew: true });
      else next.set(first, nextIdOf(table, id));
    }
    open = next;
  }
  return settled;
}

async function byId(table: PartyTable, ids: Iterable<string>, find: Find): Promise<Row[]> {
  const wanted = [...new Set(ids)];
  const searches: Promise<Row[]>[] = [];
  for (let at = 0; at < wanted.length; at += idsPerSearch)
    searches.push(find(table, standingColumns[table], anyOf(`${table}id`, wanted.slice(at, at + idsPerSearch))));
  return (await Promise.all(searches)).flat();
}
