import { fieldOf } from './field';
import { contextOf, textProperty } from './testing';

const form = contextOf({ parameters: {} });
const readOnly = contextOf({ parameters: {}, disabled: true });

test('a column on an open form can be read and edited', () => {
  expect(fieldOf(form, textProperty('x', { label: 'Topic' }))).toEqual({
    raw: 'x',
    formatted: 'x',
    readable: true,
    editable: true,
    label: 'Topic',
    error: null,
    bound: true,
  });
});

test('a column of an inactive record shows its value and cannot be edited', () => {
  expect(fieldOf(readOnly, textProperty('x'))).toMatchObject({ raw: 'x', readable: true, editable: false });
});

test('a column that field security lets a person only read cannot be edited', () => {
  expect(fieldOf(form, textProperty('x', { editable: false }))).toMatchObject({ raw: 'x', editable: false });
});

test('a masked column gives no value, even if the platform should send one', () => {
  const leaking = { ...textProperty('x', { readable: false }), raw: 'secret', formatted: 'secret' };
  expect(fieldOf(form, leaking)).toMatchObject({ raw: null, formatted: '', readable: false, editable: false });
});

test('an optional property without a column is empty and not editable', () => {
  expect(fieldOf(form, undefined)).toMatchObject({
    raw: null,
    formatted: '',
    bound: false,
    editable: false,
    label: '',
  });
});

test('what the platform finds wrong with a value is passed on', () => {
  expect(fieldOf(form, textProperty('x', { error: 'Too long' })).error).toBe('Too long');
});
