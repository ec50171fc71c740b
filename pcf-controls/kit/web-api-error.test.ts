import { contextOf } from './testing/context';
import { textsOf } from './testing/texts';
import { webApiError } from './web-api-error';

const texts = textsOf('kit');
const online = contextOf({ parameters: {}, texts });
const offline = contextOf({ parameters: {}, texts, offline: true });

test.each([
  ['a missing privilege', { errorCode: 2147746336, message: 'SecLib::AccessCheckEx failed' }, 'forbidden', false],
  ['a missing privilege as a signed number', { errorCode: -2147220960 }, 'forbidden', false],
  ['a missing privilege as text', { code: '0x80040220' }, 'forbidden', false],
  ['a row that was deleted', { errorCode: 0x80040217 }, 'gone', false],
  ['a row that somebody else changed', { errorCode: 0x80060882 }, 'changed', true],
  ['a row that is there already', { errorCode: 0x80060892 }, 'duplicate', false],
  ['too many requests', { errorCode: 0x80072322 }, 'busy', true],
  ['a failure of the server', { errorCode: 0x80040216 }, 'server', true],
  ['a business rule of the customer', { errorCode: 0x80040265, message: 'Plug-in says no' }, 'refused', false],
  ['a code that is not known', { errorCode: 0x80099999 }, 'refused', false],
  ['a code of another kind that ends alike', { errorCode: 0x81040220 }, 'refused', false],
  ['a status in the place of the code', { errorCode: 502 }, 'server', true],
  ['an answer 400 without a code', { status: 400 }, 'refused', false],
  ['an answer 403 without a code', { status: 403 }, 'forbidden', false],
  ['an answer 404 without a code', { status: 404 }, 'gone', false],
  ['an answer 412 without a code', { statusCode: 412 }, 'changed', true],
  ['an answer 429 without a code', { status: 429 }, 'busy', true],
  ['an answer 503 without a code', { status: 503 }, 'server', true],
  ['no answer at all', new TypeError('Failed to fetch'), 'network', true],
  ['something that is no object', 'boom', 'refused', false],
])('%s is told in plain words', (_case, error, problem, retryable) => {
  const told = webApiError(error, online);
  expect([told.problem, told.retryable]).toEqual([problem, retryable]);
  expect(told.message).toBe(texts[`kit_error_${problem}`]);
  expect(told.message).not.toMatch(/SecLib|Plug-in says|0x8|fetch/);
});

test('a request that gets no answer while offline says that you are offline', () => {
  expect(webApiError(new TypeError('Failed to fetch'), offline)).toMatchObject({ problem: 'offline', retryable: true });
});

test('a missing privilege is told as such even while offline', () => {
  expect(webApiError({ errorCode: 0x80040220 }, offline).problem).toBe('forbidden');
});
