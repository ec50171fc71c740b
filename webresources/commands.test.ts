/** What the buttons do, on a form and on a view. */
import * as commands from './commands';
import { dataverseRecords } from './dataverse';
import { forgetSettings } from './settings';
import { onLoad, onSave } from './opportunity';
import {
  accountId,
  contactId,
  currencyId,
  dealId,
  makeOrg,
  type Org,
  solutionId,
  type Stored,
  userId,
} from './testing/org';
import { completeDeal, openPage, type Page, type PageOptions, storedRow } from './testing/page';
import { xrmRecords } from './xrm-records';

const open = (options: PageOptions = {}): Page => {
  const page = openPage({ onSave, ...options });
  onLoad(page.event());
  return page;
};
const sync = 'cosell_syncwithpartnercenter';
const action = 'cosell_requestedaction';
const offered = {
  [sync]: true,
  cosell_referralidentifier: 'r-1',
  cosell_referralstatus: 489100000,
  cosell_referrallink: 'https://partner.microsoft.com/referrals/r-1',
};
const running = { ...offered, cosell_referralstatus: 489100001 };
const closed = { ...offered, cosell_referralstatus: 489100002 };

beforeEach(() => forgetSettings());

describe('which commands a form offers', () => {
  const offeredOn = (options: PageOptions): string[] => {
    const { form } = options.table === 'lead' ? openPage(options) : open(options);
    const { canShare, canAnswer, canSyncNow, canOpenInPartnerCenter, canLinkToExisting, canShareAgain } = commands;
    return Object.entries({ canShare, canAnswer, canSyncNow, canOpenInPartnerCenter, canLinkToExisting, canShareAgain })
      .filter(([, rule]) => rule(form))
      .map(([name]) => name);
  };

  test.each<[string, PageOptions, string[]]>([
    ['a new deal', { saved: false }, ['canShare']],
    ['a deal that is not shared', {}, ['canShare']],
    [
      'a deal that waits for an answer',
      { values: offered },
      ['canAnswer', 'canSyncNow', 'canOpenInPartnerCenter', 'canLinkToExisting'],
    ],
    ['a running deal', { values: running }, ['canSyncNow', 'canOpenInPartnerCenter', 'canLinkToExisting']],
    ['a closed referral', { values: closed }, ['canSyncNow', 'canOpenInPartnerCenter', 'canShareAgain']],
    ['a request under way', { values: { ...offered, [action]: 489100000 } }, ['canOpenInPartnerCenter']],
    ['a read-only form', { values: offered, formType: 3 }, ['canOpenInPartnerCenter']],
    ["a customer's form without our columns", { without: [sync, ...Object.keys(offered), action] }, []],
    [
      'a lead that waits for an answer',
      {
        table: 'lead',
        values: { cosell_syncstatus: 489100003, cosell_referrallink: 'https://partner.microsoft.com/x' },
      },
      ['canAnswer', 'canSyncNow', 'canOpenInPartnerCenter', 'canLinkToExisting'],
    ],
    [
      'a lead whose referral is closed',
      { table: 'lead', values: { cosell_syncstatus: 489100006 } },
      ['canSyncNow', 'canShareAgain'],
    ],
  ])('%s', (_what, options, expected) => expect(offeredOn(options)).toEqual(expected));
});

describe('the menu Co-sell', () => {
  test.each<[string, PageOptions, boolean]>([
    ['a new deal', { saved: false }, true],
    ['a lead of our own', { table: 'lead', values: { [sync]: false, cosell_referralidentifier: null } }, false],
    ['a lead that waits for an answer', { table: 'lead', values: { cosell_syncstatus: 489100003 } }, true],
    ["a customer's form without our columns", { without: [sync, ...Object.keys(offered), action] }, false],
  ])('is offered only with something in it: %s', (_what, options, there) => {
    expect(commands.hasCommands(openPage(options).form)).toBe(there);
  });
});

describe('Share with Microsoft', () => {
  test.each([
    ['private', {}, 'do not see it'],
    ['partner-led', { cosell_referralvisibility: true }, 'partner-led'],
    ['co-sell', { cosell_helprequired: 489100001 }, 'invited'],
  ])('says that the deal becomes %s, then shares it', async (_kind, values, says) => {
    const page = open({ values });
    page.answers.push(true);
    await commands.shareWithMicrosoft(page.form);
    await page.settle();
    expect(page.dialogs[0]?.text).toContain(says);
    expect(page.org.tables['opportunity']?.[0]?.[sync]).toBe(true);
  });

  test('cancelling changes nothing', async () => {
    const page = open();
    await commands.shareWithMicrosoft(page.form);
    expect(page.value(sync)).toBe(false);
    expect(page.saves).toEqual([]);
  });

  test('an incomplete deal is held up by the same check as when saving by hand', async () => {
    const page = open({ values: { estimatedvalue: null } });
    page.answers.push(true);
    await commands.shareWithMicrosoft(page.form);
    await page.settle();
    expect(page.saves).toEqual([]);
    expect(page.dialogs[1]?.text).toContain('Deal value is empty');
  });
});

describe('Accept and Decline', () => {
  test('accepting asks, then requests it and saves', async () => {
    const page = open({ values: offered });
    page.answers.push(true);
    await commands.accept(page.form);
    expect(page.saves).toEqual([1]);
    expect(page.value(action)).toBe(489100000);
  });

  test('a deal that Partner Center would not let be accepted is not: all that is missing is named', async () => {
    const page = open({ values: { ...offered, estimatedvalue: 0, estimatedclosedate: null } });
    page.answers.push(true);
    await commands.accept(page.form);
    expect(page.dialogs[0]?.text).toMatch(/Deal value is 0[^]*Close date is empty/);
    expect(page.value(action)).toBeNull();
  });

  test('accepting goes on when the check cannot be made: the connector checks the same', async () => {
    const page = open({ values: offered });
    page.org.refuse = (call) => {
      if (call === 'read account') throw { errorCode: 0x80040220 };
    };
    page.answers.push(true);
    await commands.accept(page.form);
    expect(page.value(action)).toBe(489100000);
  });

  test('declining without a reason points at the field for it', async () => {
    const page = open({ values: offered });
    page.answers.push(true);
    await commands.decline(page.form);
    expect(page.dialogs).toEqual([]);
    expect(page.saves).toEqual([]);
    expect(page.hints('cosell_closereason')[0]).toContain('why you decline');
  });

  test('what an earlier command asked for goes away with the next one', async () => {
    const page = open({ values: offered });
    await commands.decline(page.form);
    page.answers.push(true);
    await commands.accept(page.form);
    expect(page.hints('cosell_closereason')).toEqual([]);
    expect(page.notices()).toEqual({ request: expect.stringContaining('Requested') });
  });

  test('that something is requested is not said any more when it is done', async () => {
    const page = open({ values: offered });
    page.answers.push(true);
    await commands.accept(page.form);
    onLoad(page.event());
    expect(page.notices()['request']).toContain('Requested');
    page.form.getAttribute(action)?.setValue(null);
    onLoad(page.event());
    expect(page.notices()['request']).toBeUndefined();
  });

  test('declining with a reason shows it, asks and requests it', async () => {
    const page = open({ values: { ...offered, cosell_closereason: 489100004 } });
    Object.assign(page.form.getAttribute('cosell_closereason') as object, {
      getAttributeType: () => 'optionset',
      getText: () => 'Not a customer',
    });
    page.answers.push(true);
    await commands.decline(page.form);
    expect(page.dialogs[0]?.text).toContain('Not a customer');
    expect(page.value(action)).toBe(489100001);
  });

  test('a lead is declined with the reason as it was typed', async () => {
    const page = openPage({ table: 'lead', values: { cosell_actionreason: ' Not ours ' } });
    page.answers.push(true);
    await commands.decline(page.form);
    expect(page.dialogs[0]?.text).toContain('Reason: Not ours');
    expect(page.value(action)).toBe(489100001);
  });

  test('a form with no place for a reason says where one can be given', async () => {
    const page = open({ values: offered, without: ['cosell_closereason', 'cosell_actionreason', sync] });
    await commands.decline(page.form);
    expect(page.notices()['note']).toContain('no field for it');
  });

  test('a refused save takes the request back and says why', async () => {
    const page = open({ values: offered });
    page.answers.push(true);
    page.refuseSave = { errorCode: -2147220960, message: 'raw' };
    await commands.accept(page.form);
    expect(page.value(action)).toBeNull();
    expect(page.notices()['note']).toContain('You lack a right');
  });

  test('a form without the column for requests still gets it done', async () => {
    const page = open({ values: { ...offered, cosell_closereason: 489100004 }, without: [action] });
    Object.assign(page.org.tables['opportunity']?.[0] ?? {}, { [action]: null });
    page.answers.push(true);
    await commands.decline(page.form);
    expect(page.org.tables['opportunity']?.[0]?.[action]).toBe(489100001);
  });
});

describe('Sync now, Share again, Open in Partner Center', () => {
  test('sync now requests it without a question', async () => {
    const page = open({ values: running });
    await commands.syncNow(page.form);
    expect(page.value(action)).toBe(489100004);
    expect(page.dialogs).toEqual([]);
  });

  test('share again explains what happens first', async () => {
    const page = open({ values: closed });
    await commands.shareAgain(page.form);
    expect(page.value(action)).toBeNull();
    page.answers.push(true);
    await commands.shareAgain(page.form);
    expect(page.value(action)).toBe(489100003);
    expect(page.dialogs[0]?.text).toContain('new one is made');
  });

  test.each([
    ['https://partner.microsoft.com/x', true],
    ['http://partner.microsoft.com/x', false],
    ['javascript:alert(1)', false],
    ['https://user:pass@evil.example/', false],
    ['not a link', false],
    ['', false],
  ])('the link %p is opened: %p', (link, isOpened) => {
    const page = open({ values: { ...running, cosell_referrallink: link } });
    commands.openInPartnerCenter(page.form);
    expect(page.opened).toEqual(isOpened ? [link] : []);
    expect(Boolean(page.notices()['note'])).toBe(!isOpened);
  });
});

describe('Link to an existing opportunity', () => {
  const otherId = '22222222-0000-4000-8000-000000000002';
  const withOther = (values: Stored, chosen = otherId): Page => {
    const org = makeOrg();
    org.tables['opportunity'] = [storedRow({ ...completeDeal, ...values }, otherId)];
    const page = open({ values: offered, org });
    Object.assign(Xrm.Utility, {
      lookupObjects: () =>
        Promise.resolve([{ id: `{${chosen.toUpperCase()}}`, entityType: 'opportunity', name: 'Old deal' }]),
    });
    return page;
  };

  test('asks with the name of the target and requests it with its id', async () => {
    const page = withOther({});
    page.answers.push(true);
    await commands.linkToExisting(page.form);
    expect(page.dialogs[0]?.text).toContain('Old deal');
    expect([page.value(action), page.value('cosell_actionreason')]).toEqual([489100002, otherId]);
  });

  test.each([
    ['has a referral of its own', { cosell_referralidentifier: 'r-2' }, otherId, 'referral of its own'],
    ['is this very one', {}, dealId, 'another opportunity than this one'],
    ['cannot be seen', {}, '33333333-0000-4000-8000-000000000003', 'does not exist any more'],
  ])('a target that %s is refused', async (_what, values, chosen, says) => {
    const page = withOther(values, chosen);
    page.answers.push(true);
    await commands.linkToExisting(page.form);
    expect(page.dialogs[0]?.text).toContain(says);
    expect(page.value(action)).toBeNull();
  });

  test('choosing nothing does nothing', async () => {
    const page = withOther({});
    Object.assign(Xrm.Utility, { lookupObjects: () => Promise.resolve([]) });
    await commands.linkToExisting(page.form);
    expect(page.dialogs).toEqual([]);
  });

  test('a lookup that fails is said, not thrown', async () => {
    const page = withOther({});
    Object.assign(Xrm.Utility, { lookupObjects: () => Promise.reject(new Error('raw text')) });
    await commands.linkToExisting(page.form);
    expect(page.notices()['note']).toContain('It did not work');
  });
});

describe('sharing many from a view', () => {
  const idOf = (at: number): string => `33333333-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const grid = { refreshed: 0, refresh: () => void (grid.refreshed += 1) };

  /** Deals with values that differ from a complete one. */
  const many = (deals: readonly Stored[]): { page: Page; ids: string[]; org: Org } => {
    const org = makeOrg();
    org.tables['opportunity'] = deals.map((values, at) => ({
      ...storedRow({ ...completeDeal, ...values }, idOf(at)),
      ...('statecode' in values ? { statecode: values['statecode'] } : {}),
    }));
    org.tables['cosell_opportunitysolution'] = deals.map((_values, at) => ({
      cosell_opportunityid: { id: idOf(at), table: 'opportunity' },
      cosell_solutionid: solutionId,
      cosell_name: 'Fleet',
      cosell_price: null,
      cosell_quantity: null,
    }));
    const page = openPage({ org, saved: false });
    grid.refreshed = 0;
    return { page, org, ids: deals.map((_values, at) => `{${idOf(at).toUpperCase()}}`) };
  };
  const sharedIn = (org: Org): number[] =>
    (org.tables['opportunity'] ?? []).flatMap((row, at) => (row[sync] === true ? [at] : []));

  test('first says what would happen, and changes nothing when the seller cancels', async () => {
    const { page, ids, org } = many([
      {},
      { cosell_helprequired: 489100000 },
      { estimatedvalue: null, name: 'No value' },
      { [sync]: true },
      { statecode: 1 },
    ]);
    await commands.bulkShare([...ids, '44444444-0000-4000-8000-000000000000'], grid);
    const said = page.dialogs[0]?.text ?? '';
    for (const line of [
      'Can be shared: 2',
      'not seen by Microsoft’s sellers: 1',
      'sellers are invited, cannot be undone: 1',
      'left out: 1',
      'Deal value is empty: enter the estimated value of the deal. (1: No value)',
      'Already shared: 1',
      'Won or lost already: 1',
      'belongs to it: 1',
    ])
      expect(said).toContain(line);
    expect(sharedIn(org)).toEqual([3]);
  });

  test('shares the complete ones, refreshes the view and sums up', async () => {
    const { page, ids, org } = many([{}, { estimatedvalue: null }, {}]);
    page.answers.push(true);
    await commands.bulkShare(ids, grid);
    expect(sharedIn(org)).toEqual([0, 2]);
    expect(page.dialogs[1]?.text).toContain('Now being shared: 2');
    expect(grid.refreshed).toBe(1);
  });

  test('goes on after a failure, names it in plain words, and a second run takes only the rest', async () => {
    const { page, ids, org } = many([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
    page.answers.push(true, true);
    org.refuse = (call) => {
      if (call === `update opportunity ${idOf(1)}`) throw { errorCode: -2147015902, message: 'raw limit text' };
    };
    await commands.bulkShare(ids, grid);
    expect(sharedIn(org)).toEqual([0, 2]);
    expect(page.dialogs[1]?.text).toMatch(/Failed: 1[^]*B: The service is busy/);
    expect(page.dialogs[1]?.text).not.toContain('raw');
    org.refuse = () => undefined;
    await commands.bulkShare(ids, grid);
    expect(page.dialogs[2]?.text).toContain('Can be shared: 1');
    expect(sharedIn(org)).toEqual([0, 1, 2]);
  });

  test('a missing right is told from other failures', async () => {
    const { page, ids, org } = many([{ name: 'A' }]);
    page.answers.push(true);
    org.refuse = (call) => {
      if (call.startsWith('update')) throw { errorCode: -2147220960, message: 'x' };
    };
    await commands.bulkShare(ids, grid);
    expect(page.dialogs[1]?.text).toContain('A: You lack a right');
  });

  test('nothing is changed when the check itself fails', async () => {
    const { page, ids, org } = many([{}]);
    page.answers.push(true);
    org.refuse = (call) => {
      if (call === 'read transactioncurrency') throw new TypeError('Failed to fetch');
    };
    await commands.bulkShare(ids, grid);
    expect(page.dialogs).toHaveLength(1);
    expect(page.dialogs[0]?.text).toContain('nothing was changed');
    expect(sharedIn(org)).toEqual([]);
  });

  test('250 deals of one customer are checked with few requests, 251 are refused', async () => {
    const { page, ids, org } = many(Array.from({ length: 250 }, () => ({})));
    await commands.bulkShare(ids, grid);
    expect(page.dialogs[0]?.text).toContain('Can be shared: 250');
    expect(org.calls.length).toBeLessThanOrEqual(40);
    await commands.bulkShare([...ids, idOf(999)], grid);
    expect(page.dialogs[1]?.text).toContain('Select at most 250');
  });

  test('what many deals lack is said once, with how many and some of their names', async () => {
    const { page, ids } = many(
      Array.from({ length: 20 }, (_none, at) => ({
        estimatedvalue: null,
        name: `Deal ${at}`,
        ...(at === 4 ? { cosell_customerconsent: false } : {}),
      })),
    );
    await commands.bulkShare(ids, grid);
    expect(page.dialogs[0]?.text.match(/Deal value/g)).toHaveLength(1);
    expect(page.dialogs[0]?.text).toContain('(20: Deal 0, Deal 1, Deal 2, …)');
    expect(page.dialogs[0]?.text).toContain('(1: Deal 4)');
  });

  test('sync now skips what is not shared and what waits already', async () => {
    const { page, ids, org } = many([{ [sync]: true }, {}, { [sync]: true, [action]: 489100000 }]);
    await commands.bulkSyncNow(ids, grid);
    expect((org.tables['opportunity'] ?? []).map((row) => row[action])).toEqual([489100004, null, 489100000]);
    expect(page.dialogs[0]?.text).toMatch(/requested: 1[^]*left out: 2/);
  });
});

describe('the two ways to read records say the same', () => {
  test('for every table and column that the rules need', async () => {
    const org = makeOrg();
    openPage({ org, values: { cosell_helprequired: 489100002 } });
    org.tables['connection'] = [
      {
        record1id: { id: dealId, table: 'opportunity' },
        record2id: { id: contactId, table: 'contact' },
        record1roleid: null,
        record2roleid: 'role',
        statecode: 0,
      },
    ];
    const queries: [string, string[], string][] = [
      [
        'opportunity',
        [
          'opportunityid',
          'name',
          'estimatedvalue',
          'estimatedclosedate',
          'parentaccountid',
          'parentcontactid',
          'ownerid',
          'customerid',
          'transactioncurrencyid',
          'cosell_helprequired',
          sync,
        ],
        `opportunityid eq ${dealId}`,
      ],
      ['account', ['accountid', 'name', 'address1_line2'], `accountid eq ${accountId}`],
      ['systemuser', ['systemuserid', 'mobilephone'], `systemuserid eq ${userId}`],
      ['transactioncurrency', ['transactioncurrencyid', 'statecode'], `transactioncurrencyid eq ${currencyId}`],
      [
        'connection',
        ['record1id', 'record2id', 'record2roleid', 'record1roleid'],
        `(_record1id_value eq ${dealId}) and statecode eq 0`,
      ],
      ['cosell_opportunitysolution', ['cosell_solutionid', 'cosell_price'], `_cosell_opportunityid_value eq ${dealId}`],
    ];
    for (const [table, select, where] of queries) {
      const ours = await xrmRecords().find(table, { select, where });
      const theirs = await dataverseRecords(Xrm.WebApi as never).find(table, { select, where });
      expect(ours).toHaveLength(1);
      for (const column of select)
        expect([table, column, theirs[0]?.[column] ?? null]).toEqual([table, column, ours[0]?.[column] ?? null]);
    }
  });

  test('pages are continued to the end', async () => {
    const pages = [
      {
        entities: [{ accountid: 'a' }],
        nextLink: 'https://org.example/page?$select=accountid&$skiptoken=2',
      },
      { entities: [{ accountid: 'b' }], nextLink: '' },
    ];
    for (const make of [() => xrmRecords(), () => dataverseRecords(Xrm.WebApi as never)]) {
      openPage();
      const asked: string[] = [];
      Object.assign(Xrm.WebApi, {
        retrieveMultipleRecords: (_table: string, options: string) =>
          Promise.resolve({ ...pages[asked.push(options) - 1] }),
      });
      const rows = await make().find('account', { select: ['accountid'], where: 'statecode eq 0' });
      expect(rows.map((row) => row['accountid'])).toEqual(['a', 'b']);
      expect(asked[1]).toBe('?$select=accountid&$skiptoken=2');
    }
  });

  test('an update sends the columns and nothing else', async () => {
    openPage();
    const sent: unknown[] = [];
    Object.assign(Xrm.WebApi, { updateRecord: (...given: unknown[]) => Promise.resolve(void sent.push(given)) });
    await dataverseRecords(Xrm.WebApi as never).update('opportunity', dealId, {
      [sync]: true,
      cosell_actionreason: null,
    });
    expect(sent).toEqual([['opportunity', dealId, { [sync]: true, cosell_actionreason: null }]]);
  });
});
