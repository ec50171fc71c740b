/** Rows and drafts of opportunities in memory, with the failures that a test asks for. Tests only. */
import type { Amounts, Row, Solution } from '../SolutionPicker/picks';
import type { Rows } from '../SolutionPicker/rows';

type Call = 'read' | 'add' | 'change' | 'remove' | 'readDraft' | 'writeDraft';

export const solutionId = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const solution = (number: number): Solution => ({
  id: solutionId(number),
  name: `Solution ${String(number)}`,
  type: 'Name',
  publisher: 'Contoso',
  inactive: false,
});

export interface FakeDataverse {
  rows(recordId: string): Rows;
  /** Draft column by record. */
  readonly drafts: Map<string, string>;
  /** What was asked for, oldest first. */
  readonly journal: string[];
  /** Solution id, price and quantity of each row, in the order in which they were made. */
  rowsOf(recordId: string): (string | null)[][];
  put(recordId: string, number: number, price: string | null, quantity: string | null): void;
  drop(recordId: string, number: number): void;
  fail(call: Call, problem: string, times: number): void;
  /** Runs once, just before the next call of this kind is served. */
  before(call: Call, run: () => void): void;
}

export function fakeDataverse(): FakeDataverse {
  const drafts = new Map<string, string>();
  const tables = new Map<string, Map<string, Row>>();
  const failures = new Map<Call, { problem: string; times: number }>();
  const hooks = new Map<Call, () => void>();
  const journal: string[] = [];
  let made = 0;
  const tableOf = (recordId: string): Map<string, Row> => {
    const table = tables.get(recordId) ?? new Map<string, Row>();
    tables.set(recordId, table);
    return table;
  };
  const refuse = (problem: string): never => {
    throw Object.assign(new Error(problem), { problem });
  };
  const serve = async <T>(call: Call, entry: string, answer: () => T): Promise<T> => {
    journal.push(entry);
    await Promise.resolve();
    const hook = hooks.get(call);
    hooks.delete(call);
    hook?.();
    const failure = failures.get(call);
    if (failure && failure.times-- > 0) refuse(failure.problem);
    return answer();
  };
  const rowById = (recordId: string, id: string): [string, Row] =>
    [...tableOf(recordId)].find(([, row]) => row.id === id) ?? refuse('gone');
  const put = (recordId: string, solutionId: string, { price, quantity }: Amounts): string => {
    const id = tableOf(recordId).get(solutionId)?.id ?? `row-${String(++made)}`;
    tableOf(recordId).set(solutionId, { id, price, quantity });
    return id;
  };

  const rows = (recordId: string): Rows => ({
    read: (one) =>
      serve('read', 'read', () =>
        [...tableOf(recordId)]
          .filter(([id]) => !one || id === one)
          .map(([id, row]) => ({ solution: solution(Number(id.slice(-12))), row })),
      ),
    add: (added, want) =>
      serve('add', 'add', () =>
        tableOf(recordId).has(added.id) ? refuse('duplicate') : put(recordId, added.id, want),
      ),
    change: (row, want) =>
      serve('change', `change ${String(want.price)}`, () => {
        const [solutionId, stored] = rowById(recordId, row.id);
        const price = want.price === row.price ? stored.price : want.price;
        const quantity = want.quantity === row.quantity ? stored.quantity : want.quantity;
        return put(recordId, solutionId, { price, quantity });
      }),
    remove: (row) =>
      serve('remove', 'remove', () => {
        tableOf(recordId).delete(rowById(recordId, row.id)[0]);
        return null;
      }),
    readDraft: () => serve('readDraft', 'readDraft', () => drafts.get(recordId) ?? ''),
    writeDraft: (draft) => serve('writeDraft', 'writeDraft', () => drafts.set(recordId, draft)),
  });

  return {
    rows,
    drafts,
    journal,
    rowsOf: (recordId) => [...tableOf(recordId)].map(([id, { price, quantity }]) => [id, price, quantity]),
    put: (recordId, number, price, quantity) => void put(recordId, solutionId(number), { price, quantity }),
    drop: (recordId, number) => void tableOf(recordId).delete(solutionId(number)),
    fail: (call, problem, times) => void failures.set(call, { problem, times }),
    before: (call, run) => void hooks.set(call, run),
  };
}
