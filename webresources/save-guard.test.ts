/** What a seller meets who saves a deal that is to be shared. */
import { onLoad, onSave } from './opportunity';
import { accountId, contactId, dealId, makeOrg } from './testing/org';
import { openPage, type Page, type PageOptions } from './testing/page';
import { forgetSettings } from './settings';

const open = (options: PageOptions = {}): Page => {
  const page = openPage({ onSave, ...options });
  onLoad(page.event());
  return page;
};
const sync = 'cosell_syncwithpartnercenter';

beforeEach(() => forgetSettings());

describe('saving a deal that is to be shared', () => {
  test('a complete deal is saved and shared without a word', async () => {
    const page = open();
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.tables['opportunity']?.[0]?.[sync]).toBe(true);
    expect(page.dialogs).toEqual([]);
    expect(page.notices()).toEqual({});
  });

  test('an ordinary edit of a deal that is not shared is saved without any request', async () => {
    const page = open();
    page.edit('name', '');
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls).toEqual([]);
  });

  test('an ordinary edit of a shared deal is not checked either: the connector judges what it sends', async () => {
    const page = open({ values: { [sync]: true } });
    page.edit('name', '');
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls).toEqual([]);
  });

  test('everything that is missing is named at once, in the dialog, on top and beside the fields', async () => {
    const org = makeOrg();
    Object.assign(org.tables['account']?.[0] ?? {}, { address1_city: null, address1_country: 'Atlantis' });
    const page = open({ org, values: { estimatedvalue: null, cosell_customerconsent: false } });
    page.edit(sync, true);
    expect(await page.save()).toBe(false);
    expect(page.saves).toEqual([]);
    const [dialog] = page.dialogs;
    for (const word of ['Deal value', 'City', 'Atlantis', 'Customer Consent']) {
      expect(dialog?.text).toContain(word);
      expect(page.notices()['findings']).toContain(word);
    }
    expect(page.hints('estimatedvalue')[0]).toMatch(/^RECOMMENDATION Deal value is empty/);
    expect(page.hints('cosell_customerconsent')).toHaveLength(1);
    expect(page.hints('name')).toEqual([]);
  });

  test('what is only recommended is told from what is missing', async () => {
    const page = open({ values: { estimatedvalue: null, cosell_dealnotes: null } });
    page.edit(sync, true);
    await page.save();
    expect(page.notices()['findings']).toMatch(
      /To be completed: Deal value is empty[^]*Recommended: Deal notes are empty/,
    );
    expect(page.dialogs[0]?.text).not.toContain('Deal notes');
  });

  test('going back keeps the deal unsaved and Sync on Yes', async () => {
    const page = open({ values: { estimatedvalue: null } });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([]);
    expect(page.value(sync)).toBe(true);
  });

  test('saving without sharing sets Sync back to No, saves and says so', async () => {
    const page = open({ values: { estimatedvalue: null } });
    page.answers.push(true);
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.tables['opportunity']?.[0]?.[sync]).toBe(false);
    expect(page.notices()).toEqual({ note: expect.stringContaining('not shared') });
    expect(page.hints('estimatedvalue')).toEqual([]);
  });

  test('Save & Close goes on as Save & Close', async () => {
    const page = open();
    page.edit(sync, true);
    await page.save(2);
    expect(page.saves).toEqual([2]);
  });

  test('autosave never opens a dialog, and does not ask the server again while nothing changes', async () => {
    const page = open({ values: { estimatedvalue: null } });
    page.edit(sync, true);
    await page.save(70);
    expect(page.dialogs).toEqual([]);
    expect(page.saves).toEqual([]);
    expect(page.notices()['findings']).toContain('Deal value');
    const asked = page.org.calls.length;
    await page.save(70);
    expect(page.org.calls).toHaveLength(asked);
    page.edit('estimatedvalue', 5);
    await page.save(70);
    expect(page.saves).toEqual([1]);
  });

  test('a deal that was mended is checked again and shared', async () => {
    const page = open({ values: { estimatedvalue: null } });
    page.edit(sync, true);
    await page.save();
    page.edit('estimatedvalue', 10);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.notices()).toEqual({});
  });

  test('warnings do not keep the deal from being shared, but are shown', async () => {
    const page = open({ values: { cosell_dealnotes: null } });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.notices()['findings']).toContain('Deal notes are empty');
    expect(page.dialogs).toEqual([]);
  });

  test.each([
    [
      'a right is lacking',
      { errorCode: -2147220960, message: 'Principal user is missing prvReadAccount' },
      'You lack a right',
    ],
    ['the service is busy', { errorCode: -2147015902, message: 'Number of requests exceeded' }, 'The service is busy'],
    ['the line is broken', new TypeError('Failed to fetch'), 'It did not work'],
  ])(
    'when the check fails because %s, the save goes through and says that nothing was checked',
    async (_why, error, says) => {
      const page = open({ values: { estimatedvalue: null } });
      page.org.refuse = (call) => {
        if (call === 'read account') throw error;
      };
      page.edit(sync, true);
      await page.save();
      expect(page.saves).toEqual([1]);
      expect(page.value(sync)).toBe(true);
      expect(page.notices()['note']).toContain('could not be checked');
      expect(page.notices()['note']).toContain(says);
      expect(page.notices()['note']).not.toContain('prvRead');
    },
  );

  test('an account that the seller may not see is not called missing', async () => {
    const org = makeOrg();
    org.tables['account'] = [];
    const page = open({ org });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.notices()['note']).toContain('could not be checked');
  });

  test('nor is a contact that he may not see', async () => {
    const org = makeOrg();
    org.tables['contact'] = [];
    const page = open({ org, values: { cosell_helprequired: 489100000 } });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.notices()['note']).toContain('could not be checked');
  });

  test('a value typed while the check ran is not saved unchecked', async () => {
    const page = open();
    page.org.refuse = (call) => {
      if (call === 'read account') page.edit('estimatedvalue', null);
    };
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([]);
    expect(page.notices()['note']).toContain('Save again');
  });

  test('a second save during the check does not check twice', async () => {
    const page = open();
    page.edit(sync, true);
    await Promise.all([page.save(), page.save()]);
    expect(page.org.calls.filter((call) => call === 'read account')).toHaveLength(1);
    expect(page.saves).toEqual([1]);
  });

  test('a save that the server refuses is checked afresh the next time', async () => {
    const page = open();
    page.refuseSave = { errorCode: 0x80040220, message: 'no' };
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([]);
    page.refuseSave = undefined;
    const asked = page.org.calls.length;
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls.length).toBeGreaterThan(asked);
  });
});

describe('showing Microsoft more of a shared deal', () => {
  test('asking for help needs a complete customer contact', async () => {
    const org = makeOrg();
    Object.assign(org.tables['contact']?.[0] ?? {}, { telephone1: null });
    const page = open({ org, values: { [sync]: true, cosell_helprequired: null } });
    page.edit('cosell_helprequired', 489100002);
    await page.save();
    expect(page.saves).toEqual([]);
    expect(page.dialogs[0]?.text).toContain('Eva Berg has no phone number');
    expect(page.dialogs[0]?.confirm).toBe('Save without this change');
  });

  test('saving without this change leaves help and visibility as they were', async () => {
    const org = makeOrg();
    Object.assign(org.tables['contact']?.[0] ?? {}, { telephone1: null });
    const page = open({ org, values: { [sync]: true } });
    page.answers.push(true);
    page.edit('cosell_helprequired', 489100002);
    page.edit('cosell_referralvisibility', true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.value('cosell_helprequired')).toBeNull();
    expect(page.value('cosell_referralvisibility')).toBe(false);
    expect(page.value(sync)).toBe(true);
  });

  test('a closed referral is not checked: nothing is sent any more', async () => {
    const page = open({ values: { [sync]: true, cosell_referralstatus: 489100002 } });
    page.edit('cosell_helprequired', 489100002);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls).toEqual([]);
  });
});

describe('the rules see what the seller sees', () => {
  test('solutions picked before the first save count', async () => {
    const draft = JSON.stringify({
      v: 1,
      solutions: [{ id: 'eeeeeeee-0000-4000-8000-000000000001', name: 'Fleet', price: null, quantity: null }],
    });
    const page = open({ saved: false, values: { cosell_solutiondraft: draft } });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
  });

  test('a new deal without solutions is stopped', async () => {
    const page = open({ saved: false });
    page.edit(sync, true);
    await page.save();
    expect(page.dialogs[0]?.text).toContain('No solution is chosen');
  });

  test('picks that cannot be read are said, not passed over', async () => {
    const page = open({ values: { cosell_solutiondraft: '{broken' } });
    page.edit(sync, true);
    await page.save();
    expect(page.notices()['findings']).toContain('cannot be read');
    expect(page.saves).toEqual([]);
  });

  test('columns that the form does not show are read from the saved record', async () => {
    const page = open({ without: ['cosell_purchaseintent', 'parentaccountid'] });
    page.edit(sync, true);
    await page.save();
    expect(page.saves).toEqual([1]);
    expect(page.org.calls).toContain('read opportunity');
  });

  test('a stakeholder of the deal counts as customer contact, a mere friend or a former one does not', async () => {
    for (const [category, statecode, saves] of [
      [1000, 0, [1]],
      [1000, 1, []],
      [1, 0, []],
    ] as const) {
      const org = makeOrg();
      org.tables['connectionrole'] = [{ connectionroleid: 'role-1', category }];
      org.tables['connection'] = [
        {
          record1id: { id: dealId, table: 'opportunity' },
          record2id: { id: contactId, table: 'contact' },
          record1roleid: null,
          record2roleid: 'role-1',
          statecode,
        },
      ];
      const page = open({ org, values: { parentcontactid: null, cosell_helprequired: 489100000 } });
      page.edit(sync, true);
      await page.save();
      expect(page.saves).toEqual(saves);
      forgetSettings();
    }
  });

  test('a deal owned by a team needs a seller in the sales team', async () => {
    const page = open({ values: { ownerid: [{ id: accountId, entityType: 'team', name: 'North' }] } });
    page.edit(sync, true);
    await page.save();
    expect(page.dialogs[0]?.text).toContain('No seller is named');
  });

  test('a currency that is not active is named', async () => {
    const org = makeOrg();
    Object.assign(org.tables['transactioncurrency']?.[0] ?? {}, { statecode: 1 });
    const page = open({ org });
    page.edit(sync, true);
    await page.save();
    expect(page.dialogs[0]?.text).toContain('Currency SEK is not active');
  });

  test("an admin's other value and country columns are looked at, the current value before the default", async () => {
    const org = makeOrg();
    org.tables['environmentvariabledefinition'] = [
      { environmentvariabledefinitionid: 'v1', schemaname: 'cosell_dealvaluefield', defaultvalue: 'estimatedvalue' },
      {
        environmentvariabledefinitionid: 'v2',
        schemaname: 'cosell_customeraccountcountrycodefield',
        defaultvalue: 'new_iso',
      },
      {
        environmentvariabledefinitionid: 'v3',
        schemaname: 'cosell_mapping',
        defaultvalue: '{"fields":{"purchaseIntent":{"opportunity":null},"closeDate":{"opportunity":"new_closing"}}}',
      },
    ];
    org.tables['environmentvariablevalue'] = [{ value: 'new_value', environmentvariabledefinitionid: 'v1' }];
    Object.assign(org.tables['account']?.[0] ?? {}, { new_iso: 'SE', address1_country: 'nowhere' });
    const page = open({
      org,
      values: { new_value: 7, estimatedvalue: null, estimatedclosedate: null, new_closing: new Date(2099, 1, 1) },
    });
    page.edit(sync, true);
    await page.save();
    expect(page.dialogs[0]?.text).toContain('Marketplace Purchase Intent is empty');
    expect(page.dialogs[0]?.text).not.toMatch(/Deal value|Country|Close date/);
  });
});
