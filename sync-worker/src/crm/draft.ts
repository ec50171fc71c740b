/**
 * Solutions that a seller picked before the record existed: read with the deal, made into rows together with the
 * deal's next write.
 *
 * The picker on the form does the same after the first save; whoever is second finds the rows or fails on their keys,
 * and a draft that cannot be read is left as it is.
 */
import type { Solution } from '../../../domain/deal';
import { solutionKey } from '../../../domain/normalise';
import { parseSolutionDraft, type SolutionPick } from '../../../domain/solution-draft';
import type { CrmFinding, DealDraft, RecordRef } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import { solutionRow, type SolutionRowContext } from './children';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { anyOf, asRows, expanded, query, textOf, type Row } from './odata';
import { decimalOf } from './record-columns';

export const draftColumn = 'cosell_solutiondraft';
const idsPerSearch = 25;

/** A pick with the catalogue row that it names. */
export interface Drafted {
  readonly pick: SolutionPick;
  /** Absent: the catalogue has no such row (any more). */
  readonly row: Row | undefined;
}

export function draftOf(row: Row): DealDraft {
  const { picks, problem } = parseSolutionDraft(textOf(row, draftColumn));
  if (problem === 'malformed') return 'unreadable';
  return picks.length > 0 ? 'picked' : 'none';
}

/** The picks of a record with their catalogue rows; none is the usual answer and asks for nothing. */
export async function readDraft(record: Row, batcher: Batcher, environment: Environment): Promise<readonly Drafted[]> {
  const { picks } = parseSolutionDraft(textOf(record, draftColumn));
  const pages: Promise<Row[]>[] = [];
  for (let at = 0; at < picks.length; at += idsPerSearch) {
    const path = `${environment.set('cosell_solution')}${query({
      select: 'cosell_solutionid,cosell_solutionidentifier,cosell_name,cosell_solutiontype,cosell_publishername',
      filter: anyOf(
        'cosell_solutionid',
        picks.slice(at, at + idsPerSearch).map(({ id }) => id),
      ),
    })}`;
    pages.push(
      batcher
        .read({ method: 'GET', path })
        .then((answer) => asRows(jsonOf(answer, 'read of drafted solutions')['value'])),
    );
  }
  const rows = new Map(
    (await Promise.all(pages)).flat().map((row) => [textOf(row, 'cosell_solutionid').toLowerCase(), row]),
  );
  return picks.map((pick) => ({ pick, row: rows.get(pick.id) }));
}

/** What the draft adds to the solutions that the record has rows for. */
export function draftedSolutions(drafted: readonly Drafted[], present: readonly Solution[]): Solution[] {
  const known = new Set(present.map(solutionKey));
  return drafted
    .filter(({ row }) => row !== undefined)
    .map(({ pick, row }) => ({
      id: textOf(row, 'cosell_solutionidentifier'),
      name: textOf(row, 'cosell_name'),
      type: textOf(row, 'cosell_solutiontype'),
      publisher: textOf(row, 'cosell_publishername'),
      price: decimalOf(pick.price),
      quantity: decimalOf(pick.quantity),
    }))
    .filter((solution) => !known.has(solutionKey(solution)));
}

export function draftFindings(draft: DealDraft, drafted: readonly Drafted[]): CrmFinding[] {
  if (draft === 'unreadable') return [{ code: 'SOLUTION_DRAFT_UNREADABLE' }];
  return drafted
    .filter(({ row }) => row === undefined)
    .map(({ pick }) => ({ code: 'SOLUTION_UNKNOWN', params: { solution: pick.name || pick.id } }));
}

/** Rows that are still missing. A pick whose catalogue row is gone stays reported and has none. */
export function draftCreations(
  ref: RecordRef,
  drafted: readonly Drafted[],
  present: readonly Row[],
  context: SolutionRowContext,
): Operation[] {
  const there = new Set(
    present.map((row) => textOf(expanded(row, 'cosell_solutionid'), 'cosell_solutionid').toLowerCase()),
  );
  return drafted.flatMap(({ pick, row }): Operation[] => {
    if (!row || there.has(pick.id)) return [];
    const key = textOf(row, 'cosell_solutionidentifier').trim().toLowerCase();
    const [solution] = draftedSolutions([{ pick, row }], []);
    if (!solution) return [];
    return [
      {
        method: 'POST',
        path: context.environment.set('cosell_opportunitysolution'),
        body: solutionRow(
          ref,
          { id: context.childIds.of(ref.id, `solution ${key}`), solution, catalogueId: pick.id },
          context,
        ),
      },
    ];
  });
}
