/**
 * Catalogue, rows of cosell_opportunitysolution and the draft column, over context.webAPI.
 *
 * Knows columns and query syntax, decides nothing. Amounts travel as JSON numbers: with at most 12 digits before and
 * 4 behind the point a double gives back the same decimal. At most one page of the catalogue is read per question: the
 * server filters, so that two thousand rows cost as little as twenty. Source: Microsoft Learn, "WebApi" of the Power
 * Apps component framework; "Filter rows" (quotes doubled, wildcards); "Page results".
 */
import { amountNames } from './picks';
import type { Amounts, Row, Solution, SolutionRow } from './picks';

export type WebApi = ComponentFramework.WebApi;
export type Kind = 'all' | 'cosell' | 'microsoft';

export interface Found {
  readonly solutions: readonly Solution[];
  /** There are more than are given: the seller should type more letters. */
  readonly more: boolean;
}

/** Rejects with what webAPI rejects with. */
export interface Rows {
  /** In the order in which they were added; of one solution when its id is given. */
  read(solutionId?: string): Promise<SolutionRow[]>;
  /** @returns the new row's id */
  add(solution: Solution, want: Amounts): Promise<string>;
  /** Writes only what is not as in the row; returns the row's id. */
  change(row: Row, want: Amounts): Promise<string>;
  /** @returns null: there is no row any more */
  remove(row: Row): Promise<null>;
  /** The draft as Dataverse has it now: the form's copy may be older than what was made of it. */
  readDraft(): Promise<string>;
  /** Not through the form, which would then ask the seller to save what he did not change. */
  writeDraft(draft: string): Promise<unknown>;
}

const table = 'cosell_opportunitysolution';
const details = 'cosell_name,cosell_solutiontype,cosell_publishername,cosell_active,statecode';

interface Columns {
  readonly cosell_solutionid: string;
  readonly cosell_name: string | null;
  readonly cosell_solutiontype: string | null;
  readonly cosell_publishername: string | null;
  readonly cosell_active: boolean | null;
  readonly statecode: number;
}
interface RowColumns {
  readonly cosell_opportunitysolutionid: string;
  readonly _cosell_solutionid_value: string;
  readonly cosell_name: string | null;
  readonly cosell_price: number | null;
  readonly cosell_quantity: number | null;
  /** Missing when the person may not read the catalogue. */
  readonly cosell_solutionid?: Columns | null;
}

/** Ids come with and without braces and in both cases, depending on who gives them. */
export const plainId = (id: string | null | undefined): string => (id ?? '').replace(/[{}]/g, '').toLowerCase();
const amount = (value: number | null): string | null => (value === null ? null : String(value));

const solutionOf = (json: Partial<Columns>): Solution => ({
  id: plainId(json.cosell_solutionid),
  name: json.cosell_name ?? '',
  type: json.cosell_solutiontype ?? '',
  publisher: json.cosell_publishername ?? '',
  // Both are "not for new deals": the solution's own switch, and the platform's deactivation of the row.
  inactive: json.cosell_active === false || Boolean(json.statecode),
});

const rowOf = (json: RowColumns): SolutionRow => {
  const { cosell_solutionid: expanded, cosell_name } = json;
  return {
    solution: { ...solutionOf(expanded ?? { cosell_name }), id: plainId(json._cosell_solutionid_value) },
    row: {
      id: plainId(json.cosell_opportunitysolutionid),
      price: amount(json.cosell_price ?? null),
      quantity: amount(json.cosell_quantity ?? null),
    },
  };
};

/** The catalogue says whose a solution is only by its publisher. One without publisher is the partner's own. */
const byMicrosoft = "startswith(cosell_publishername,'Microsoft')";
const ofKind = (kind: Kind): string =>
  kind === 'all' ? '' : ` and (${kind === 'cosell' ? 'cosell_publishername eq null or not ' : ''}${byMicrosoft})`;

/** Active solutions, the first page of them. */
export async function searchCatalogue(webApi: WebApi, words: string, kind: Kind): Promise<Found> {
  // Quotes are doubled; the bracket, which would open a set of characters, becomes "any character".
  const text = encodeURIComponent(words.replace(/'/g, "''").replace(/\[/g, '_'));
  const columns = ['name', 'publishername', 'solutionidentifier'];
  const match = columns.map((column) => `contains(cosell_${column},'${text}')`).join(' or ');
  const filter = `cosell_active eq true and statecode eq 0${ofKind(kind)}${words && ` and (${match})`}`;
  const options = `?$select=${details}&$filter=${filter}&$orderby=cosell_name asc`;
  const { entities, nextLink } = await webApi.retrieveMultipleRecords('cosell_solution', options, 50);
  return { solutions: entities.map(solutionOf), more: Boolean(nextLink) };
}

/** Amounts that are not as in the row. */
const changes = (want: Amounts, row?: Row): object =>
  Object.fromEntries(
    amountNames
      .filter((name) => want[name] !== (row ? row[name] : null))
      .map((name) => [`cosell_${name}`, want[name] && Number(want[name])]),
  );

export const rowsOf = (webApi: () => WebApi, recordId: string): Rows => ({
  async read(solutionId) {
    const filter = `_cosell_opportunityid_value eq ${recordId}${solutionId ? ` and _cosell_solutionid_value eq ${solutionId}` : ''}`;
    const select = '?$select=cosell_name,cosell_price,cosell_quantity,_cosell_solutionid_value';
    const options = `${select}&$filter=${filter}&$orderby=createdon asc&$expand=cosell_solutionid($select=${details})`;
    return (await webApi().retrieveMultipleRecords(table, options)).entities.map((json) => rowOf(json as RowColumns));
  },
  add: async ({ id, name }, want) =>
    plainId(
      (
        await webApi().createRecord(table, {
          cosell_name: name,
          ...changes(want),
          'cosell_opportunityid@odata.bind': `/opportunities(${recordId})`,
          'cosell_solutionid@odata.bind': `/cosell_solutions(${id})`,
        })
      ).id,
    ),
  change: (row, want) =>
    webApi()
      .updateRecord(table, row.id, changes(want, row))
      .then(() => row.id),
  remove: ({ id }) =>
    webApi()
      .deleteRecord(table, id)
      .then(() => null),
  readDraft: async () =>
    (
      (await webApi().retrieveRecord('opportunity', recordId, '?$select=cosell_solutiondraft')) as {
        cosell_solutiondraft?: string;
      }
    ).cosell_solutiondraft ?? '',
  writeDraft: (draft) => webApi().updateRecord('opportunity', recordId, { cosell_solutiondraft: draft || null }),
});
