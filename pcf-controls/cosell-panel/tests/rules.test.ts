/** What the panel decides without drawing anything: standing, checklist, preview, message, times. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpCodes } from '../../../domain/enums';
import { choiceOf } from '../../../sync-worker/src/crm/choices';
import { dealFromRows } from '../../../sync-worker/src/crm/deal-from-row';
import { currencies, settingsWith } from '../../../sync-worker/src/crm/fixture';
import { choices } from '../../../sync-worker/src/crm/generated/schema';
import { contextOf, textsOf } from '../../kit/testing';
import { stringsOf } from '../../kit/strings';
import { checkForAccept, checkForShare } from '../CosellPanel/checklist';
import { countryCode } from '../CosellPanel/country';
import { factsOf } from '../CosellPanel/facts';
import { messageOf } from '../CosellPanel/message';
import {
  dealTypeOf,
  helpCodeOf,
  referralStatusOf,
  requestOf,
  requestOption,
  syncStatusOf,
} from '../CosellPanel/options';
import { mayAct, standingOf } from '../CosellPanel/phase';
import { previewOf } from '../CosellPanel/preview';
import { moneyText, relativeTime, urgencyOf } from '../CosellPanel/time';
import { completeColumns, completeRow, invited, modelFrom, recordId, shared, type Row, type Values } from './test-deal';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const facts = (row: Row = completeRow, people: readonly Row[] = []) => factsOf(recordId, row, people);
const codes = (list: { findings: readonly { code: string }[] }) => list.findings.map(({ code }) => code);
const share = (values: Values, row: Row | null = completeRow, kind: 'private' | 'partnerLed' | 'coSell' = 'coSell') =>
  checkForShare(modelFrom(values), row ? facts(row) : undefined, kind, '2026-03-02');

describe('the options of our choices', () => {
  test('mean the same to the panel as to the worker', () => {
    const words = (options: Record<string, number>, word: (option: number) => unknown) =>
      Object.values(options).map(word);
    expect(words(choices.syncStatus, syncStatusOf)).toEqual(Object.keys(choices.syncStatus));
    expect(words(choices.dealType, dealTypeOf)).toEqual(Object.keys(choices.dealType));
    expect(words(choices.requestedAction, requestOf)).toEqual(Object.keys(choices.requestedAction));
    expect(words(choices.referralStatus, referralStatusOf)).toEqual(Object.keys(choices.referralStatus));
    for (const word of ['accept', 'decline', 'shareAgain', 'syncNow'] as const)
      expect(requestOption(word)).toBe(choices.requestedAction[word]);
    expect(words(choices.helpRequired, helpCodeOf)).toEqual(words(choices.helpRequired, choiceOf.helpRequired.word));
    expect(words(choices.helpRequired, helpCodeOf)).toEqual(helpCodes.map(({ value }) => value));
  });

  test('that an administrator added have no word and are no neighbour', () => {
    expect(syncStatusOf(7)).toBeUndefined();
    expect(helpCodeOf(700_000_001)).toBe('700000001');
    expect(helpCodeOf(null)).toBeNull();
  });
});

describe('where a deal stands', () => {
  test.each<[string, Values, string]>([
    ['nothing was asked for', {}, 'off'],
    ['sharing is on and the worker has not looked', { sync: true }, 'toShare'],
    ['the worker shares it', { sync: true, syncStatus: 'syncing' }, 'syncing'],
    ['it is in sync', shared, 'synced'],
    ['Microsoft waits for an answer', invited, 'onHold'],
    ['something is wrong', { ...shared, syncStatus: 'needsAttention' }, 'needsAttention'],
    ['the seller turned sync off', { ...shared, sync: false, syncStatus: 'paused' }, 'paused'],
    ['sync was turned off and the worker has not looked', { ...shared, sync: false }, 'paused'],
    ['the worker says closed', { ...shared, syncStatus: 'closed' }, 'closed'],
    [
      'the referral is closed whatever the sync says',
      { ...shared, referralStatus: 'closed', syncStatus: 'needsAttention' },
      'closed',
    ],
    ['a newer solution has another state', { sync: true, syncStatus: 99 }, 'unknown'],
  ])('when %s', (_when, values, phase) => {
    expect(standingOf(modelFrom(values)).phase).toBe(phase);
  });

  test('the kind follows from help and visibility until Partner Center has the deal', () => {
    expect(standingOf(modelFrom({})).kind).toBe('private');
    expect(standingOf(modelFrom({ visibility: true })).kind).toBe('partnerLed');
    expect(standingOf(modelFrom({ helpRequired: 'generalOrOther' })).kind).toBe('coSell');
    expect(standingOf(modelFrom({ ...shared, dealType: 'private' }))).toMatchObject({
      kind: 'private',
      wanted: 'coSell',
    });
    expect(standingOf(modelFrom({ ...shared, dealType: null })).kind).toBe('coSell');
  });

  test('help and visibility freeze with what was sent, not before', () => {
    expect(standingOf(modelFrom({ visibility: true }))).toMatchObject({
      helpFrozen: undefined,
      visibilityFrozen: undefined,
    });
    expect(standingOf(modelFrom({ helpRequired: 'generalOrOther' })).visibilityFrozen).toBe('frozen_byHelp');
    expect(standingOf(modelFrom({ ...shared, helpRequired: null, dealType: 'private' }))).toMatchObject({
      helpFrozen: undefined,
      visibilityFrozen: undefined,
    });
    expect(standingOf(modelFrom({ ...shared, helpRequired: null, dealType: 'partnerLed' }))).toMatchObject({
      helpFrozen: undefined,
      visibilityFrozen: 'frozen_visible',
    });
    expect(standingOf(modelFrom(shared))).toMatchObject({
      helpFrozen: 'frozen_help',
      visibilityFrozen: 'frozen_visible',
    });
  });

  test('a masked referral id does not make a shared deal look unshared', () => {
    expect(standingOf(modelFrom(shared, { security: { referralIdentifier: { readable: false } } })).linked).toBe(true);
  });

  test('nothing is asked of the connector offline, read-only, or while it still works on something', () => {
    expect(mayAct(modelFrom(invited))).toBe(true);
    expect(mayAct(modelFrom(invited, { offline: true }))).toBe(false);
    expect(mayAct(modelFrom(invited, { disabled: true }))).toBe(false);
    expect(mayAct(modelFrom({ ...invited, requestedAction: 'accept' }))).toBe(false);
    expect(mayAct(modelFrom({ ...invited, requestedAction: 99 }))).toBe(false);
    expect(mayAct(modelFrom(invited, { security: { requestedAction: { editable: false } } }))).toBe(false);
  });

  test('the record id comes without braces and in lower case, and empty on the create form', () => {
    expect(modelFrom({ recordId: `{${recordId.toUpperCase()}}` }).recordId).toBe(recordId);
    expect(modelFrom({ recordId: '' }).recordId).toBe('');
    expect(modelFrom({}, { absent: ['recordId'] }).recordId).toBe('');
  });
});

describe('the checklist', () => {
  test('is empty for a complete deal, and names every part as done', () => {
    expect(share({ ...completeColumns, helpRequired: 'generalOrOther' })).toEqual({
      findings: [],
      passed: [
        'name',
        'customer',
        'dealValue',
        'closeDate',
        'team',
        'solutions',
        'contacts',
        'consent',
        'purchaseIntent',
        'dealNotes',
      ],
      later: [],
      ready: true,
    });
  });

  test('names everything that is missing at once, what forbids sharing first', () => {
    const row = {
      ...completeRow,
      name: '',
      estimatedvalue: null,
      estimatedclosedate: null,
      parentaccountid: null,
      parentcontactid: null,
      owninguser: null,
      cosell_opportunity_opportunitysolution: [],
    };
    const list = share({ sync: true }, row);
    expect(codes(list)).toEqual([
      'NAME_MISSING',
      'CUSTOMER_MISSING',
      'VALUE_MISSING',
      'CLOSE_DATE_MISSING',
      'SOLUTION_MISSING',
      'TEAM_MISSING',
      'CONTACT_MISSING',
      'CONSENT_MISSING',
      'PURCHASE_INTENT_MISSING',
      'NOTES_MISSING',
    ]);
    expect(list.ready).toBe(false);
  });

  test('asks for a customer contact only when Microsoft is asked to help', () => {
    const row = { ...completeRow, parentcontactid: null };
    expect(codes(share(completeColumns, row, 'private'))).toEqual([]);
    expect(codes(share(completeColumns, row, 'coSell'))).toEqual(['CONTACT_MISSING']);
  });

  test('takes what the seller typed over what was saved', () => {
    expect(codes(share({ ...completeColumns, customerConsent: false }))).toEqual(['CONSENT_MISSING']);
  });

  test('on the create form judges only what is on it and lists the rest for later', () => {
    const model = modelFrom({ recordId: '', sync: true, helpRequired: 'generalOrOther' });
    const list = checkForShare(model, undefined, 'coSell', '2026-03-02');
    expect(codes(list)).toEqual(['SOLUTION_MISSING', 'CONSENT_MISSING', 'PURCHASE_INTENT_MISSING', 'NOTES_MISSING']);
    expect(list.later).toEqual(['name', 'customer', 'dealValue', 'closeDate', 'team', 'contacts']);
  });

  test('counts solutions that were picked before the first save, and those that have no row yet', () => {
    const solutionDraft = JSON.stringify({
      v: 1,
      solutions: [{ id: recordId, name: 'Picked', price: null, quantity: null }],
    });
    expect(
      codes(
        checkForShare(
          modelFrom({ ...completeColumns, recordId: '', solutionDraft }),
          undefined,
          'private',
          '2026-03-02',
        ),
      ),
    ).toEqual([]);
    expect(
      codes(
        share(
          { ...completeColumns, solutionDraft },
          { ...completeRow, cosell_opportunity_opportunitysolution: [] },
          'private',
        ),
      ),
    ).toEqual([]);
  });

  test('does not call a column missing that this person may not see', () => {
    const model = modelFrom(completeColumns, {
      security: { customerConsent: { readable: false } },
      absent: ['purchaseIntent'],
    });
    const list = checkForShare(model, facts(), 'private', '2026-03-02');
    expect(list).toMatchObject({ findings: [], later: ['consent', 'purchaseIntent'], ready: true });
  });

  test('asks for role, area and play of a Services co-sell deal', () => {
    const list = share(
      { ...completeColumns },
      { ...completeRow, cosell_coselltype: 'Services co-sell', cosell_partnerrole: 'Transaction' },
    );
    expect(codes(list)).toEqual(['SOLUTION_AREA_MISSING', 'SOLUTION_PLAY_MISSING']);
    expect(list.passed).not.toContain('services');
  });

  test('only warns about a country that the worker may understand and the panel does not', () => {
    const row = { ...completeRow, parentaccountid: { ...completeRow.parentaccountid, address1_country: 'Svithiod' } };
    expect(share(completeColumns, row)).toMatchObject({
      findings: [{ code: 'COUNTRY_UNKNOWN', severity: 'warning' }],
      ready: true,
    });
  });

  test('names an inactive currency as the worker does', () => {
    const row = { ...completeRow, transactioncurrencyid: { isocurrencycode: 'CHF', statecode: 1 } };
    expect(share(completeColumns, row).findings).toMatchObject([
      { code: 'CURRENCY_INACTIVE', params: { currency: 'CHF' } },
    ]);
  });

  test('before accepting asks only for what the portal asks for', () => {
    const bare = {
      ...completeRow,
      estimatedvalue: 0,
      parentaccountid: null,
      cosell_opportunity_opportunitysolution: [],
    };
    expect(codes(checkForAccept(modelFrom(invited), facts(bare), '2026-03-02'))).toEqual(['VALUE_NOT_POSITIVE']);
    expect(checkForAccept(modelFrom(invited), facts(), '2026-03-02')).toMatchObject({
      ready: true,
      passed: ['name', 'dealValue', 'closeDate', 'team'],
    });
  });
});

describe('what was read', () => {
  const connection = (
    key: 'record2id_systemuser' | 'record2id_contact',
    person: Row,
    category: number,
    end = 'record2roleid',
  ) => ({
    [key]: person,
    [end]: { category },
  });
  const colleague = {
    firstname: '',
    lastname: '',
    fullname: 'Maria Del Mar',
    internalemailaddress: 'maria@fabrikam.example',
    mobilephone: '070',
  };
  const stakeholder = { firstname: 'Ola', lastname: 'Ek', emailaddress1: 'OLA@aw.example', telephone1: '1' };
  const people = [
    connection('record2id_systemuser', colleague, 1001),
    connection(
      'record2id_systemuser',
      { ...completeRow.owninguser, internalemailaddress: 'SAM@fabrikam.example' },
      1001,
      'record1roleid',
    ),
    connection(
      'record2id_systemuser',
      { lastname: 'Not in the team', internalemailaddress: 'no@fabrikam.example' },
      1000,
    ),
    connection('record2id_contact', stakeholder, 1000),
  ];
  // The worker's reader puts the same rows under names of its own before it reads them.
  const forWorker = people.map((row) => ({
    user: row['record2id_systemuser'],
    contact: row['record2id_contact'],
    roles: [row['record1roleid'], row['record2roleid']].flatMap((role) =>
      role ? [(role as { category: number }).category] : [],
    ),
  }));
  const byWorker = (row: Row) =>
    dealFromRows(
      'opportunity',
      { ...row, _transactioncurrencyid_value: 'eur-id' },
      { solutions: [], connections: forWorker },
      { settings: settingsWith(), currencies, userId: 'us' },
    ).values;

  test.each<[string, Row]>([
    ['a complete deal', completeRow],
    ['a deal of a contact without account', { ...completeRow, parentaccountid: null, customerid_contact: stakeholder }],
    [
      'a customer in the customer column',
      { ...completeRow, parentaccountid: null, customerid_account: completeRow.parentaccountid },
    ],
    ['an owner that is a team', { ...completeRow, owninguser: null }],
    [
      'an empty deal',
      { ...completeRow, name: null, estimatedvalue: null, estimatedclosedate: null, parentcontactid: null },
    ],
    [
      'a contact with a full name only',
      { ...completeRow, parentcontactid: { fullname: 'Prince', emailaddress1: 'p@aw.example' } },
    ],
    [
      'services',
      {
        ...completeRow,
        cosell_coselltype: 'Services',
        cosell_partnerrole: 'a',
        cosell_solutionarea: 'b',
        cosell_solutionplay: 'c',
      },
    ],
    ['a date with a time', { ...completeRow, estimatedclosedate: '2026-05-01T00:00:00Z' }],
  ])('is judged like the worker reads it: %s', (_case, row) => {
    const { solutions, ...values } = factsOf(recordId, row, people).values;
    expect(solutions).toHaveLength(1);
    const worker = byWorker(row);
    expect(values).toEqual(
      Object.fromEntries(Object.keys(values).map((name) => [name, worker[name as keyof typeof worker]])),
    );
  });

  test.each([
    ['se', 'SE'],
    ['Sweden', 'SE'],
    ['Sverige', 'SE'],
    ['Allemagne', 'DE'],
    ['瑞典', 'SE'],
    ['DANMARK ', 'DK'],
    ["Cote d'Ivoire", 'CI'],
    ['Deutschland', 'DE'],
    ['UK', 'GB'],
    ['QQ', undefined],
    ['Atlantis', undefined],
    ['', undefined],
  ])('country %s is %s', (text, code) => {
    expect(countryCode(text)).toBe(code);
  });
});

describe('the preview', () => {
  const words = {
    money: () => '€48,000.50',
    day: (text: string) => `on ${text}`,
    help: 'General',
    intent: 'Yes',
    yes: 'Yes',
    no: 'No',
  };
  const values = { ...facts().values, consent: true, notesToMicrosoft: 'Call Karin first' };

  test('of a co-sell deal shows help, notes and contacts beside everything else that is sent', () => {
    const rows = Object.fromEntries(previewOf(values, 'coSell', words).map(([label, text]) => [label, text]));
    expect(rows).toMatchObject({
      part_name: 'Cloud migration',
      part_customer: 'Adventure Works AB\nStorgatan 1\n111 22 Stockholm\nSE',
      part_contacts: 'Karin Berg, karin@aw.example, +46 8 2',
      part_dealValue: '€48,000.50',
      part_closeDate: 'on 2999-03-31',
      part_solutions: 'Landing Zone × 2',
      part_team: 'Sam Seller, sam@fabrikam.example, +46 8 1',
      preview_help: 'General',
      preview_notes: 'Call Karin first',
      part_dealNotes: '',
    });
  });

  test('leaves out the mark that the connector puts beside a name, as the worker does', () => {
    const [[, name] = []] = previewOf({ ...values, name: 'Cloud migration \u2714' }, 'private', words);
    expect(name).toBe('Cloud migration');
  });

  test('of a partner-led deal leaves out what only an invitation carries', () => {
    const labels = previewOf(values, 'partnerLed', words).map(([label]) => label);
    expect(labels).not.toContain('preview_notes');
    expect(labels).not.toContain('preview_help');
    // Contacts are sent with every kind of deal, so a preview without them would not be true.
    expect(labels).toContain('part_contacts');
  });
});

describe('the message', () => {
  const strings = stringsOf(contextOf({ parameters: {}, texts: textsOf('cosell-panel', 1053) }));
  const english = stringsOf(contextOf({ parameters: {}, texts: textsOf('cosell-panel') }));

  test('is said in the language of the seller, from its code', () => {
    expect(messageOf('[{"code":"CUSTOMER_MISSING"}]', 'No account is chosen', strings).lines[0]).toMatch(
      /^Inget konto/,
    );
  });

  test('is told as a finding, a notice or an error, whichever the code is', () => {
    const lines = (code: string, params = {}) =>
      messageOf(JSON.stringify([{ code, params }]), 'worker text', english).lines;
    expect(lines('VALUE_NOT_POSITIVE', { value: '0' })).toEqual([expect.stringContaining('0')]);
    expect(lines('DECLINED')[0]).toContain('declined');
    expect(lines('REFERRAL_CLOSED')[0]).toContain('closed');
  });

  test.each([
    ['a code that a newer worker made', '[{"code":"FROM_THE_FUTURE"}]'],
    ['one known and one unknown code', '[{"code":"CUSTOMER_MISSING"},{"code":"FROM_THE_FUTURE"}]'],
    ['broken JSON', '[{"code"'],
    ['something else than a list', '{"code":"DECLINED"}'],
    ['a list of something else', '[null]'],
    ['nothing', ''],
    ['null', null],
  ])('is shown in the worker’s words for %s', (_case, code) => {
    expect(messageOf(code, 'First line\n\nSecond line', english)).toEqual({
      lines: ['First line', 'Second line'],
      onlyFindings: false,
      onlyHold: false,
    });
  });

  test('a field that a message is about is named in the reader’s words', () => {
    const code = JSON.stringify([
      {
        code: 'textTooLong',
        params: { field: 'dealNotes', length: '9000', limit: '2000', column: 'cosell_dealnotes' },
      },
    ]);
    expect(messageOf(code, '', english).lines[0]).toMatch(/^Deal Notes|^Deal notes/);
    expect(messageOf(code.replace('dealNotes', 'somethingNew'), '', english).lines[0]).toMatch(
      /^somethingNew has 9000/,
    );
  });

  test('shows no placeholder when a parameter was not stored', () => {
    expect(messageOf('[{"code":"VALUE_NOT_POSITIVE"}]', '', english).lines[0]).not.toContain('{');
  });

  test('knows when the checklist or the invitation already say it', () => {
    expect(messageOf('[{"code":"NAME_MISSING"},{"code":"CITY_MISSING"}]', '', english).onlyFindings).toBe(true);
    expect(messageOf('[{"code":"NAME_MISSING"},{"code":"DECLINED"}]', '', english).onlyFindings).toBe(false);
    expect(messageOf('[{"code":"ON_HOLD"}]', '', english).onlyHold).toBe(true);
  });
});

describe('times', () => {
  test.each([
    [-10_000, 'now'],
    [-5 * minute, '5 minutes ago'],
    [-119 * minute, '119 minutes ago'],
    [-3 * hour, '3 hours ago'],
    [47 * hour, 'in 47 hours'],
    [2.9 * day, 'in 2 days'],
  ])('%d ms from now is "%s"', (distance, words) => {
    expect(relativeTime(distance, 0, 1033)).toBe(words);
  });

  test('are said in the languages of the texts, and in English elsewhere', () => {
    expect([1036, 1053, 1028, 1031].map((language) => relativeTime(-3 * day, 0, language))).toEqual([
      'il y a 3 jours',
      'för 3 dagar sedan',
      '3 天前',
      '3 days ago',
    ]);
  });

  test('an invitation warns at seven, three and one day, and says when it is over', () => {
    expect([8 * day, 7 * day, 3 * day, day, 0].map((left) => urgencyOf(left, 0))).toEqual([
      'none',
      'week',
      'days',
      'day',
      'over',
    ]);
  });

  test('an amount without a real currency is still shown', () => {
    expect(moneyText({ amount: '48000.5', currency: 'EUR' }, 1033)).toBe('€48,000.50');
    expect(moneyText({ amount: '48000.5', currency: 'Euro!' }, 1033)).toBe('48000.5 Euro!');
    expect(moneyText({ amount: '7', currency: '' }, 1033)).toBe('7');
  });
});

test('texts exist for every word that the rules can choose', () => {
  const texts = JSON.parse(readFileSync(join(__dirname, '..', 'strings', '1033.json'), 'utf8')) as Record<
    string,
    string
  >;
  const wanted = [
    ...Object.keys(choices.syncStatus)
      .filter((status) => status !== 'notShared')
      .map((status) => `state_${status}`),
    ...Object.keys(choices.dealType)
      .filter((type) => type !== 'other')
      .map((type) => `kind_${type}`),
    ...[...Object.keys(choices.requestedAction), 'other'].map((action) => `pending_${action}`),
  ];
  expect(wanted.filter((key) => texts[key] === undefined)).toEqual([]);
});
