import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldMappings } from './mapping';

type Messages = Readonly<Record<string, string>>;

const folder = join(__dirname, 'messages');
const read = (language: number): Messages =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Messages;
const english = read(1033);
const others = [1036, 1053, 1028] as const;
const keys = Object.keys(english);
const namesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

/** Sentences without a word of their own: nothing but parameters and punctuation. */
const wordless = new Set(keys.filter((key) => !/[a-z]/i.test((english[key] ?? '').replace(/\{\w+\}/g, ''))));
/** The same word in both languages. */
const sameWord: Readonly<Record<number, readonly string[]>> = { 1036: [], 1053: [], 1028: [] };

describe('messages', () => {
  test('there are four languages', () => {
    expect(readdirSync(folder).sort()).toEqual(['1028.json', '1033.json', '1036.json', '1053.json']);
  });

  test.each(others)('%s says everything that English says, with the same values', (language) => {
    const messages = read(language);
    expect(Object.keys(messages)).toEqual(keys);
    for (const key of keys) {
      expect([key, namesOf(messages[key] ?? '')]).toEqual([key, namesOf(english[key] ?? '')]);
    }
  });

  test.each(others)('%s leaves no sentence in English', (language) => {
    const messages = read(language);
    const untranslated = keys.filter((key) => messages[key] === english[key] && !wordless.has(key));
    expect(untranslated).toEqual(sameWord[language]);
  });

  test.each([1033, ...others])('%s is plain text: no entities, no stray blanks, no broken characters', (language) => {
    for (const [key, text] of Object.entries(read(language))) {
      expect([key, text]).toEqual([key, text.trim()]);
      expect([key, /&#?\w+;|\\u|\uFFFD|Ã|â€| {2}|\n/.exec(text)]).toEqual([key, null]);
      expect([key, text.replace(/\{\w+\}/g, '')]).toEqual([key, expect.not.stringMatching(/[{}]/)]);
    }
  });

  test('French has its typographic apostrophe and its blank before a colon', () => {
    for (const [key, text] of Object.entries(read(1036))) {
      expect([key, /[a-zà-ÿ]'|[^\u00A0\d][:;?!»](?=\s|$)|«[^\u00A0]/i.exec(text)?.[0]]).toEqual([key, undefined]);
    }
  });

  test('Chinese is written in traditional characters and full-width marks', () => {
    // Characters that only simplified writing has, among those of our vocabulary.
    const simplified = /[机销员储联络户称币额连无请输选择变读写务应发识码设标签组织钥启动与为决团队电邮]/;
    for (const [key, text] of Object.entries(read(1028))) {
      expect([key, simplified.exec(text)?.[0]]).toEqual([key, undefined]);
      expect([key, /\p{Script=Han}[,:;!?]|[.](?=$)/u.exec(text)?.[0]]).toEqual([key, undefined]);
    }
  });

  test('names every synced field as the English documents do', () => {
    for (const { field, label } of fieldMappings) expect([field, english[`field_${field}`]]).toEqual([field, label]);
  });
});

describe('words of the form', () => {
  const source = readFileSync(join(__dirname, '..', 'solution/src/Entities/Opportunity/Entity.xml'), 'utf8');
  /** Label of a column of ours in a language, as the form shows it. */
  const labelOf = (column: string, language: number): string | undefined => {
    const [, attribute = ''] =
      new RegExp(`<attribute PhysicalName="${column}"([\\s\\S]*?)</attribute>`, 'i').exec(source) ?? [];
    const labels = /<displaynames>([\s\S]*?)<\/displaynames>/.exec(attribute)?.[1] ?? '';
    return new RegExp(`description="([^"]*)" languagecode="${language}"`).exec(labels)?.[1];
  };
  const own = fieldMappings.filter(({ crm, field }) => crm.opportunity?.startsWith('cosell_') && field !== 'dealNotes');

  test.each([1033, ...others])('%s calls each column as the form does', (language) => {
    const messages = read(language);
    const called = own.map(
      ({ field, crm }) =>
        [field, messages[`field_${field}`]?.replace(/\u00A0/g, ' '), labelOf(crm.opportunity ?? '', language)] as const,
    );
    expect(called.filter(([, , label]) => label !== undefined).length).toBeGreaterThan(7);
    for (const [field, word, label] of called)
      expect([field, word]).toEqual([field, label?.replace(/\u00A0/g, ' ') ?? word]);
  });
});
