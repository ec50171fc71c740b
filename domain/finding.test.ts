import type { FindingCode } from './finding';
import {
  englishMessages,
  finding,
  findingCatalogue,
  formatFinding,
  formatFindings,
  isError,
  isSendable,
  messageKey,
} from './finding';

const everyCode = Object.keys(findingCatalogue) as FindingCode[];

describe('findings', () => {
  test('each has an English sentence that says what to do, under its own key', () => {
    expect(Object.keys(englishMessages)).toEqual(everyCode.map(messageKey));
    for (const code of everyCode) {
      const { message, severity } = findingCatalogue[code];
      expect(message).toMatch(/^["\p{Lu}{].*\.$/su);
      expect(message).not.toMatch(/\{\d+\}/);
      expect(['error', 'warning']).toContain(severity);
    }
  });

  test('the message names the field and the value to mend', () => {
    expect(formatFinding(finding('COUNTRY_UNKNOWN', { country: 'Atlantis' }))).toBe(
      'Country "Atlantis" of the customer\'s account is not known: enter its two-letter ISO 3166 code, such as SE.',
    );
  });

  test('another language is used where it has the sentence, English elsewhere', () => {
    const swedish = { finding_SELLER_PHONE_MISSING: 'Säljaren {person} saknar telefonnummer.' };
    expect(formatFinding(finding('SELLER_PHONE_MISSING', { person: 'Maria Lind' }), swedish)).toBe(
      'Säljaren Maria Lind saknar telefonnummer.',
    );
    expect(formatFinding(finding('TEAM_MISSING'), swedish)).toBe(findingCatalogue.TEAM_MISSING.message);
  });

  test('a value that looks like a placeholder or a pattern is shown as it is', () => {
    expect(formatFinding(finding('CURRENCY_UNKNOWN', { currency: '{value} $& $1' }))).toContain('"{value} $& $1"');
  });

  test('a missing value leaves a gap, not a placeholder', () => {
    for (const code of everyCode) expect(formatFinding(finding(code))).not.toMatch(/[{}]/);
    expect(formatFinding(finding('CURRENCY_INACTIVE', { other: 'x' }))).toContain('Currency  is not active');
  });

  test('all are listed one to a line, errors first, each once', () => {
    const lines = formatFindings([
      finding('NOTES_MISSING'),
      finding('NAME_MISSING'),
      finding('TEAM_MISSING'),
      finding('NAME_MISSING'),
    ]).split('\n');
    expect(lines).toEqual(
      (['NAME_MISSING', 'TEAM_MISSING', 'NOTES_MISSING'] as const).map((code) => findingCatalogue[code].message),
    );
    expect(formatFindings([])).toBe('');
    expect(formatFindings([finding('NAME_MISSING')], { finding_NAME_MISSING: 'Namn saknas.' })).toBe('Namn saknas.');
  });

  test('a code of a newer version is shown as it is', () => {
    expect(formatFinding({ code: 'RULE_OF_NEXT_YEAR' as FindingCode, severity: 'error' })).toBe('RULE_OF_NEXT_YEAR');
  });

  test('a finding without parameters carries none', () => {
    expect(finding('NAME_MISSING')).toEqual({
      code: 'NAME_MISSING',
      field: 'name',
      recordHint: 'opportunity',
      severity: 'error',
    });
  });

  test('only errors stop a deal', () => {
    expect(isError(finding('NOTES_MISSING'))).toBe(false);
    expect(isSendable([finding('NOTES_MISSING')])).toBe(true);
    expect(isSendable([finding('NOTES_MISSING'), finding('NAME_MISSING')])).toBe(false);
  });
});
