import * as fc from 'fast-check';
import type { Customer, DealValues, Person, Solution } from './deal';
import type { Finding } from './finding';
import { isSendable } from './finding';
import type { ShareOptions } from './validate';
import { listLimit } from './validate-parts';
import { closesWithin72Hours, validateForAccept, validateForLose, validateForShare, validateForWin } from './validate';

/* One seed, so that a red run is red again. */
fc.configureGlobal({ seed: 20260601, numRuns: 300 });

const maria: Person = { firstName: 'Maria', lastName: 'Lind', phone: '+46 8 1', email: 'maria@contoso.example' };
const contact: Person = { firstName: 'Carl', lastName: 'Berg', phone: '+46 8 2', email: 'carl@fabrikam.example' };
const cloud: Solution = {
  id: 'SOL-1',
  name: 'Contoso Cloud',
  type: 'Name',
  publisher: '',
  price: null,
  quantity: null,
};
const fabrikam: Customer = {
  name: 'Fabrikam',
  address: { line1: 'Main 1', line2: '', city: 'Lund', state: '', postalCode: '', country: 'SE' },
  size: null,
  duns: '',
};
const good: DealValues = {
  name: 'Rollout',
  dealValue: { amount: '48000', currency: 'EUR' },
  closeDate: '2026-06-30',
  dealNotes: 'Five sites',
  solutions: [cloud],
  team: [maria],
  contacts: [contact],
  helpRequired: 'QuotesOrLicensing',
  consent: true,
  purchaseIntent: 'HaveNotDecided',
  customer: fabrikam,
};
const coSell: ShareOptions = { kind: 'coSell', today: '2026-06-01' };
const codes = (findings: readonly Finding[]): string[] => findings.map((found) => found.code);
const share = (change: Partial<DealValues>, options: Partial<ShareOptions> = {}) =>
  validateForShare({ ...good, ...change }, { ...coSell, ...options });
const at = (address: Partial<Customer['address']>): Customer => ({
  ...fabrikam,
  address: { ...fabrikam.address, ...address },
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_v, i) => make(i));

describe('before sharing', () => {
  test('a complete deal has nothing to mend, in any kind', () => {
    for (const kind of ['private', 'partnerLed', 'coSell'] as const) expect(share({}, { kind })).toEqual([]);
  });

  test('an empty deal is told everything at once', () => {
    expect(codes(validateForShare({}, { kind: 'coSell', servicesCoSell: true }))).toEqual([
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
      'PARTNER_ROLE_MISSING',
      'SOLUTION_AREA_MISSING',
      'SOLUTION_PLAY_MISSING',
    ]);
  });

  test.each<[Partial<DealValues>, string[]]>([
    [{ name: '  ' }, ['NAME_MISSING']],
    [{ name: ' ✔ ' }, ['NAME_MISSING']],
    [{ customer: null }, ['CUSTOMER_MISSING']],
    [{ customer: { ...fabrikam, name: '' } }, ['CUSTOMER_NAME_MISSING']],
    [{ customer: at({ line1: ' ' }) }, ['ADDRESS_LINE1_MISSING']],
    [{ customer: at({ city: '' }) }, ['CITY_MISSING']],
    [{ customer: at({ country: '' }) }, ['COUNTRY_MISSING']],
    [{ customer: at({ country: 'Atlantis' }) }, ['COUNTRY_UNKNOWN']],
    [{ customer: at({ country: 'se' }) }, ['COUNTRY_UNKNOWN']],
    [
      { customer: at({ line1: '', city: '', country: 'SWE' }) },
      ['ADDRESS_LINE1_MISSING', 'CITY_MISSING', 'COUNTRY_UNKNOWN'],
    ],
    [{ dealValue: null }, ['VALUE_MISSING']],
    [{ dealValue: { amount: '', currency: '' } }, ['VALUE_MISSING', 'CURRENCY_MISSING']],
    [{ dealValue: { amount: '0.00', currency: 'EUR' } }, ['VALUE_NOT_POSITIVE']],
    [{ dealValue: { amount: '-5', currency: 'EURO' } }, ['VALUE_NOT_POSITIVE', 'CURRENCY_UNKNOWN']],
    [{ dealValue: { amount: '48,000', currency: 'XXX' } }, ['VALUE_NOT_A_NUMBER', 'CURRENCY_UNKNOWN']],
    [{ closeDate: null }, ['CLOSE_DATE_MISSING']],
    [{ closeDate: '' }, ['CLOSE_DATE_MISSING']],
    [{ closeDate: '30/06/2026' }, ['CLOSE_DATE_INVALID']],
    [{ closeDate: '2026-05-31' }, ['CLOSE_DATE_PAST']],
    [{ closeDate: '2026-06-01' }, []],
    [{ solutions: [] }, ['SOLUTION_MISSING']],
    [{ solutions: [{ ...cloud, id: ' ' }] }, ['SOLUTION_ID_MISSING']],
    [{ solutions: times(listLimit, () => cloud) }, []],
    [{ solutions: times(51, () => cloud) }, ['SOLUTIONS_TOO_MANY']],
    [{ team: [] }, ['TEAM_MISSING']],
    [{ team: times(50, () => maria) }, []],
    [{ team: times(51, () => maria) }, ['TEAM_TOO_MANY']],
    [{ team: [maria, { ...maria, phone: '' }] }, ['SELLER_PHONE_MISSING']],
    [{ team: [{ ...maria, firstName: '', email: ' ' }] }, ['SELLER_FIRST_NAME_MISSING', 'SELLER_EMAIL_MISSING']],
    [{ team: [{ ...maria, lastName: '' }] }, ['SELLER_LAST_NAME_MISSING']],
    [{ contacts: [] }, ['CONTACT_MISSING']],
    [{ contacts: [{ ...contact, phone: '' }, contact] }, []],
    [{ contacts: [contact, { ...contact, phone: '' }] }, []],
    [
      {
        contacts: [
          { ...contact, phone: '', email: '' },
          { ...contact, firstName: '' },
          { ...contact, lastName: '' },
        ],
      },
      ['CONTACT_FIRST_NAME_MISSING'],
    ],
    [
      { contacts: [{ ...contact, lastName: '', phone: '', email: '' }] },
      ['CONTACT_LAST_NAME_MISSING', 'CONTACT_PHONE_MISSING', 'CONTACT_EMAIL_MISSING'],
    ],
    [{ helpRequired: 'CodeOfNextYear' }, ['HELP_UNKNOWN']],
    [{ consent: false }, ['CONSENT_MISSING']],
    [{ purchaseIntent: null }, ['PURCHASE_INTENT_MISSING']],
    [{ purchaseIntent: 'AnswerOfNextYear' }, []],
    [{ dealNotes: '' }, ['NOTES_MISSING']],
  ])('%j', (change, expected) => {
    expect(codes(share(change))).toEqual(expected);
  });

  test('a customer contact is asked for only when Microsoft is asked for help', () => {
    const none = { contacts: [], helpRequired: null };
    expect(codes(share(none, { kind: 'private' }))).toEqual([]);
    expect(codes(share(none, { kind: 'partnerLed' }))).toEqual([]);
    expect(codes(share(none, { kind: 'coSell' }))).toEqual(['CONTACT_MISSING']);
  });

  test('a Services deal needs role, area and play, others do not', () => {
    const services = { partnerRole: 'Solution design', solutionArea: 'Security', solutionPlay: 'Modern SecOps' };
    expect(codes(share(services, { servicesCoSell: true }))).toEqual([]);
    expect(codes(share({ ...services, solutionArea: '' }, { servicesCoSell: true }))).toEqual([
      'SOLUTION_AREA_MISSING',
    ]);
    expect(codes(share({}, { servicesCoSell: false }))).toEqual([]);
  });

  test('a solution outside of the catalogue and a currency that is not active are found when they are known', () => {
    const narrow = { knownSolutionIds: new Set(['SOL-2']), activeCurrencies: new Set(['USD']) };
    expect(codes(share({}, narrow))).toEqual(['CURRENCY_INACTIVE', 'SOLUTION_UNKNOWN']);
    const wide = { knownSolutionIds: new Set(['SOL-1']), activeCurrencies: new Set(['EUR']) };
    expect(codes(share({}, wide))).toEqual([]);
  });

  test('without a today no day is past', () => {
    expect(share({ closeDate: '2001-01-01' }, { today: undefined })).toEqual([]);
  });

  test('past dates, empty notes and unlisted help warn, they do not stop the deal', () => {
    const findings = share({ closeDate: '2026-01-01', dealNotes: '', helpRequired: 'CodeOfNextYear' });
    expect(findings.map((found) => found.severity)).toEqual(['warning', 'warning', 'warning']);
    expect(isSendable(findings)).toBe(true);
    expect(isSendable(share({ name: '' }))).toBe(false);
  });

  test('findings carry the offending value, the field to jump to and the record to open', () => {
    expect(share({ customer: at({ country: ' Atlantis' }) })).toEqual([
      {
        code: 'COUNTRY_UNKNOWN',
        field: 'customer.address.country',
        recordHint: 'account',
        severity: 'error',
        params: { country: 'Atlantis' },
      },
    ]);
    const params = (change: Partial<DealValues>, options = {}) => share(change, options).map((found) => found.params);
    expect(params({ dealValue: { amount: '-5.0', currency: 'EURO' } })).toEqual([
      { value: '-5' },
      { currency: 'EURO' },
    ]);
    expect(params({ team: times(51, () => maria) })).toEqual([{ count: '51', limit: '50' }]);
    expect(params({ solutions: [cloud, { ...cloud, id: '', name: '' }] })).toEqual([{ solution: '#2' }]);
    expect(params({}, { knownSolutionIds: new Set() })).toEqual([{ solution: 'Contoso Cloud' }]);
  });

  test('people are named, or counted when they have no name, and never by e-mail', () => {
    const nameless = { ...maria, firstName: '', lastName: '' };
    const findings = share({ team: [{ ...maria, phone: '' }, nameless, { ...maria, firstName: '' }] });
    expect(findings.map((found) => found.params?.['person'])).toEqual(['Maria Lind', '#2', '#2', 'Lind']);
    expect(JSON.stringify(findings)).not.toContain('@');
  });
});

describe('before accepting', () => {
  test('name, value, currency, close date and a complete team are asked for, nothing else', () => {
    expect(codes(validateForAccept({}))).toEqual([
      'NAME_MISSING',
      'VALUE_MISSING',
      'CLOSE_DATE_MISSING',
      'TEAM_MISSING',
    ]);
    const { name, dealValue, closeDate, team } = good as Required<DealValues>;
    expect(validateForAccept({ name, dealValue, closeDate, team })).toEqual([]);
    const context = { today: '2027-01-01', activeCurrencies: new Set(['USD']) };
    expect(codes(validateForAccept({ name, dealValue, closeDate, team }, context))).toEqual([
      'CURRENCY_INACTIVE',
      'CLOSE_DATE_PAST',
    ]);
  });
});

describe('before closing', () => {
  test('a deal is not won with a value or a day that it would keep for ever', () => {
    expect(validateForWin(good)).toEqual([]);
    expect(validateForWin({})).toEqual([]);
    expect(codes(validateForWin({ dealValue: { amount: '0', currency: 'EUR' }, closeDate: null }))).toEqual([
      'VALUE_NOT_POSITIVE',
      'CLOSE_DATE_MISSING',
    ]);
    expect(codes(validateForWin({ dealValue: null }))).toEqual(['VALUE_MISSING']);
  });

  test('winning within 72 hours warns when a registration is wanted', () => {
    const young = { createdOn: '2026-06-01T10:00:00Z', now: '2026-06-04T09:59:59Z' };
    expect(validateForWin({}, { ...young, registrationWanted: true })).toEqual([
      { code: 'WON_WITHIN_72_HOURS', field: 'status', recordHint: 'opportunity', severity: 'warning' },
    ]);
    expect(validateForWin({}, young)).toEqual([]);
    expect(validateForWin({}, { ...young, now: '2026-06-04T10:00:00Z', registrationWanted: true })).toEqual([]);
    expect(validateForWin({}, { registrationWanted: true })).toEqual([]);
  });

  test('72 hours are counted between the two instants, whatever their form', () => {
    expect(closesWithin72Hours('2026-06-01T10:00:00.1234567Z', '2026-06-04T11:59:00+02:00')).toBe(true);
    expect(closesWithin72Hours('2026-06-01T10:00:00Z', '2026-06-04T10:00:00Z')).toBe(false);
    expect(closesWithin72Hours(null, '2026-06-04T10:00:00Z')).toBe(false);
    expect(closesWithin72Hours('2026-06-01T10:00:00Z', '')).toBe(false);
  });

  test('losing and declining need a reason', () => {
    expect(codes(validateForLose({}))).toEqual(['CLOSE_REASON_MISSING']);
    expect(codes(validateForLose({ statusReason: ' ' }))).toEqual(['CLOSE_REASON_MISSING']);
    expect(validateForLose({ statusReason: 'They bought a boat' })).toEqual([]);
  });
});

describe('any deal', () => {
  const text = fc.oneof(fc.constantFrom('', ' ', '✔', 'SE', 'EUR', '48000', '0', 'x', '#1'), fc.string());
  const somebody = fc.record({
    firstName: text,
    lastName: text,
    phone: text,
    email: fc.constantFrom('', 'a@b.example'),
  });
  const something = fc.record({
    id: text,
    name: text,
    type: text,
    publisher: text,
    price: fc.option(text),
    quantity: fc.option(text),
  });
  const deal = fc.record(
    {
      name: text,
      dealValue: fc.option(fc.record({ amount: text, currency: text })),
      closeDate: fc.option(text),
      dealNotes: text,
      solutions: fc.array(something, { maxLength: 4 }),
      team: fc.array(somebody, { maxLength: 4 }),
      contacts: fc.array(somebody, { maxLength: 4 }),
      helpRequired: fc.option(text),
      consent: fc.boolean(),
      purchaseIntent: fc.option(text),
      customer: fc.option(
        fc.record({
          name: text,
          address: fc.record({ line1: text, line2: text, city: text, state: text, postalCode: text, country: text }),
          size: fc.option(text),
          duns: text,
        }),
      ),
      statusReason: text,
    },
    { requiredKeys: [] },
  );
  const kinds = fc.constantFrom('private' as const, 'partnerLed' as const, 'coSell' as const);

  test('gets the same findings each time, and never fewer for a higher kind', () => {
    fc.assert(
      fc.property(deal, kinds, (values, kind) => {
        const findings = validateForShare(values, { kind });
        expect(validateForShare(structuredClone(values), { kind })).toEqual(findings);
        const highest = codes(validateForShare(values, { kind: 'coSell' }));
        for (const code of codes(findings)) expect(highest).toContain(code);
        expect(codes(findings)).toEqual(expect.arrayContaining(codes(validateForAccept(values))));
        validateForWin(values);
        validateForLose(values);
      }),
    );
  });

  test('is sendable once each finding was mended, and putting one fault in gives an error of that field', () => {
    const faults: readonly [keyof DealValues, unknown][] = [
      ['name', ''],
      ['dealValue', null],
      ['closeDate', null],
      ['solutions', []],
      ['team', []],
      ['contacts', []],
      ['consent', false],
      ['purchaseIntent', null],
      ['customer', null],
    ];
    fc.assert(
      fc.property(fc.subarray([...faults]), (chosen) => {
        const broken = { ...good, ...Object.fromEntries(chosen) } as DealValues;
        const findings = validateForShare(broken, coSell);
        expect(findings.map((found) => found.field).sort()).toEqual(chosen.map(([field]) => field).sort());
        expect(isSendable(findings)).toBe(chosen.length === 0);
      }),
    );
  });
});
