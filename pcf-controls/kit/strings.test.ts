import { contextOf } from './testing/context';
import { stringsOf } from './strings';

const strings = stringsOf(
  contextOf({ parameters: {}, texts: { hello: 'Hello {name}, {name} of {place}', plain: 'Plain' } }),
);

test('a text gets its values, each as often as it stands there', () => {
  expect(strings('hello', { name: 'Ada', place: 'Oslo' })).toBe('Hello Ada, Ada of Oslo');
});

test('a value that looks like a placeholder is shown as it is', () => {
  expect(strings('hello', { name: '{place}', place: 'Oslo' })).toBe('Hello {place}, {place} of Oslo');
});

test('a placeholder without a value stays visible', () => {
  expect(strings('hello', { name: 'Ada' })).toBe('Hello Ada, Ada of {place}');
});

test('a key without a text shows the key, so that somebody notices', () => {
  expect(strings('no_such_key')).toBe('no_such_key');
});
