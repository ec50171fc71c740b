import { Formats } from './formatting';

const space = /[\u00a0\u202f]/g;

describe("numbers and dates are written in the user's language", () => {
  test.each([
    [1033, '€1,234.50', '3/31/2027'],
    [1036, '1 234,50 €', '31/03/2027'],
    [1053, '1 234,50 €', '2027-03-31'],
    [1028, '€1,234.50', '2027/3/31'],
  ])('%i', (lang, money, date) => {
    const formats = new Formats(lang);
    expect([formats.money(1234.5, 2, '€').replace(space, ' '), formats.date(new Date(2027, 2, 31))]).toEqual([
      money,
      date,
    ]);
  });

  test.each([1033, 1036, 1053, 1028, 1025])('what is written in %i is understood when typed back', (lang) => {
    const formats = new Formats(lang);
    const day = new Date(2027, 2, 31);
    expect([formats.parseNumber(formats.money(1234567.89, 2, '€')), formats.parseDate(formats.date(day))]).toEqual([
      1234567.89,
      day,
    ]);
    expect(formats.parseNumber(formats.number(-12.5, 2))).toBe(-12.5);
  });

  test('what is no number and no day is told apart from nothing', () => {
    const formats = new Formats(1033);
    expect([
      formats.parseNumber('many'),
      formats.parseNumber(' '),
      formats.parseDate('2/30/2027'),
      formats.parseDate('soon'),
      formats.parseDate(''),
    ]).toEqual([undefined, null, undefined, undefined, null]);
    expect(formats.parseDate('2027-03-31')).toEqual(new Date(2027, 2, 31));
  });

  test('a language without formats is refused', () => {
    expect(() => new Formats(9999)).toThrow('9999');
  });
});
