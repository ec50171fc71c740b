import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingCatalogue } from '../../../domain/finding';
import { fieldMappings } from '../../../domain/mapping';
import { contextOf } from '../../kit/testing/context';
import { textsOf } from '../../kit/testing/texts';
import { stringsOf } from '../../kit/strings';
import { fieldWords, messageWords, valueWords } from '../ReferralTimeline/words';

const strings = stringsOf(contextOf({ parameters: {}, texts: textsOf('referral-timeline') }));
const formats = {
  number: (value: number, decimals: number) => value.toFixed(decimals),
  day: (value: Date) => value.toISOString().slice(0, 10),
};
const words = (field: string, text: string) => valueWords(field, { text }, strings, formats);

test.each([
  ['dealValue', '{"amount":"1250.50","currency":"USD"}', '1250.50 USD'],
  ['dealValue', '{"amount":"12345678901234567890","currency":"USD"}', '12345678901234567890 USD'],
  ['closeDate', '2027-01-15', '2027-01-15'],
  ['closeDate', 'soon', 'soon'],
  ['salesStage', '40', '40 %'],
  ['status', 'Active/Accepted', 'Active / Accepted'],
  ['status', 'Active/Reviewed', 'Active/Reviewed'],
  ['visibility', 'true', 'Yes'],
  ['helpRequired', 'QuotesOrLicensing', 'Quotes or licensing'],
  [
    'solutions',
    '[{"id":"s1","name":"Fleet","price":"10.5","quantity":"3"},{"id":"s2","name":"Care","price":null,"quantity":null}]',
    '3 × Fleet (10.5), Care',
  ],
  ['customer', '{"name":"Contoso","address":{"city":"Oslo"}}', 'Contoso'],
  ['solutions', '[{"id":"s1","na', '[{"id":"s1","na'],
  ['solutions', '[null,5]', '[null,5]'],
  ['name', '[Urgent] fleet', '[Urgent] fleet'],
  ['team', 'A.B. a***@contoso.example', 'A.B. a***@contoso.example'],
])('%s %s reads %s', (field, text, expected) => {
  expect(words(field, text)).toBe(expected);
});

test('nothing and hidden are told apart', () => {
  expect([valueWords('name', null, strings, formats), valueWords('name', 'masked', strings, formats)]).toEqual([
    '(empty)',
    'You don’t have permission to see this.',
  ]);
});

test('every field that is kept the same has a name in every language', () => {
  for (const language of [1033, 1036, 1053, 1028]) {
    const inLanguage = stringsOf(contextOf({ parameters: {}, texts: textsOf('referral-timeline', language) }));
    for (const { field } of fieldMappings) expect(fieldWords(field, inLanguage)).not.toBe(field);
  }
});

test('every finding is told either by a text of ours or by the words of the connector, never with a gap', () => {
  for (const code of Object.keys(findingCatalogue)) {
    const told = messageWords({ code, message: { text: 'the connector' } }, strings);
    expect(told).not.toMatch(/[{}]/);
    expect(told).not.toBe(code);
  }
});

test('every code that merging two sides can give has a text', () => {
  const source = ['merge-field.ts', 'merge-set.ts', 'carry-out.ts', 'steps.ts']
    .map((file) => readFileSync(join(__dirname, '../../../sync-worker/src', file), 'utf8'))
    .join('');
  const codes = [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+|AMBIGUOUS)'/g)].map(([, code]) => code ?? '');
  expect(codes.length).toBeGreaterThan(5);
  for (const code of codes) expect([code, messageWords({ code, message: null }, strings)]).not.toEqual([code, code]);
});

test('a hidden message and no message are told apart', () => {
  expect(messageWords({ code: '', message: 'masked' }, strings)).toBe('You don’t have permission to see this.');
  expect(messageWords({ code: '', message: null }, strings)).toBeNull();
});
