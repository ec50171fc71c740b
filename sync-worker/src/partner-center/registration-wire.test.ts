import * as fc from 'fast-check';
import { readCorrelationId, readEvents, readRegistration, readValidation } from './registration-wire';

const id = '0f2d7c10-3b64-4f8e-9a51-c0de8a7e4b19';

describe('a registration', () => {
  test('reads the same in camelCase and in PascalCase', () => {
    const values = {
      subscriberId: id,
      webhookUrl: 'https://a.contoso.com/hook',
      webhookEvents: ['referral-created', 'test-created'],
      signatureTokenToMsSignatureHeader: true,
      properties: { tool: 'cipp' },
      lastModifiedTimestamp: '2026-03-02T09:00:00.1234567Z',
    };
    const pascal = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
    );
    expect(readRegistration(values)).toEqual(values);
    expect(readRegistration(pascal)).toEqual(values);
  });

  test('what is not shown is told from what is off', () => {
    const least = { webhookUrl: 'https://a.contoso.com/hook' };
    expect(readRegistration(least)).toMatchObject({
      webhookEvents: [],
      signatureTokenToMsSignatureHeader: null,
      properties: {},
    });
    expect(
      readRegistration({ ...least, webhookEvents: null, signatureTokenToMsSignatureHeader: 'False' })
        ?.signatureTokenToMsSignatureHeader,
    ).toBe(false);
  });

  test.each([
    null,
    'text',
    [],
    {},
    { webhookUrl: '' },
    { webhookUrl: 'x', webhookEvents: 'referral-created' },
    { webhookUrl: 'x', webhookEvents: ['a', null] },
  ])('is not read from %j, since an event that is dropped in reading would be lost in the next write', (json) =>
    expect(readRegistration(json)).toBeUndefined(),
  );
});

describe('the id of a test', () => {
  test.each([
    `{"correlationId":"${id}"}`,
    `{"CorrelationId":"${id}"}`,
    `"${id}"`,
    id,
    `\n ${id}\r\n`,
    JSON.stringify(JSON.stringify(id)),
  ])('is read from %s', (body) => expect(readCorrelationId(body)).toBe(id));

  test.each(['', '{}', '[]', 'null', '<html>', '"a b"', '{"correlationId":"../registration"}', '"'.repeat(9)])(
    'is not read from %s',
    (body) => expect(readCorrelationId(body)).toBeUndefined(),
  );
});

test('the state of a test keeps statuses that nobody documented, and masks what a message repeats', () => {
  const read = readValidation({
    Status: 'inProgress',
    CallbackUrl: 'https://a.contoso.com/hook',
    Results: [
      {
        ResponseCode: 'Unauthorized',
        ResponseMessage: 'for anna@contoso.com',
        SystemError: false,
        DateTimeUtc: '2026-03-02T09:00:00.1',
      },
      { responseCode: '<b>' },
      'x',
    ],
  });
  expect(read).toEqual({
    status: 'inProgress',
    callbackUrl: 'https://a.contoso.com/hook',
    attempts: [
      { response: 'Unauthorized', message: 'for <email>', systemError: false, at: '2026-03-02T09:00:00.1' },
      { response: 'unknown', message: '', systemError: false, at: '' },
      { response: 'unknown', message: '', systemError: false, at: '' },
    ],
  });
  expect(readValidation({ results: null })).toEqual({ status: '', callbackUrl: '', attempts: [] });
  expect(readValidation({ results: 'none' })).toBeUndefined();
});

test('nothing that comes over the wire makes reading fail', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        fc.record(
          { webhookUrl: fc.jsonValue(), webhookEvents: fc.jsonValue(), results: fc.jsonValue() },
          { requiredKeys: [] },
        ),
      ),
      (json) => {
        readRegistration(json);
        readEvents(json);
        readValidation(json);
        const found = readCorrelationId(JSON.stringify(json));
        expect(found === undefined || /^[\w-]{1,100}$/.test(found)).toBe(true);
      },
    ),
  );
});
