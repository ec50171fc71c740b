import { faultOf, jsonOf, numericCode, printedCode, refusal } from './failures';

const answer = (
  status: number,
  code: unknown,
  message = 'm',
  headers: Record<string, string> = {},
): { status: number; headers: Record<string, string>; body: string; contentId: string } => ({
  status,
  headers,
  contentId: '',
  body: JSON.stringify({ error: { code, message } }),
});

describe('refusals of the Web API', () => {
  it.each([
    [429, '0x80072322', 'THROTTLED'],
    [429, '', 'THROTTLED'],
    [400, '0X80072321', 'THROTTLED'],
    [401, '', 'CRM_SIGN_IN'],
    [403, '0x80072560', 'CRM_SIGN_IN'],
    [403, '0x80040220', 'CRM_DENIED'],
    [400, '0x8004f507', 'CRM_DENIED'],
    [400, '0x80072491', 'CHANGE_TRACKING_OFF'],
    [410, '-2147015535', 'CHANGE_TRACKING_OFF'],
    [400, '0x80044352', 'WATERMARK_EXPIRED'],
    [410, '0x80044352', 'WATERMARK_EXPIRED'],
    [400, '0x80044183', 'WATERMARK_EXPIRED'],
    [412, '0x80060882', 'CRM_CHANGED'],
    [500, '0x80040216', 'SERVICE_UNAVAILABLE'],
    [400, '0x80044150', 'SERVICE_UNAVAILABLE'],
    [502, '', 'SERVICE_UNAVAILABLE'],
    [404, '0x8006088A', 'SOLUTION_MISSING'],
    [404, '0x80040217', 'CRM_RECORD_GONE'],
    [404, '0x80060891', 'CRM_RECORD_GONE'],
    [404, '', 'UNEXPECTED_ANSWER'],
    [400, '0x80040265', 'CRM_REFUSED'],
    [400, '0x80048408', 'CRM_REFUSED'],
    [501, 'EmulatorNotModelled', 'CRM_REFUSED'],
  ])('HTTP %s with code %s is %s', (status, code, expected) => {
    expect(refusal(answer(status, code), 'test').code).toBe(expected);
  });

  it('compare codes as numbers, however they are printed', () => {
    for (const same of ['0x80060882', '0X80060882', '-2147088254', -2147088254, 0x80060882])
      expect(numericCode(same)).toBe(0x80060882 | 0);
    for (const none of ['', 'EmulatorNotModelled', null, undefined, {}]) expect(numericCode(none)).toBeNull();
    expect(printedCode(0x80060882 | 0)).toBe('0x80060882');
  });

  it('keep Retry-After and the request id, and no personal data', () => {
    const error = refusal(
      answer(429, '0x80072322', 'user jo@contoso.example waits', { 'retry-after': '12', req_id: 'abc' }),
      'poll',
    );
    expect(error).toMatchObject({ retryAfterMs: 12_000, requestId: 'abc', status: 429 });
    expect(error.message).not.toContain('contoso.example');
  });

  it.each([
    ['a page', '<html>'],
    ['cut-off JSON', '{"value":[{'],
    ['an empty body', ''],
    ['a list', '[]'],
  ])('take %s for no answer of the interface', (_what, body) => {
    expect(() => jsonOf({ status: 200, headers: {}, body, contentId: '' }, 'test')).toThrow(/UNEXPECTED_ANSWER/);
  });

  it.each([
    ['-5', undefined],
    ['0x10', undefined],
    ['99999999999', 24 * 3_600_000],
  ])('take a Retry-After of %s as a wait that can be waited, or none', (seconds, milliseconds) => {
    expect(refusal(answer(429, '0x80072322', 'wait', { 'retry-after': seconds }), 'read').retryAfterMs).toBe(
      milliseconds,
    );
  });

  it('are read from a page of a gateway without failing', () => {
    expect(faultOf({ status: 502, body: '<html>bad</html>' })).toEqual({ status: 502, code: null, message: '' });
    expect(refusal({ status: 502, headers: {}, body: '<html>' }, 'test').code).toBe('SERVICE_UNAVAILABLE');
  });
});
