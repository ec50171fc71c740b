import type { Context } from './context';
import { keysOfNews } from './feeds';
import { Fresh } from './fresh';
import type { CrmNews, Deal } from './ports';

const deal = (complete: boolean): Deal =>
  ({ ref: { type: 'opportunity', id: 'a' }, version: '1', complete, values: {} }) as unknown as Deal;

test('a deal that was being read when all feeds started over is read once more: a solution may have come in between', () => {
  const fresh = new Fresh();
  const index = { keyOfRecord: () => 'a' };
  const ctx = { fresh, index, clock: { monotonic: () => 30 } } as unknown as Context;
  const none = { deletedLinks: [], links: [], deletedRecords: [], touched: [] };
  const news = { ...none, deals: [deal(false)] } as unknown as CrmNews;
  // Asked for the news at 10, for the deal at 20; the news come at 30, the deal at 40.
  expect(keysOfNews(ctx, news, 10, true)).toEqual(['a']);
  fresh.putDeal(deal(true), 20, 40);
  expect(fresh.deal('a')).toBeNull();
  fresh.putDeal(deal(true), 50, 60);
  expect(fresh.deal('a')).toMatchObject({ complete: true });
});
