import { formatSolutionDraft } from '../../../domain/solution-draft';
import { shownPicks } from '../SolutionPicker/picks';
import { pauseInTyping, pickerStore } from '../SolutionPicker/store';
import type { PickerStore } from '../SolutionPicker/store-shape';
import { fakeDataverse, solution, solutionId } from './fake-dataverse';
import type { FakeDataverse } from './fake-dataverse';

const explain = (error: unknown) => ({
  problem: (error as { problem?: string }).problem ?? 'server',
  message: 'Broken.',
});
const record = '11111111-0000-4000-8000-000000000001';

interface Form {
  readonly store: PickerStore;
  readonly told: object[];
  say(change: Partial<Parameters<PickerStore['update']>[0]>): void;
}

function form(
  server: FakeDataverse | null,
  given: Partial<Parameters<PickerStore['update']>[0]> = {},
  before?: PickerStore,
): Form {
  const told: object[] = [];
  let input = {
    draft: '',
    count: null as number | null,
    maxItems: 50,
    readable: true,
    editable: true,
    shown: true,
    ...given,
  };
  const store = pickerStore(
    server && server.rows(record),
    explain,
    () => told.push(store.outputs()),
    before?.carried(input.draft),
  );
  store.update(input);
  return { store, told, say: (change) => store.update((input = { ...input, ...change })) };
}

const names = (store: PickerStore): string[] => shownPicks(store.state().picks).map((pick) => pick.solution.name);
const pickOf = (store: PickerStore, number: number) => store.state().picks.get(solutionId(number));
/** Lets everything that can go on go on. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 400; turn++) await Promise.resolve();
};
const id = solutionId;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());
beforeAll(() => Object.assign(globalThis, { window: globalThis }));

describe('on the create form', () => {
  test('picks go into the draft with every change, and the count beside it', () => {
    const { store, told } = form(null);
    store.toggle(solution(1));
    store.toggle(solution(2));
    store.setAmount(id(2), 'price', '12.5');
    store.remove(id(1));
    const draft = formatSolutionDraft([{ id: id(2), name: 'Solution 2', price: '12.5', quantity: null }]);
    expect(told).toHaveLength(4);
    expect(told[3]).toEqual({ selectionDraft: draft, solutionCount: 1 });
  });

  test('a form that nobody touched gives out nothing', () => {
    const { store, told } = form(null, {
      draft: formatSolutionDraft([{ id: id(1), name: 'A', price: null, quantity: null }]),
      count: 7,
    });
    expect([names(store), store.outputs(), told]).toEqual([['A'], {}, []]);
  });

  test('an older draft that the form gives back late does not undo newer picks', () => {
    const { store, say } = form(null);
    store.toggle(solution(1));
    const first = store.outputs().selectionDraft ?? '';
    store.toggle(solution(2));
    say({ draft: first });
    say({ draft: first });
    expect(names(store)).toEqual(['Solution 1', 'Solution 2']);
    say({ draft: store.outputs().selectionDraft ?? '' });
    say({ draft: first });
    expect(names(store)).toEqual(['Solution 1']);
  });

  test('a draft that can not be read stays until somebody starts over', () => {
    const { store, told } = form(null, { draft: '{"v":9}' });
    expect([store.state().malformed, store.state().canSearch, store.outputs()]).toEqual(['{"v":9}', false, {}]);
    store.startOver();
    expect([store.state().malformed, told]).toEqual([null, [{ selectionDraft: '', solutionCount: 0 }]]);
  });

  test('no more than the most are picked, and none twice', () => {
    const { store } = form(null, { maxItems: 2 });
    for (const number of [1, 2, 3]) store.toggle(solution(number));
    expect(names(store)).toEqual(['Solution 1', 'Solution 2']);
    store.toggle(solution(2));
    expect(names(store)).toEqual(['Solution 1']);
  });

  test('a removed solution comes back to its place with its amounts', () => {
    const { store } = form(null);
    for (const number of [1, 2]) store.toggle(solution(number));
    store.setAmount(id(1), 'quantity', '3');
    store.remove(id(1));
    expect([names(store), store.state().removed?.solution.name]).toEqual([['Solution 2'], 'Solution 1']);
    store.undo();
    expect([names(store), pickOf(store, 1)?.want?.quantity, store.state().removed]).toEqual([
      ['Solution 1', 'Solution 2'],
      '3',
      null,
    ]);
  });
});

describe('the first save', () => {
  async function saved(server: FakeDataverse) {
    const create = form(null);
    for (const number of [2, 1]) create.store.toggle(solution(number));
    create.store.setAmount(id(2), 'price', '9');
    const draft = create.store.outputs().selectionDraft ?? '';
    create.say({ draft });
    server.drafts.set(record, draft);
    const after = form(server, { draft, count: 2 }, create.store);
    return { ...after, create };
  }

  test('keeps the picks on the screen, makes the rows in their order and empties the draft, and the form stays clean', async () => {
    const server = fakeDataverse();
    const { store, told } = await saved(server);
    expect(names(store)).toEqual(['Solution 2', 'Solution 1']);
    await settle();
    expect(server.rowsOf(record)).toEqual([
      [id(2), '9', null],
      [id(1), null, null],
    ]);
    expect([server.drafts.get(record), told, store.outputs()]).toEqual(['', [], {}]);
  });

  test('after "Save & Close" the next opening makes the rows', async () => {
    const server = fakeDataverse();
    const draft = formatSolutionDraft([{ id: id(1), name: 'Solution 1', price: null, quantity: '2' }]);
    server.drafts.set(record, draft);
    const { store } = form(server, { draft, count: 1 });
    await settle();
    expect(server.rowsOf(record)).toEqual([[id(1), null, '2']]);
    expect(server.drafts.get(record)).toBe('');
    expect(pickOf(store, 1)?.solution.publisher).toBe('Contoso');
  });

  test('does not bring back what was removed since, when the form still shows the old draft', async () => {
    const server = fakeDataverse();
    const draft = formatSolutionDraft([{ id: id(1), name: 'Solution 1', price: null, quantity: null }]);
    server.drafts.set(record, '');
    const { store } = form(server, { draft, count: 0 });
    await settle();
    expect([names(store), server.rowsOf(record)]).toEqual([[], []]);
  });

  test('does no harm when the worker was first', async () => {
    const server = fakeDataverse();
    server.before('add', () => server.put(record, 1, '5', null));
    const { store } = await saved(server);
    await settle();
    expect(server.rowsOf(record)).toEqual([
      [id(1), '5', null],
      [id(2), '9', null],
    ]);
    expect([pickOf(store, 1)?.failure, pickOf(store, 1)?.want?.price]).toEqual([null, '5']);
  });

  test('keeps in the draft what could not be made, and says so', async () => {
    const server = fakeDataverse();
    server.fail('add', 'gone', 1);
    const { store } = await saved(server);
    await settle();
    const left = formatSolutionDraft([{ id: id(2), name: 'Solution 2', price: '9', quantity: null }]);
    expect([server.drafts.get(record), server.rowsOf(record).length]).toEqual([left, 1]);
    expect(pickOf(store, 2)?.failure?.what).toBe('deleted');
    store.giveUp(id(2));
    await settle();
    expect([names(store), server.drafts.get(record)]).toEqual([['Solution 1'], '']);
  });

  test('takes no pick along to another record', async () => {
    const server = fakeDataverse();
    const create = form(null);
    create.store.toggle(solution(1));
    const { store } = form(server, { draft: '' }, create.store);
    await settle();
    expect([names(store), server.rowsOf(record)]).toEqual([[], []]);
  });

  test('writes nothing when the record may not be edited', async () => {
    const server = fakeDataverse();
    const draft = formatSolutionDraft([{ id: id(1), name: 'Solution 1', price: null, quantity: null }]);
    server.drafts.set(record, draft);
    const { store, say } = form(server, { draft, editable: false });
    await settle();
    expect([names(store), server.rowsOf(record), server.drafts.get(record)]).toEqual([['Solution 1'], [], draft]);
    say({ editable: true });
    await settle();
    expect([server.rowsOf(record).length, server.drafts.get(record)]).toEqual([1, '']);
  });

  test('a draft that can not be read is shown beside the rows, and goes only by a word', async () => {
    const server = fakeDataverse();
    server.put(record, 1, null, null);
    server.drafts.set(record, 'Contoso, 3 pieces');
    const { store } = form(server, { draft: 'Contoso, 3 pieces', count: 1 });
    await settle();
    expect([names(store), store.state().malformed, store.state().canSearch]).toEqual([
      ['Solution 1'],
      'Contoso, 3 pieces',
      true,
    ]);
    store.toggle(solution(2));
    await settle();
    expect([server.drafts.get(record), server.rowsOf(record).length]).toEqual(['Contoso, 3 pieces', 2]);
    store.startOver();
    await settle();
    expect([server.drafts.get(record), store.state().malformed]).toEqual(['', null]);
  });
});

describe('on a saved record', () => {
  async function open(...numbers: number[]) {
    const server = fakeDataverse();
    for (const number of numbers) server.put(record, number, '10', null);
    const opened = form(server, { count: numbers.length });
    await settle();
    server.journal.length = 0;
    return { ...opened, server };
  }

  test('one read shows the rows, and a count that is wrong alone does not make the form dirty', async () => {
    const server = fakeDataverse();
    server.put(record, 1, '10', null);
    const { store, told } = form(server, { count: 9 });
    await settle();
    expect([names(store), server.journal, told, store.outputs()]).toEqual([['Solution 1'], ['read'], [], {}]);
  });

  test('nothing is read while the control is hidden or masked', async () => {
    const server = fakeDataverse();
    const { say } = form(server, { shown: false });
    say({ readable: false });
    await settle();
    expect(server.journal).toEqual([]);
    say({ readable: true, shown: true });
    await settle();
    expect(server.journal).toEqual(['read']);
  });

  test('a pick is a row at once, and the form learns the count when the row is there', async () => {
    const { store, told, server } = await open(1);
    store.toggle(solution(2));
    expect([names(store), told]).toEqual([['Solution 1', 'Solution 2'], []]);
    await settle();
    expect([server.journal, told]).toEqual([['add'], [{ solutionCount: 2 }]]);
  });

  test('quick edits of a price become one write, and a write under way is not overtaken', async () => {
    const { store, told, server } = await open(1);
    for (const price of ['1', '12', '12.5']) store.setAmount(id(1), 'price', price);
    jest.advanceTimersByTime(pauseInTyping);
    store.setAmount(id(1), 'price', '13');
    store.flush();
    await settle();
    expect(server.journal).toEqual(['change 12.5', 'change 13']);
    expect([server.rowsOf(record), told]).toEqual([[[id(1), '13', null]], []]);
  });

  test('only the amount that changed is written', async () => {
    const { store, server } = await open(1);
    server.put(record, 1, '10', '7');
    store.setAmount(id(1), 'price', '11');
    store.flush();
    await settle();
    expect(server.rowsOf(record)).toEqual([[id(1), '11', '7']]);
  });

  test('an edit that waits is sent when the control goes, and what was started goes on to its end', async () => {
    const { store, server } = await open(1);
    store.toggle(solution(2));
    store.setAmount(id(2), 'price', '4');
    store.setAmount(id(1), 'quantity', '2');
    store.flush();
    await settle();
    expect(server.rowsOf(record)).toEqual([
      [id(1), '10', '2'],
      [id(2), '4', null],
    ]);
  });

  test('removed while it is still being added, it is gone in the end', async () => {
    const { store, server } = await open();
    store.toggle(solution(1));
    store.remove(id(1));
    await settle();
    expect([server.journal, server.rowsOf(record), names(store)]).toEqual([['add', 'remove'], [], []]);
  });

  test('removed and put back, it is there with its amounts', async () => {
    const { store, server } = await open(1);
    store.remove(id(1));
    await settle();
    expect(server.rowsOf(record)).toEqual([]);
    store.undo();
    await settle();
    expect(server.rowsOf(record)).toEqual([[id(1), '10', null]]);
    store.setAmount(id(1), 'price', '11');
    store.flush();
    await settle();
    expect(server.rowsOf(record)).toEqual([[id(1), '11', null]]);
  });

  test.each(['forbidden', 'busy', 'server', 'offline', 'network', 'refused'])(
    'a change that fails (%s) is shown, and can be tried again or undone',
    async (problem) => {
      const { store, server } = await open(1);
      server.fail('change', problem, 2);
      store.setAmount(id(1), 'price', '99');
      store.flush();
      await settle();
      expect([pickOf(store, 1)?.failure, pickOf(store, 1)?.want?.price]).toEqual([
        { what: 'change', message: 'Broken.' },
        '99',
      ]);
      store.retry(id(1));
      await settle();
      expect(pickOf(store, 1)?.failure?.what).toBe('change');
      store.giveUp(id(1));
      await settle();
      expect([pickOf(store, 1)?.failure, pickOf(store, 1)?.want?.price, server.rowsOf(record)[0]?.[1]]).toEqual([
        null,
        '10',
        '10',
      ]);
    },
  );

  test('a removal that fails brings the solution back to the list, to try again or to keep', async () => {
    const { store, server } = await open(1);
    server.fail('remove', 'forbidden', 1);
    store.remove(id(1));
    expect(names(store)).toEqual([]);
    await settle();
    expect([names(store), pickOf(store, 1)?.failure?.what]).toEqual([['Solution 1'], 'remove']);
    store.giveUp(id(1));
    await settle();
    expect([names(store), server.rowsOf(record).length, pickOf(store, 1)?.failure]).toEqual([['Solution 1'], 1, null]);
    store.remove(id(1));
    await settle();
    expect([names(store), server.rowsOf(record)]).toEqual([[], []]);
  });

  test('an edit that comes while a request fails gets a try of its own', async () => {
    const { store, server } = await open(1);
    server.fail('change', 'busy', 1);
    store.setAmount(id(1), 'price', '1');
    store.flush();
    store.setAmount(id(1), 'price', '2');
    await settle();
    expect([pickOf(store, 1)?.failure, server.rowsOf(record)[0]?.[1]]).toEqual([null, '2']);
  });

  test('a row that is already gone counts as removed', async () => {
    const { store, server } = await open(1);
    server.drop(record, 1);
    store.remove(id(1));
    await settle();
    expect([names(store), pickOf(store, 1)?.failure]).toEqual([[], null]);
  });

  test('a change of a row that somebody removed asks: add again, or leave it out', async () => {
    const { store, server } = await open(1, 2);
    for (const number of [1, 2]) {
      server.drop(record, number);
      store.setAmount(id(number), 'price', '3');
    }
    store.flush();
    await settle();
    expect(pickOf(store, 1)?.failure?.what).toBe('gone');
    expect(server.rowsOf(record)).toEqual([]);
    store.retry(id(1));
    store.giveUp(id(2));
    await settle();
    expect([server.rowsOf(record), names(store)]).toEqual([[[id(1), '3', null]], ['Solution 1']]);
  });

  test('a solution that somebody else added meanwhile is taken as it is there', async () => {
    const { store, server } = await open();
    server.put(record, 1, '8', '2');
    store.toggle(solution(1));
    await settle();
    expect([pickOf(store, 1)?.failure, pickOf(store, 1)?.want]).toMatchObject([null, { price: '8', quantity: '2' }]);
  });

  test('when reading fails it says why, and trying again shows the rows', async () => {
    const server = fakeDataverse();
    server.put(record, 1, null, null);
    server.fail('read', 'offline', 1);
    const { store } = form(server);
    await settle();
    expect([store.state().problem, store.state().ready, store.state().canSearch]).toEqual(['Broken.', false, false]);
    store.reload();
    await settle();
    expect([store.state().problem, names(store)]).toEqual([null, ['Solution 1']]);
  });

  test('another picker on the page that changes the count is followed, also over own removals', async () => {
    const server = fakeDataverse();
    server.put(record, 1, null, null);
    const one = form(server, { count: 1 });
    const other = form(server, { count: 1 });
    await settle();
    one.store.toggle(solution(2));
    await settle();
    one.say({ count: 2 });
    other.say({ count: 2 });
    await settle();
    expect(names(other.store)).toEqual(['Solution 1', 'Solution 2']);
    other.store.remove(id(2));
    await settle();
    other.say({ count: 1 });
    one.say({ count: 1 });
    await settle();
    expect(names(one.store)).toEqual(['Solution 1']);
    server.put(record, 2, '1', null);
    other.say({ count: 2 });
    await settle();
    expect([names(other.store), server.rowsOf(record).length]).toEqual([['Solution 1', 'Solution 2'], 2]);
  });
});
