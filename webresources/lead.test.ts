/** What the Lead form does with a lead from Partner Center. */
import { onLoad, onSave } from './lead';
import { openPage, type Page, type PageOptions } from './testing/page';

const open = (options: PageOptions = {}): Page => {
  const page = openPage({ table: 'lead', onSave, ...options });
  onLoad(page.event());
  return page;
};

describe('a lead from Partner Center', () => {
  test("the connector's columns are read-only", () => {
    const page = open();
    expect(page.disabled('cosell_audit')).toBe(true);
    expect(page.disabled('cosell_referralidentifier')).toBe(true);
    expect(page.disabled('subject')).toBe(false);
    expect(page.disabled('cosell_syncwithpartnercenter')).toBe(false);
  });

  test('a lead of our own cannot be shared: Sync goes back to No and the way is shown', () => {
    const page = open({ values: { cosell_syncwithpartnercenter: false, cosell_referralidentifier: null } });
    page.edit('cosell_syncwithpartnercenter', true);
    expect(page.value('cosell_syncwithpartnercenter')).toBe(false);
    expect(page.notices()['note']).toContain('Qualify it');
  });

  test('a paused lead can be resumed', () => {
    const page = open({ values: { cosell_syncwithpartnercenter: false } });
    page.edit('cosell_syncwithpartnercenter', true);
    expect(page.value('cosell_syncwithpartnercenter')).toBe(true);
  });

  test('an answer is saved at once, and taken back when it cannot be', async () => {
    const page = open();
    page.edit('cosell_requestedaction', 489100000);
    await page.settle();
    expect(page.saves).toEqual([1]);
    page.refuseSave = { errorCode: -2147088254, message: 'concurrency' };
    page.edit('cosell_requestedaction', 489100001);
    await page.settle();
    expect(page.value('cosell_requestedaction')).toBeNull();
    expect(page.notices()['note']).toContain('Somebody else changed the record');
  });

  test.each([
    [16, {}, 'as soon as the opportunity has a value'],
    [16, { budgetamount: 5, estimatedclosedate: '2099-01-01' }, 'accepts its referral in Partner Center.'],
    [15, {}, 'declines its referral'],
  ])('save mode %i says what becomes of the referral and does not stand in the way', async (mode, values, says) => {
    const page = open({ values });
    await page.save(mode);
    expect(page.saves).toEqual([mode]);
    expect(page.notices()['note']).toContain(says);
  });

  test('a lead that is not linked is qualified without a word', async () => {
    const page = open({ values: { cosell_referralidentifier: null } });
    await page.save(16);
    expect(page.notices()).toEqual({});
  });
});
