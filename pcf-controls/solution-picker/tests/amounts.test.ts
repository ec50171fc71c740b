import { readAmount, showAmount } from '../SolutionPicker/amounts';

const formats = {
  english: { numberDecimalSeparator: '.', numberGroupSeparator: ',' },
  french: { numberDecimalSeparator: ',', numberGroupSeparator: '\u202f' },
  swedish: { numberDecimalSeparator: ',', numberGroupSeparator: '\u00a0' },
  german: { numberDecimalSeparator: ',', numberGroupSeparator: '.' },
  swiss: { numberDecimalSeparator: '.', numberGroupSeparator: '’' },
  ungrouped: { numberDecimalSeparator: '.', numberGroupSeparator: '' },
} as const;

describe('an amount as people type it', () => {
  test.each([
    ['english', '12.50', '12.5'],
    ['english', '1,234,567.8', '1234567.8'],
    ['english', '12,34,567', '1234567'],
    ['english', ' 007 ', '7'],
    ['english', '.5', '0.5'],
    ['english', '5.', '5'],
    ['english', '0', '0'],
    ['english', '１２．５', '12.5'],
    ['english', '100000000000', '100000000000'],
    ['french', '1 234,5', '1234.5'],
    ['french', '1\u202f234,5', '1234.5'],
    ['french', '12.5', '12.5'],
    ['swedish', '1\u00a0234\u00a0567,25', '1234567.25'],
    ['swedish', '12.5', '12.5'],
    ['german', '1.234,5', '1234.5'],
    ['german', '1.234', '1234'],
    ['swiss', "1'234.5", '1234.5'],
    ['swiss', '12,5', '12.5'],
    ['ungrouped', '1234.5', '1234.5'],
    ['ungrouped', '12,5', '12.5'],
  ] as const)('%s: "%s" is %s', (language, typed, amount) => {
    expect(readAmount(typed, 4, formats[language])).toBe(amount);
  });

  test.each([
    ['english', '12,5'],
    ['english', '1.2.3'],
    ['english', '-1'],
    ['english', 'twelve'],
    ['english', '.'],
    ['english', '1e3'],
    ['english', '1.23456'],
    ['english', '100000000000.5'],
    ['english', '999999999999999999999'],
    ['german', '12.5'],
    ['german', '1.2345'],
    ['french', '1,2,3'],
  ] as const)('%s: "%s" is refused, never guessed at', (language, typed) => {
    expect(readAmount(typed, 4, formats[language])).toBeUndefined();
  });

  test('nothing typed is no amount, and digits beyond the column are refused unless they are zeros', () => {
    expect(readAmount('  ', 2, formats.english)).toBeNull();
    expect([readAmount('1.230', 2, formats.english), readAmount('1.234', 2, formats.english)]).toEqual([
      '1.23',
      undefined,
    ]);
  });

  test('is shown with the sign of the language, and what is shown can be read again', () => {
    expect([showAmount('1234.5', formats.swedish), showAmount(null, formats.swedish)]).toEqual(['1234,5', '']);
    expect(readAmount(showAmount('99999999999.9999', formats.german), 4, formats.german)).toBe('99999999999.9999');
  });
});
