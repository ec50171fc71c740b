import { Fresh } from './fresh';
import type { Deal } from './ports';

const deal = (version: string, complete = true): Deal =>
  ({ ref: { type: 'opportunity', id: 'a' }, version, complete, values: {} }) as unknown as Deal;

describe('what the CRM has shown lately', () => {
  test('a slow answer does not replace what was asked for later, and the same version confirms it', () => {
    const fresh = new Fresh();
    fresh.putDeal(deal('2'), 20, 21);
    fresh.putDeal(deal('2', false), 10, 22);
    expect(fresh.deal('a')).toMatchObject({ version: '2', complete: true });
  });

  test('a slow answer with another version may hold a newer edit: the deal is read before anything is decided', () => {
    const fresh = new Fresh();
    fresh.putDeal(deal('2'), 20, 21);
    fresh.putDeal(deal('3', false), 10, 22);
    expect(fresh.deal('a')).toBeNull();
  });

  test('nor does one that was asked for later say that it is newer, while the other was under way', () => {
    const fresh = new Fresh();
    // The feed was asked first and shows the later edit; the read was asked meanwhile and answered before that edit.
    fresh.putDeal(deal('3', false), 10, 40);
    fresh.putDeal(deal('2'), 20, 50);
    expect(fresh.deal('a')).toBeNull();
    fresh.putDeal(deal('3'), 60, 70);
    expect(fresh.deal('a')).toMatchObject({ version: '3' });
  });

  test('an answer from before a write of ours says nothing', () => {
    const fresh = new Fresh();
    fresh.forgetDeal('a', 20);
    fresh.putDeal(deal('1', false), 10, 11);
    expect(fresh.deal('a')).toBeNull();
    fresh.putDeal(deal('2', false), 30, 31);
    expect(fresh.deal('a')).toMatchObject({ version: '2' });
  });

  test('a changed child is not forgotten over an edit that comes after it: the whole deal is read first', () => {
    const fresh = new Fresh();
    fresh.putDeal(deal('1'), 10, 11);
    fresh.childChanged('a', 20);
    fresh.putDeal(deal('2', false), 30, 31);
    expect(fresh.deal('a')).toBeNull();
    // Asked for before the edit: it may not hold it.
    fresh.putDeal(deal('1'), 25, 26);
    expect(fresh.deal('a')).toBeNull();
    fresh.putDeal(deal('3', false), 40, 41);
    expect(fresh.deal('a')).toBeNull();
    fresh.putDeal(deal('3'), 50, 51);
    fresh.putDeal(deal('4', false), 60, 61);
    expect(fresh.deal('a')).toMatchObject({ version: '4', complete: false });
  });
});
