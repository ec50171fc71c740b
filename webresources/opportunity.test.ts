/** What the Opportunity form does beside guarding saves. */
import { onCloseSave, onLoad, onSave } from './opportunity';
import { forgetSettings } from './settings';
import { accountId, dealId, makeOrg } from './testing/org';
import { openPage, type Page, type PageOptions } from './testing/page';

const open = (options: PageOptions = {}): Page => {
  const page = openPage({ onSave, ...options });
  onLoad(page.event());
  return page;
};

beforeEach(() => forgetSettings());
afterEach(() => jest.useRealTimers());

const linked = {
  cosell_syncwithpartnercenter: true,
  cosell_referralidentifier: 'r-1',
  cosell_referralstatus: 489100001,
  cosell_syncstatus: 489100002,
  cosell_dealtype: 489100002,
  cosell_helprequired: 489100000,
  cosell_referralvisibility: true,
  cosell_notestomicrosoft: 'Please call.',
};

describe('what can no longer be changed', () => {
  test("the connector's columns are locked, the seller's are not", () => {
    const page = open();
    expect(page.disabled('cosell_referralidentifier')).toBe(true);
    expect(page.disabled('cosell_syncmessage')).toBe(true);
    expect(page.disabled('name')).toBe(false);
    expect(page.disabled('cosell_referralvisibility')).toBe(false);
    expect(page.disabled('cosell_syncwithpartnercenter')).toBe(false);
  });

  test('visibility, help, notes and consent are locked once Microsoft has them', () => {
    const page = open({ values: linked });
    for (const column of ['referralvisibility', 'helprequired', 'notestomicrosoft', 'customerconsent']) {
      expect([column, page.disabled(`cosell_${column}`)]).toEqual([column, true]);
    }
    expect(page.disabled('cosell_dealnotes')).toBe(false);
    expect(page.disabled('estimatedvalue')).toBe(false);
  });

  test('a private deal that is shared can still be upgraded', () => {
    const page = open({
      values: { ...linked, cosell_dealtype: 489100000, cosell_helprequired: null, cosell_referralvisibility: false },
    });
    expect(page.disabled('cosell_referralvisibility')).toBe(false);
    expect(page.disabled('cosell_helprequired')).toBe(false);
    expect(page.disabled('cosell_notestomicrosoft')).toBe(false);
  });

  test('while on hold a seller edits freely', () => {
    const page = open({
      values: {
        ...linked,
        cosell_referralstatus: 489100000,
        cosell_dealtype: 489100002,
        cosell_helprequired: null,
        cosell_referralvisibility: false,
        cosell_customerconsent: false,
      },
    });
    for (const column of ['cosell_dealnotes', 'cosell_customerconsent', 'estimatedvalue', 'name'])
      expect(page.disabled(column)).toBe(false);
  });

  test('after closing everything that is shared is locked, and unlocked when the deal is shared again', async () => {
    const page = open({ values: { ...linked, cosell_referralstatus: 489100002 } });
    expect(page.disabled('cosell_dealnotes')).toBe(true);
    page.edit('cosell_referralstatus', null);
    page.edit('cosell_referralidentifier', null);
    await page.save();
    expect(page.disabled('cosell_dealnotes')).toBe(false);
    expect(page.disabled('cosell_referralidentifier')).toBe(true);
  });

  test('a field that an admin has locked is never unlocked by us', async () => {
    const page = open({ values: { ...linked, cosell_referralstatus: null } });
    page.form.getControl<Xrm.Controls.StandardControl>('cosell_dealnotes')?.setDisabled(true);
    await page.save();
    expect(page.disabled('cosell_dealnotes')).toBe(true);
  });

  test('a read-only form is left as the platform made it', () => {
    const page = open({ values: linked, formType: 4 });
    expect(page.disabled('cosell_referralvisibility')).toBe(false);
  });

  test('turning visibility off is put back with the reason', () => {
    const page = open({ values: linked });
    page.edit('cosell_referralvisibility', false);
    expect(page.value('cosell_referralvisibility')).toBe(true);
    expect(page.notices()['note']).toContain('Visibility stays Yes');
  });

  test('help that was asked for cannot be exchanged or taken back', () => {
    const page = open({ values: linked });
    page.edit('cosell_helprequired', null);
    expect(page.value('cosell_helprequired')).toBe(489100000);
    page.edit('cosell_helprequired', 489100003);
    expect(page.value('cosell_helprequired')).toBe(489100000);
  });

  test('before anything was saved, visibility goes on and off at will', () => {
    const page = open();
    page.edit('cosell_referralvisibility', true);
    page.edit('cosell_referralvisibility', false);
    expect(page.value('cosell_referralvisibility')).toBe(false);
    expect(page.notices()).toEqual({});
  });
});

describe('what the connector has to say', () => {
  test('needs attention: the message in the words of the codes', () => {
    const codes = JSON.stringify([{ code: 'CITY_MISSING' }, { code: 'VALUE_NOT_POSITIVE', params: { value: '0' } }]);
    const page = open({
      values: { cosell_syncstatus: 489100004, cosell_syncmessagecode: codes, cosell_syncmessage: 'stored text' },
    });
    expect(page.notices()['state']).toContain('City of the customer');
    expect(page.notices()['state']).toContain('Deal value is 0');
    expect(page.notices()['state']).not.toContain('stored text');
  });

  test.each([
    ['a code that this version does not know', JSON.stringify([{ code: 'FROM_THE_FUTURE' }])],
    ['codes that are no JSON', '{oops'],
    ['no codes at all', ''],
  ])("%s: the connector's own text is shown", (_what, codes) => {
    const page = open({
      values: { cosell_syncstatus: 489100004, cosell_syncmessagecode: codes, cosell_syncmessage: 'stored text' },
    });
    expect(page.notices()['state']).toContain('stored text');
  });

  test('on hold: the day by which somebody has to answer', () => {
    const page = open({ values: { cosell_syncstatus: 489100003, cosell_referralexpireson: new Date(2027, 2, 9, 12) } });
    expect(page.notices()['state']).toContain('before March 9, 2027');
  });

  test('a deal in order says nothing, and an old message goes away', async () => {
    const page = open({ values: { cosell_syncstatus: 489100004, cosell_syncmessage: 'x' } });
    page.edit('cosell_syncstatus', 489100002);
    await page.save();
    expect(page.notices()).toEqual({});
  });

  test('texts come in the language of the user where the platform has them', () => {
    const page = openPage({ values: { cosell_syncstatus: 489100003 } });
    Object.assign(Xrm.Utility, {
      getResourceString: (name: string, key: string) =>
        name === 'cosell_/strings/cosell' && key === 'state_on_hold' ? 'Väntar på dig' : null,
    });
    onLoad(page.event());
    expect(page.notices()['state']).toBe('Väntar på dig');
  });
});

describe('an action that the panel asks for', () => {
  test('is saved at once, with its reason', async () => {
    const page = open({ values: linked });
    page.edit('cosell_requestedaction', 489100001);
    // The panel's second column arrives after the first.
    page.edit('cosell_actionreason', 'Not our field');
    await page.settle();
    expect(page.saves).toEqual([1]);
    expect(page.org.tables['opportunity']?.[0]).toMatchObject({
      cosell_requestedaction: 489100001,
      cosell_actionreason: 'Not our field',
    });
  });

  test('is taken back when the save is refused, in plain words', async () => {
    const page = open({ values: linked });
    page.refuseSave = { errorCode: 2147746336, message: 'SecLib::AccessCheckEx failed for user 42' };
    page.edit('cosell_requestedaction', 489100000);
    await page.settle();
    expect(page.value('cosell_requestedaction')).toBeNull();
    expect(page.notices()['note']).toContain('You lack a right');
    expect(page.notices()['note']).not.toContain('SecLib');
  });

  test('that is emptied by the connector starts no save', async () => {
    const page = open({ values: { ...linked, cosell_requestedaction: 489100000 } });
    page.edit('cosell_requestedaction', null);
    await page.settle();
    expect(page.saves).toEqual([]);
  });
});

describe('jumping from the panel to what is missing', () => {
  const jumper = (options: PageOptions = {}): { page: Page; jump: (payload: unknown) => Promise<void> } => {
    const page = openPage({ onSave, ...options });
    let handler: (payload: unknown) => void = () => undefined;
    const control = page.form.getControl('cosell_syncwithpartnercenter') as unknown as Record<string, unknown>;
    control['addEventHandler'] = (name: string, given: typeof handler) => {
      if (name === 'onJumpToField') handler = given;
    };
    onLoad(page.event());
    return { page, jump: async (payload) => (handler(payload), page.settle()) };
  };
  const focused = (page: Page, column: string): boolean => {
    const control = page.form.getControl(column) as unknown as { uiFocusable: { hasFocus: boolean } };
    return control.uiFocusable.hasFocus === true;
  };

  test('a field of the deal gets the focus', async () => {
    const { page, jump } = jumper();
    await jump({ record: 'opportunity', field: 'estimatedvalue' });
    expect(page.notices()['note']).toContain('not on this form');
    await jump({ record: 'opportunity', field: 'dealValue' });
    expect(focused(page, 'estimatedvalue')).toBe(true);
  });

  test("a field of the customer's account opens the account", async () => {
    const { page, jump } = jumper();
    await jump({ record: 'account', field: 'customer.address.city' });
    expect(page.opened).toEqual([{ entityName: 'account', entityId: accountId, openInNewWindow: false }]);
  });

  test('with unsaved edits the other record opens beside the form', async () => {
    const { page, jump } = jumper();
    page.edit('name', 'changed');
    await jump({ record: 'user', field: 'team.phone' });
    expect(page.opened).toMatchObject([{ entityName: 'systemuser', openInNewWindow: true }]);
  });

  test('where no contact is chosen yet, the contact field gets the focus', async () => {
    const { page, jump } = jumper({ values: { parentcontactid: null } });
    await jump({ record: 'contact', field: 'contacts.email' });
    expect(page.opened).toEqual([]);
    expect(focused(page, 'parentcontactid')).toBe(true);
  });

  test('solutions lead to the picker', async () => {
    const { page, jump } = jumper();
    await jump({ record: 'solution', field: 'solutions.id' });
    expect(focused(page, 'cosell_solutiondraft')).toBe(true);
  });

  test('a field that the form does not show is said to be elsewhere', async () => {
    const { page, jump } = jumper({ without: ['cosell_purchaseintent', 'cosell_partnerrole'] });
    await jump({ record: 'opportunity', field: 'partnerRole' });
    expect(page.notices()['note']).toContain('not on this form');
  });

  test.each([[undefined], ['text'], [{ record: 1 }], [{ record: 'opportunity' }]])(
    'a payload that makes no sense does nothing: %p',
    async (payload) => {
      const { page, jump } = jumper();
      await jump(payload);
      expect(page.opened).toEqual([]);
      expect(page.notices()).toEqual({});
    },
  );

  test('a record that cannot be opened is said so', async () => {
    const { page, jump } = jumper();
    Object.assign(Xrm.Navigation, { openForm: () => Promise.reject({ errorCode: 0x80040217, message: 'gone' }) });
    await jump({ record: 'account', field: 'customer.name' });
    expect(page.notices()['note']).toContain('does not exist any more');
  });

  test('a platform without events of code components loads the form all the same', () => {
    expect(() => open()).not.toThrow();
  });
});

describe('a form that a customer has slimmed down', () => {
  test('loads and saves without any of our columns', async () => {
    const page = open({
      without: Object.keys(linked).concat('cosell_requestedaction', 'cosell_solutiondraft', 'cosell_syncmessage'),
    });
    page.edit('name', 'x');
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls).toEqual([]);
  });
});

describe('closing a shared deal (B8)', () => {
  const deactivate = 5;

  test('is asked for once more; the second time it goes through', async () => {
    const page = open({ values: linked });
    page.answers.push(true);
    await page.save(deactivate);
    expect(page.saves).toEqual([]);
    expect(page.dialogs[0]?.text).toContain('cannot be reopened');
    expect(page.notices()['note']).toContain('once more');
    await page.save(deactivate);
    expect(page.saves).toEqual([deactivate]);
    expect(page.dialogs).toHaveLength(1);
  });

  test('a seller who thinks better of it is asked again the next time', async () => {
    const page = open({ values: linked });
    await page.save(deactivate);
    await page.save(deactivate);
    expect(page.saves).toEqual([]);
    expect(page.dialogs).toHaveLength(2);
  });

  test.each([
    ['not shared', { ...linked, cosell_referralidentifier: null }],
    ['paused', { ...linked, cosell_syncwithpartnercenter: false }],
    ['closed there already', { ...linked, cosell_referralstatus: 489100002 }],
  ])('a deal that is %s closes without a question', async (_what, values) => {
    const page = open({ values });
    await page.save(deactivate);
    expect(page.saves).toEqual([deactivate]);
    expect(page.dialogs).toEqual([]);
  });

  const referralAged = (hours: number): ReturnType<typeof makeOrg> => {
    const org = makeOrg();
    const createdon = new Date(Date.UTC(2026, 10, 21) - hours * 3_600_000).toISOString();
    org.tables['cosell_referral'] = [
      { cosell_referralid: 'x', createdon, cosell_opportunityid: { id: dealId, table: 'opportunity' } },
    ];
    return org;
  };

  test.each([
    [71, true],
    [73, false],
  ])('a co-sell deal of %i hours: is the registration warned of? %p', async (hours, warned) => {
    jest.useFakeTimers({
      now: Date.UTC(2026, 10, 21),
      doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'],
    });
    const page = open({ values: linked, org: referralAged(hours) });
    await page.save(deactivate);
    expect(page.dialogs[0]?.text.includes('72 hours')).toBe(warned);
  });

  test('on the Opportunity Close form agreeing closes at once, cancelling keeps the form open', async () => {
    for (const agrees of [true, false]) {
      const org = makeOrg();
      openPage({ values: linked, org });
      const page = openPage({
        onSave: onCloseSave,
        org,
        table: 'lead',
        saved: false,
        values: { opportunityid: null, opportunitystatecode: 1 },
      });
      Object.assign(page.form.getAttribute('opportunityid') as object, {
        getValue: () => [{ id: dealId, entityType: 'opportunity' }],
      });
      page.answers.push(agrees);
      await page.save();
      expect(page.dialogs).toHaveLength(1);
      expect(page.saves).toEqual(agrees ? [1] : []);
    }
  });

  test('a deal that cannot be read is closed without a question', async () => {
    const org = makeOrg();
    const page = openPage({
      onSave: onCloseSave,
      org,
      table: 'lead',
      saved: false,
      values: { opportunityid: null, opportunitystatecode: 2 },
    });
    Object.assign(page.form.getAttribute('opportunityid') as object, {
      getValue: () => [{ id: dealId, entityType: 'opportunity' }],
    });
    await page.save();
    expect(page.dialogs).toEqual([]);
    expect(page.saves).toEqual([1]);
  });
});
