import { labelOf, optionsOf } from './options';
import { choiceProperty, yesNoProperty } from './testing';

const status = choiceProperty(2, { 1: 'Ny', 2: 'Aktiv' });

test('choices come with the labels of the environment', () => {
  expect(optionsOf(status)).toEqual([
    { value: 1, label: 'Ny' },
    { value: 2, label: 'Aktiv' },
  ]);
});

test('yes and no are choices too', () => {
  expect(optionsOf(yesNoProperty(true)).map(({ value }) => value)).toEqual([0, 1]);
});

test('the placeholder for "nothing chosen" is no choice', () => {
  expect(optionsOf(choiceProperty(null, { [-1]: '--Select--', 1: 'New' })).map(({ value }) => value)).toEqual([1]);
});

test('a column that is not bound has no choices', () => {
  expect(optionsOf(undefined)).toEqual([]);
});

test('a value without a label shows its number instead of nothing', () => {
  expect([labelOf(status, 2), labelOf(status, 9), labelOf(status, null)]).toEqual(['Aktiv', '9', '']);
});
