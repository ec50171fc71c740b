/**
 * The catalogue of solutions: makes sure that a solution that comes with a referral has its row.
 *
 * Rows that an admin loaded are found by their identifier, which is a unique key; ours have a derived id. Ids found
 * are remembered, since a catalogue hardly changes.
 */
import { solutionKey } from '../../../domain/normalise';
import type { Solution } from '../../../domain/deal';
import { solutionRowIdOf } from '../ids';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf, refusal } from './failures';
import { tables } from './generated/schema';
import { bounded } from './link-row';
import { anyOf, asRows, literal, query, textOf } from './odata';
import { Recent } from './recent';

const { columns } = tables.solution;
const idsPerSearch = 25;

export interface Catalogue {
  /** Ids of catalogue rows by lower-cased solution id; missing ones are made. */
  ensure(solutions: readonly Solution[]): Promise<ReadonlyMap<string, string>>;
  /** After a write that named a row that is gone. */
  forget(): void;
}

export function createCatalogue(batcher: Batcher, environment: () => Promise<Environment>): Catalogue {
  const known = new Recent<string>(5000);

  const find = async (ids: readonly string[]): Promise<void> => {
    const set = (await environment()).set('cosell_solution');
    const searches: Promise<void>[] = [];
    for (let at = 0; at < ids.length; at += idsPerSearch) {
      const filter = anyOf('cosell_solutionidentifier', ids.slice(at, at + idsPerSearch).map(literal));
      searches.push(
        batcher
          .read({
            method: 'GET',
            path: `${set}${query({ select: 'cosell_solutionid,cosell_solutionidentifier', filter })}`,
          })
          .then((answer) => {
            for (const row of asRows(jsonOf(answer, 'search of solutions')['value'])) {
              known.set(
                textOf(row, 'cosell_solutionidentifier').trim().toLowerCase(),
                textOf(row, 'cosell_solutionid').toLowerCase(),
              );
            }
          }),
      );
    }
    await Promise.all(searches);
  };

  const make = async (solution: Solution): Promise<void> => {
    const id = solutionRowIdOf(solution.id);
    const answer = await batcher.repeatable({
      method: 'POST',
      path: (await environment()).set('cosell_solution'),
      body: {
        cosell_solutionid: id,
        cosell_solutionidentifier: solution.id.trim(),
        cosell_name: bounded(solution.name || solution.id, columns.cosell_name.maxLength),
        cosell_solutiontype: bounded(solution.type, columns.cosell_solutiontype.maxLength) || null,
        cosell_publishername: bounded(solution.publisher, columns.cosell_publishername.maxLength) || null,
      },
    });
    // 412: somebody was first, under this id or with this identifier. The second search finds out.
    if (answer.status >= 400 && answer.status !== 412) throw refusal(answer, 'creation of a solution');
    if (answer.status < 400) known.set(solutionKey(solution), id);
  };

  return {
    ensure: async (solutions) => {
      const wanted = new Map(
        solutions.filter((solution) => solution.id.trim() !== '').map((solution) => [solutionKey(solution), solution]),
      );
      const unknown = (): Solution[] =>
        [...wanted].filter(([key]) => known.get(key) === undefined).map(([, solution]) => solution);
      if (unknown().length > 0) await find(unknown().map((solution) => solution.id.trim()));
      const missing = unknown();
      if (missing.length > 0) {
        await Promise.all(missing.map(make));
        if (unknown().length > 0) await find(unknown().map((solution) => solution.id.trim()));
      }
      return new Map(
        [...wanted.keys()].flatMap((key) => {
          const id = known.get(key);
          return id === undefined ? [] : [[key, id] as const];
        }),
      );
    },
    forget: () => known.clear(),
  };
}
