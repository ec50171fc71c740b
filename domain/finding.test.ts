import type { FindingCode } from './finding';
import english from './messages/1033.json';
import swedish from './messages/1053.json';
import {
  fill,
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
  test('each has an English sentence that says what to do, and there is no sentence without a finding', () => {
    const keys = Object.keys(english).filter((key) => key.startsWith('finding_'));
    expect(keys).toEqual(everyCode.map((code) => messageKey(code)));
    for (const code of everyCode) {
      expect(english[messageKey(code)]).toMatch(/^[“\p{Lu}{].*\.$/su);
      expect(['error', 'warning']).toContain(findingCatalogue[code].severity);
    }
  });

  test('the message names the field and the value to mend', () => {
    expect(formatFinding(finding('COUNTRY_UNKNOWN', { country: 'Atlantis' }), english)).toBe(
      'Country “Atlantis” of the customer’s account is not known: enter its two-letter ISO 3166 code, such as SE.',
    );
  });

  test('is said in the language that is asked for', () => {
    expect(formatFinding(finding('SELLER_PHONE_MISSING', { person: 'Maria Lind' }), swedish)).toBe(
      'Säljaren Maria Lind saknar telefonnummer: ange användarens huvudtelefon.',
    );
  });

  test('a value that looks like a placeholder or a pattern is shown as it is', () => {
    expect(formatFinding(finding('CURRENCY_UNKNOWN', { currency: '{value} $& $1' }), english)).toContain(
      '“{value} $& $1”',
    );
  });

  test('a sentence without values is said as it stands', () => {
    expect(fill('Nothing to do.')).toBe('Nothing to do.');
  });

  test('a missing value leaves a gap, not a placeholder', () => {
    for (const code of everyCode) expect(formatFinding(finding(code), english)).not.toMatch(/[{}]/);
    expect(formatFinding(finding('CURRENCY_INACTIVE', { other: 'x' }), english)).toContain('Currency  is not active');
  });

  test('all are listed one to a line, errors first, each once', () => {
    const found = [finding('NOTES_MISSING'), finding('NAME_MISSING'), finding('TEAM_MISSING'), finding('NAME_MISSING')];
    const lines = formatFindings(found, english).split('\n');
    expect(lines).toEqual(
      (['NAME_MISSING', 'TEAM_MISSING', 'NOTES_MISSING'] as const).map((code) => english[messageKey(code)]),
    );
    expect(formatFindings([], english)).toBe('');
    expect(formatFindings([finding('NAME_MISSING')], { finding_NAME_MISSING: 'Namn saknas.' })).toBe('Namn saknas.');
  });

  test('a code of a newer version is shown as it is', () => {
    expect(formatFinding({ code: 'RULE_OF_NEXT_YEAR' as FindingCode, severity: 'error' }, english)).toBe(
      'RULE_OF_NEXT_YEAR',
    );
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
