import { SyncError } from '../errors';
import { FakeClock } from '../testing/fake-clock';
import { isChangeSet, type BatchItem, type ItemAnswer, type Operation, type PartAnswer } from './batch';
import { createBatcher } from './batcher';
import type { WebApi } from './web-api';

const ok = (body: string): PartAnswer => ({ status: 200, headers: {}, body, contentId: '' });
const get = (path: string): Operation => ({ method: 'GET', path });

/** Answers each operation with its own path, and refuses batches that hold the path "bad". */
function api(): { api: WebApi; sent: string[][]; inFlight: () => number; most: () => number } {
  const sent: string[][] = [];
  let running = 0;
  let most = 0;
  const answersTo = (item: BatchItem): ItemAnswer =>
    isChangeSet(item) ? item.changes.map((change) => ok(change.path)) : [ok(item.path)];
  const fake = {
    one: (operation: Operation) => {
      sent.push([operation.path]);
      return Promise.resolve(ok(operation.path));
    },
    batch: async (items: readonly BatchItem[]) => {
      sent.push(items.flatMap((item) => (isChangeSet(item) ? item.changes.map(({ path }) => path) : [item.path])));
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (items.some((item) => !isChangeSet(item) && item.path === 'bad'))
        throw new SyncError('CRM_REFUSED', { status: 400 });
      if (items.some((item) => !isChangeSet(item) && item.path === 'down'))
        throw new SyncError('SERVICE_UNAVAILABLE', { status: 503 });
      return items.map(answersTo);
    },
  } as unknown as WebApi;
  return { api: fake, sent, inFlight: () => running, most: () => most };
}

describe('batches', () => {
  it('take what is asked in one turn together, and give each its own answer', async () => {
    const fake = api();
    const batcher = createBatcher(fake.api, new FakeClock());
    const fenced = batcher.fenced({ changeSet: { changes: [get('a'), get('b')] }, readBack: get('back') });
    const answers = await Promise.all([batcher.read(get('x')), batcher.read(get('y'))]);
    expect(answers.map(({ body }) => body)).toEqual(['x', 'y']);
    expect((await fenced).changes.map(({ body }) => body)).toEqual(['a', 'b']);
    expect((await fenced).readBack.body).toBe('back');
    expect(fake.sent).toEqual([['a', 'b', 'back', 'x', 'y']]);
  });

  it('send one read alone without wrapping', async () => {
    const fake = api();
    expect((await createBatcher(fake.api, new FakeClock()).read(get('x'))).body).toBe('x');
    expect(fake.sent).toEqual([['x']]);
  });

  it('hold at most a hundred operations, four at a time, and never tear a change set from its read', async () => {
    const fake = api();
    const batcher = createBatcher(fake.api, new FakeClock());
    const changes = Array.from({ length: 30 }, (_, index) => get(`c${index}`));
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        batcher.fenced({ changeSet: { changes }, readBack: get(`back${index}`) }),
      ),
    );
    expect(Math.max(...fake.sent.map((batch) => batch.length))).toBeLessThanOrEqual(100);
    for (const batch of fake.sent)
      expect(batch.filter((path) => path.startsWith('back'))).toHaveLength(batch.length / 31);
    expect(fake.most()).toBeLessThanOrEqual(4);
  });

  it('do not let one item that the service cannot read spoil the others', async () => {
    const fake = api();
    const batcher = createBatcher(fake.api, new FakeClock());
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map((path) => batcher.read(get(path))));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.body : 'refused'))).toEqual([
      'a',
      'b',
      'refused',
      'c',
      'd',
    ]);
  });

  it('do not hammer a service that is down', async () => {
    const fake = api();
    const batcher = createBatcher(fake.api, new FakeClock());
    const results = await Promise.allSettled(['a', 'down'].map((path) => batcher.read(get(path))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(fake.sent).toHaveLength(1);
  });
});
