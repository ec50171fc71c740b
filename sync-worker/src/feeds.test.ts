import type { Context } from './context';
import { keysOfNews } from './feeds';
import { Fresh } from './fresh';
import { LinkIndex } from './link-index';
import type { CrmNews, Deal, Link } from './ports';
import { emptyLink } from './steps';

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

test('a row that another worker moved puts its deal in doubt: the record may have been listed before that write', () => {
  const fresh = new Fresh();
  const index = new LinkIndex();
  const ctx = {
    fresh,
    index,
    seenRows: new Map(),
    settings: { logRetentionDays: 0 },
    crm: { serverTime: () => '' },
    clock: { monotonic: () => 30 },
  } as unknown as Context;
  const row = (version: string): Link => ({
    ...emptyLink,
    key: 'a',
    version,
    record: { type: 'opportunity', id: 'a' },
  });
  const told = (link: Link): boolean => {
    const none = { deletedLinks: [], deletedRecords: [], touched: [] };
    keysOfNews(ctx, { ...none, links: [link], deals: [deal(false)] } as unknown as CrmNews, 10, false);
    return fresh.takeDoubt('a');
  };
  index.putLink(row('1'));
  expect([told(row('1')), told(row('2')), told(row('2'))]).toEqual([false, true, false]);
});
