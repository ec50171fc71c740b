import * as fc from 'fast-check';
import type { Customer, Person, Solution } from './deal';
import {
  addMark,
  compareInstants,
  dayFromInstant,
  instantFromDay,
  isDay,
  isGuid,
  marks,
  memberKey,
  membersByKey,
  normaliseDecimal,
  normaliseText,
  personKey,
  roundDecimal,
  sameCustomer,
  sameDay,
  sameDecimal,
  sameMember,
  sameMoney,
  samePerson,
  sameSet,
  sameSolution,
  sameText,
  secondsBetween,
  solutionKey,
  stripMark,
  unescapeHtml,
} from './normalise';
import { isOnlyMark } from './text';

/* One seed, so that a red run is red again. */
fc.configureGlobal({ seed: 20260601, numRuns: 300 });

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`.replace('&#38;', '&amp;'));
/** Text rich in what goes wrong: entities, accents made of two signs, line ends, blanks, our marks. */
const roughText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(
        '&amp;',
        '&',
        ';',
        '#',
        '&#65;',
        'e\u0301',
        '\u00e9',
        '\r\n',
        '\r',
        ' ',
        '\u037e',
        '✔',
        '✖',
        '\ufe0f',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('text', () => {
  test.each([
    ['Fabrikam &amp; Sons', 'Fabrikam & Sons'],
    ['&lt;b&gt; &quot;x&quot; &apos;y&apos; &#39;z&#39; &#x27;&#X41;', `<b> "x" 'y' 'z' 'A`],
    ['&amp;amp;', '&'],
    ['a&nbsp;b', 'a\u00a0b'],
    ['  Lind \r\nNordstr\u0075\u0308m\t', 'Lind \nNordstr\u00fcm'],
    ['two  blanks', 'two  blanks'],
    ['&eacute; &#0; &#xD800; &#x110000; &; &#; &amp', '&eacute; &#0; &#xD800; &#x110000; &; &#; &amp'],
    ['&copy; &am;', '&copy; &am;'],
    ['&#128512;', '😀'],
    ['&#xDFFF; &#xD7FF; &#xE000; &#x10FFFF;', '&#xDFFF; \ud7ff \ue000 \u{10ffff}'],
    [null, ''],
    [undefined, ''],
  ])('%j is compared as %j', (text, form) => {
    expect(normaliseText(text)).toBe(form);
  });

  test('unescaping alone takes off one level', () => {
    expect(unescapeHtml('&amp;amp; &amp;lt;')).toBe('&amp; &lt;');
  });

  test('absent and empty say the same, different words do not', () => {
    expect(sameText(null, ' ')).toBe(true);
    expect(sameText('Azure', 'azure')).toBe(false);
  });

  test('the compared form of a compared form is itself', () => {
    fc.assert(fc.property(roughText, (text) => sameText(normaliseText(text), text)));
    fc.assert(fc.property(roughText, (text) => normaliseText(normaliseText(text)) === normaliseText(text)));
  });

  test('a service that escapes, or decomposes accents, or changes line ends, has changed nothing', () => {
    fc.assert(fc.property(roughText, (text) => sameText(escapeHtml(text), text)));
    fc.assert(fc.property(roughText, (text) => sameText(text.normalize('NFD'), text)));
    fc.assert(fc.property(roughText, (text) => sameText(text.replace(/\r\n?/g, '\n').replace(/\n/g, '\r\n'), text)));
  });

  test('a text of nested entities ends in time', () => {
    const hostile = '&am&#112;'.repeat(20_000) + ';'.repeat(20_000);
    expect(normaliseText(hostile)).toContain('&');
  });
});

describe('mark beside the name', () => {
  test.each([
    ['Rollout ✔', 'Rollout'],
    ['✔ Rollout', 'Rollout'],
    ['✖Rollout✔', 'Rollout'],
    ['✔ ✖ ✔ Rollout ✔ ✔', 'Rollout'],
    ['Rollout ✔\ufe0f', 'Rollout'],
    ['✔\ufe0e Rollout ✖', 'Rollout'],
    ['  Rollout  ', '  Rollout  '],
    ['Roll✔out', 'Roll✔out'],
    ['I ❤\ufe0f Azure ❤\ufe0f ✔', 'I ❤\ufe0f Azure ❤\ufe0f'],
    ['❤\ufe0f', '❤\ufe0f'],
    ['\ufe0f', '\ufe0f'],
    ['✔', ''],
    [' ✔ ✖ ', ''],
    ['', ''],
    ['   ', '   '],
  ])('%j is sent as %j', (name, bare) => {
    expect(stripMark(name)).toBe(bare);
    expect(isOnlyMark(name)).toBe(bare.trim() === '');
  });

  test('a mark replaces the mark before it and is never doubled', () => {
    expect(addMark('Rollout', 'ok', 300)).toEqual({ name: 'Rollout ✔', fits: true });
    expect(addMark('Rollout ✔', 'ok', 300)).toEqual({ name: 'Rollout ✔', fits: true });
    expect(addMark('Rollout ✔', 'failed', 300)).toEqual({ name: 'Rollout ✖', fits: true });
    expect(addMark('✔', 'failed', 300)).toEqual({ name: '✖', fits: true });
  });

  test('a name without room keeps all its letters and goes without mark', () => {
    expect(addMark('Rollout', 'ok', 9)).toEqual({ name: 'Rollout ✔', fits: true });
    expect(addMark('Rollout', 'ok', 8)).toEqual({ name: 'Rollout', fits: false });
    expect(addMark('Rollout ✔', 'ok', 8)).toEqual({ name: 'Rollout', fits: false });
  });

  test('marking and taking off again leaves the name that people typed', () => {
    fc.assert(
      fc.property(roughText, fc.constantFrom('ok' as const, 'failed' as const), fc.nat(40), (name, mark, room) => {
        const { name: marked, fits } = addMark(name, mark, room);
        expect(stripMark(marked)).toBe(stripMark(name).trim());
        expect(stripMark(stripMark(name))).toBe(stripMark(name));
        expect(isOnlyMark(name)).toBe(stripMark(name).trim() === '');
        expect(isOnlyMark(marks[mark] + name)).toBe(stripMark(marks[mark] + name).trim() === '');
        expect(addMark(marked, mark, room)).toEqual({ name: marked, fits });
        if (fits) expect(marked.length).toBeLessThanOrEqual(room);
        expect(marked.endsWith(marks[mark])).toBe(fits);
      }),
    );
  });
});

describe('amounts', () => {
  test.each([
    ['48000', '48000'],
    ['48000.00', '48000'],
    ['00048000.10', '48000.1'],
    ['  12.5 ', '12.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+7', '7'],
    ['-7.50', '-7.5'],
    ['-0.00', '0'],
    ['1.5e3', '1500'],
    ['1.5E+3', '1500'],
    ['15e-4', '0.0015'],
    ['123e-2', '1.23'],
    ['1e21', '1000000000000000000000'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
  ])('%s is written %s', (text, plain) => {
    expect(normaliseDecimal(text)).toBe(plain);
  });

  test.each([
    '',
    '  ',
    '.',
    '-',
    '1,5',
    '1 000',
    '1.2.3',
    'abc',
    '1e',
    '1e9999',
    'NaN',
    'Infinity',
    '0x10',
    null,
    undefined,
  ])('%s is no amount', (text) => {
    expect(normaliseDecimal(text)).toBeNull();
  });

  test.each([
    ['1.005', 2, '1.01'],
    ['1.004', 2, '1'],
    ['-1.005', 2, '-1.01'],
    ['-0.004', 2, '0'],
    ['0.995', 2, '1'],
    ['999.5', 0, '1000'],
    ['0.5', 0, '1'],
    ['0.05', 1, '0.1'],
    ['0.005', 2, '0.01'],
    ['48000', 2, '48000'],
    ['2.675', 2, '2.68'],
    ['9007199254740993.5', 0, '9007199254740994'],
    ['abc', 2, 'abc'],
  ])('%s rounded to %i digits is %s', (text, digits, rounded) => {
    expect(roundDecimal(text, digits)).toBe(rounded);
  });

  test('rounding is off by half a unit at most, does nothing twice, and agrees with whole numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(6), fc.nat(6), (units, scale, digits) => {
        const size = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
        const text = `${units < 0n ? '-' : ''}${size.slice(0, size.length - scale)}.${size.slice(size.length - scale)}`;
        const rounded = roundDecimal(text, digits);
        expect(roundDecimal(rounded, digits)).toBe(rounded);
        const [whole = '', fraction = ''] = rounded.split('.');
        expect(fraction.length).toBeLessThanOrEqual(digits);
        const back = BigInt(`${whole}${fraction.padEnd(Math.max(scale, digits), '0')}`);
        const exact = units * 10n ** BigInt(Math.max(scale, digits) - scale);
        const off = back > exact ? back - exact : exact - back;
        expect(off * 2n).toBeLessThanOrEqual(10n ** BigInt(Math.max(scale - digits, 0)));
      }),
    );
  });

  test('"48000" and "48000.00" are the same money, other currencies are not', () => {
    const eur = (amount: string) => ({ amount, currency: 'EUR' });
    expect(sameMoney(eur('48000'), { amount: '48000.00', currency: ' eur' })).toBe(true);
    expect(sameMoney(eur('48000'), { amount: '48000', currency: 'USD' })).toBe(false);
    expect(sameMoney(eur('48000'), eur('48000.01'))).toBe(false);
    expect(sameMoney(eur('abc'), eur('abc'))).toBe(true);
    expect(sameMoney(null, undefined)).toBe(true);
    expect(sameMoney(null, eur('0'))).toBe(false);
    expect(sameMoney(eur('0'), undefined)).toBe(false);
  });

  test('no amount and an empty one are the same, zero is an amount', () => {
    expect(sameDecimal(null, '')).toBe(true);
    expect(sameDecimal(undefined, null)).toBe(true);
    expect(sameDecimal(null, '0')).toBe(false);
    expect(sameDecimal('0', '-0.0')).toBe(true);
  });

  test('a hundred thousand zeros in front of the last digit cost no more than reading them', () => {
    const zeros = '0'.repeat(100_000);
    const startedAt = performance.now();
    expect(normaliseDecimal(`1.${zeros}1`)).toBe(`1.${zeros}1`);
    expect(compareInstants(`2026-01-01T00:00:00.${zeros}1Z`, '2026-01-01T00:00:00Z')).toBe(1);
    // As a pattern it took a quarter of a minute.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('a number and its plain form are the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const plain = normaliseDecimal(String(number));
        expect(Number(plain)).toBe(number === 0 ? 0 : number);
        expect(plain).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(normaliseDecimal(plain)).toBe(plain);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => sameDecimal(normaliseDecimal(text) ?? text, text)));
  });
});

describe('days', () => {
  test.each([
    ['2026-03-31T00:00:00Z', undefined, '2026-03-31'],
    ['2026-03-31T00:00:00.0000000Z', undefined, '2026-03-31'],
    ['2026-03-30T18:30:00Z', undefined, '2026-03-31'],
    ['2026-03-30T23:00:00Z', undefined, '2026-03-31'],
    ['2026-03-30T12:00:00Z', undefined, '2026-03-31'],
    ['2026-03-30T11:59:59.9999999Z', undefined, '2026-03-30'],
    ['2026-03-31T05:00:00Z', undefined, '2026-03-31'],
    ['2026-12-31T22:00:00Z', undefined, '2027-01-01'],
    ['2028-02-28T15:00:00Z', undefined, '2028-02-29'],
    ['2026-03-31', undefined, '2026-03-31'],
    ['2026-03-31T00:00:00', undefined, '2026-03-31'],
    ['2026-03-31T00:00', undefined, '2026-03-31'],
    ['2026-03-31T00:00:00+05:30', undefined, '2026-03-31'],
    ['2026-03-31T00:00:00-0800', undefined, '2026-03-31'],
    ['2026-03-30T11:00:00Z', 13, '2026-03-31'],
    ['2026-03-30T10:00:00Z', 14, '2026-03-31'],
    ['2026-03-31T00:00:00Z', -5, '2026-03-31'],
    ['2026-03-31T05:00:00Z', -5, '2026-03-31'],
  ])('%s with zone %s means %s', (iso, zone, day) => {
    expect(dayFromInstant(iso, zone)).toBe(day);
  });

  test.each([
    '',
    null,
    undefined,
    'soon',
    '31/03/2026',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-31T24:00:00Z',
    '2026-03-31T10:60:00Z',
    '2026-03-31T10:10:60Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2026-03-31T00:00:00Z; DROP',
  ])('%s is no day', (iso) => {
    expect(dayFromInstant(iso)).toBeNull();
  });

  test('a day that we sent comes back as the same day, whatever zone is set', () => {
    const day = fc
      .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, fc.option(fc.integer({ min: -12, max: 14 }), { nil: undefined }), (text, zone) => {
        expect(isDay(text)).toBe(true);
        expect(dayFromInstant(instantFromDay(text), zone)).toBe(text);
      }),
    );
  });

  test("a maker's local midnight becomes his day in every zone but UTC+13 and UTC+14, and there with the zone set", () => {
    for (let zone = -11; zone <= 14; zone++) {
      const midnight = new Date(Date.UTC(2026, 5, 15) - zone * 3_600_000).toISOString();
      expect(dayFromInstant(midnight, zone > 12 ? zone : undefined)).toBe('2026-06-15');
    }
  });

  test('what is no day is not sent', () => {
    expect(instantFromDay('2026-03-31')).toBe('2026-03-31T00:00:00Z');
    expect(() => instantFromDay('2026-02-29')).toThrow('"2026-02-29" is not a day in the form YYYY-MM-DD');
    for (const no of ['2026-3-1', '2026-03-31T00:00:00Z', '', null, undefined, '0050-01-01'])
      expect(isDay(no)).toBe(false);
  });

  test('no day is the same as no day', () => {
    expect(sameDay(null, '')).toBe(true);
    expect(sameDay(undefined, null)).toBe(true);
    expect(sameDay('2026-03-31', '2026-03-31')).toBe(true);
    expect(sameDay('2026-03-31', null)).toBe(false);
  });
});

describe('instants', () => {
  test.each<[string | null | undefined, string | null | undefined, number]>([
    ['2026-01-01T10:00:00.1234567Z', '2026-01-01T10:00:00.1234568Z', -1],
    ['2026-01-01T10:00:00.1234567Z', '2026-01-01T10:00:00.123Z', 1],
    ['2026-01-01T10:00:00.1Z', '2026-01-01T10:00:00.1000000Z', 0],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.0000001Z', -1],
    ['2026-01-01T10:00:00.2Z', '2026-01-01T10:00:00.15Z', 1],
    ['2026-01-01T10:00:00Z', '2026-01-01T12:00:00+02:00', 0],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00', 0],
    ['2026-01-01T10:00:00Z', '2026-01-01T15:30:00+05:30', 0],
    ['2026-01-01T10:00:00Z', '2026-01-01T06:30:00-0330', 0],
    ['2026-01-02T00:00:00Z', '2026-01-01T23:59:59.9999999Z', 1],
    ['', '2026-01-01T10:00:00Z', -1],
    ['2026-01-01T10:00:00Z', null, 1],
    [undefined, 'never', 0],
  ])('%s against %s is %i', (a, b, expected) => {
    expect(compareInstants(a, b)).toBe(expected);
    expect(compareInstants(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  test('the order of written ticks is the order of the ticks', () => {
    const ticks = fc.bigInt({ min: 0n, max: 99_999_999_999_999_999n });
    const write = (value: bigint): string => {
      const seconds = new Date(Number(value / 10_000_000n) * 1000).toISOString().slice(0, 19);
      const fraction = (value % 10_000_000n).toString().padStart(7, '0').replace(/0+$/, '');
      return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
    };
    fc.assert(
      fc.property(ticks, ticks, fc.bigInt({ min: -20n, max: 20n }), (a, other, near) => {
        for (const b of [other, a + near < 0n ? 0n : a + near]) {
          expect(compareInstants(write(a), write(b))).toBe(a === b ? 0 : a < b ? -1 : 1);
        }
      }),
    );
  });

  test('seconds between two instants', () => {
    expect(secondsBetween('2026-01-01T10:00:00.9Z', '2026-01-01T10:01:00Z')).toBe(60);
    expect(secondsBetween('', '2026-01-01T10:01:00Z')).toBeNull();
    expect(secondsBetween('2026-01-01T10:01:00Z', null)).toBeNull();
  });
});

const person = (some: Partial<Person> = {}): Person => ({
  firstName: 'Maria',
  lastName: 'Lind',
  phone: '+46 8 123 45',
  email: 'maria@contoso.example',
  ...some,
});
const solution = (some: Partial<Solution> = {}): Solution => ({
  id: 'SOL-1',
  name: 'Contoso Cloud',
  type: 'Name',
  publisher: 'Contoso',
  price: '100',
  quantity: '1',
  ...some,
});

describe('people', () => {
  test('are known by their e-mail in small letters, without one by their name', () => {
    expect(personKey(person({ email: ' Maria@Contoso.Example ' }))).toBe('maria@contoso.example');
    expect(personKey(person({ email: '' }))).toBe('name:maria lind');
  });

  test('are the same with trailing blanks, escaped letters and another way to write the phone', () => {
    expect(
      samePerson(person(), person({ lastName: 'Lind ', phone: '+46 (8) 123-45', email: 'MARIA@contoso.example' })),
    ).toBe(true);
    expect(samePerson(person({ phone: '08 1 EXT 5' }), person({ phone: '08-1 ext. 5' }))).toBe(true);
    expect(samePerson(person({ lastName: "O'Neil" }), person({ lastName: 'O&#39;Neil' }))).toBe(true);
  });

  test.each<Partial<Person>>([
    { firstName: 'Mia' },
    { lastName: 'Lindh' },
    { phone: '+46 8 123 46' },
    { email: 'm@x.example' },
  ])('are not the same with %j', (change) => {
    expect(samePerson(person(), person(change))).toBe(false);
  });
});

describe('sets', () => {
  test('a solution is known by its id; price and quantity are its details, the rest is decoration', () => {
    expect(solutionKey(solution({ id: ' Sol-1 ' }))).toBe('sol-1');
    expect(sameSolution(solution(), solution({ name: 'Renamed', publisher: '', type: 'None', price: '100.00' }))).toBe(
      true,
    );
    expect(sameSolution(solution(), solution({ id: 'SOL-2' }))).toBe(false);
    expect(sameSolution(solution(), solution({ price: null }))).toBe(false);
    expect(sameSolution(solution(), solution({ quantity: '2' }))).toBe(false);
  });

  test('order does not count, members and their details do', () => {
    const a = solution();
    const b = solution({ id: 'SOL-2' });
    const same = sameSet('solution');
    expect(same([a, b], [b, a])).toBe(true);
    expect(same([a], [a, b])).toBe(false);
    expect(same([a], [b])).toBe(false);
    expect(same([a], [solution({ price: '99' })])).toBe(false);
    expect(same([], [])).toBe(true);
    expect(sameSet('person')([person()], [person({ email: 'MARIA@CONTOSO.EXAMPLE' })])).toBe(true);
  });

  test('members are found by key, the first of two counts', () => {
    expect([...membersByKey('solution', [solution(), solution({ price: '7' })]).values()]).toEqual([solution()]);
    expect(memberKey('person')(person())).toBe('maria@contoso.example');
    expect(sameMember('solution')(solution(), solution())).toBe(true);
  });

  test('any shuffle of a set is the same set, any removal another one', () => {
    const people = fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(people, fc.nat(), (ids, turn) => {
        const set = ids.map((id) => person({ email: `p${id}@contoso.example` }));
        const at = turn % set.length;
        expect(sameSet('person')(set, [...set.slice(at), ...set.slice(0, at)])).toBe(true);
        expect(sameSet('person')(set, set.slice(1))).toBe(false);
      }),
    );
  });
});

describe('customer', () => {
  const customer = (some: Partial<Customer> = {}): Customer => ({
    name: 'Fabrikam & Sons',
    address: { line1: 'Main 1', line2: '', city: 'Lund', state: '', postalCode: '22100', country: 'SE' },
    size: null,
    duns: '123456789',
    ...some,
  });

  test('is the same escaped, with other case of the country and another way to write the D-U-N-S number', () => {
    const address = { ...customer().address, country: 'se' };
    expect(
      sameCustomer(customer(), customer({ name: 'Fabrikam &amp; Sons ', size: '', duns: '12-345-6789', address })),
    ).toBe(true);
    expect(sameCustomer(null, null)).toBe(true);
  });

  test('is another one when any part differs', () => {
    const parts = ['line1', 'line2', 'city', 'state', 'postalCode', 'country'] as const;
    const others = parts.map((part) => customer({ address: { ...customer().address, [part]: 'XY' } }));
    const all = [
      ...others,
      customer({ name: 'Fabrikam' }),
      customer({ size: '1to9employees' }),
      customer({ duns: '1' }),
      null,
    ];
    expect(all.map((other) => sameCustomer(customer(), other))).toEqual(all.map(() => false));
    expect(sameCustomer(null, customer())).toBe(false);
  });
});

describe('GUID', () => {
  test.each([
    ['0c1f3a52-7d1e-4b7e-9a77-0123456789ab', true],
    ['0C1F3A52-7D1E-4B7E-9A77-0123456789AB', true],
    ['{0c1f3a52-7d1e-4b7e-9a77-0123456789ab}', false],
    ['0c1f3a527d1e4b7e9a770123456789ab', false],
    ['0c1f3a52-7d1e-4b7e-9a77-0123456789ab/..', false],
    ['', false],
    [null, false],
    [undefined, false],
  ])('%s: %s', (text, is) => {
    expect(isGuid(text)).toBe(is);
  });
});
