import type { HttpResponse } from '../http/types';
import { FakeClock } from '../testing/fake-clock';
import { fieldOfTarget } from './error-field';
import { failureOf, readFailure, type Purpose } from './failures';

const clock = new FakeClock();

function failure(status: number, body: unknown, headers: HttpResponse['headers'] = {}, purpose: Purpose = 'update') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return failureOf({ status, headers, body: text }, purpose, clock);
}

const envelope = (code: string, more: object = {}) => ({ error: { code, message: 'Some text.', ...more } });
const shapes = [
  ['the envelope', (code: string) => envelope(code)],
  ['an inner error', (code: string) => envelope('somethingGeneral', { innerError: { code } })],
  [
    'an inner error in the other spelling',
    (code: string) => envelope('invalidRequest', { innererror: { code, innerError: { code: 'detail9' } } }),
  ],
  ['Pascal case', (code: string) => ({ Error: { Code: code, Message: 'Some text.' } })],
] as const;

describe('a refusal of Partner Center', () => {
  describe.each(shapes)('in %s', (_, shape) => {
    it.each([
      [400, 'invalidRequest', 'REFERRAL_REJECTED'],
      [422, 'invalidRequest', 'REFERRAL_REJECTED'],
      [401, 'unauthenticated', 'PARTNER_CENTER_SIGN_IN'],
      [401, 'unAuthorized', 'PARTNER_CENTER_SIGN_IN'],
      [403, 'accessDenied', 'PARTNER_CENTER_DENIED'],
      [404, 'itemNotFound', 'REFERRAL_NOT_FOUND'],
      [409, 'resourceModified', 'REFERRAL_CHANGED'],
      [412, 'preconditionFailed', 'REFERRAL_CHANGED'],
      [500, 'generalException', 'SERVICE_UNAVAILABLE'],
      [503, 'serviceNotAvailable', 'SERVICE_UNAVAILABLE'],
    ])('with status %i and code %s is %s', (status, code, expected) => {
      expect(failure(status, shape(code)).code).toBe(expected);
    });
  });

  it.each([
    [400, 'REFERRAL_REJECTED'],
    [401, 'PARTNER_CENTER_SIGN_IN'],
    [403, 'PARTNER_CENTER_DENIED'],
    [404, 'REFERRAL_NOT_FOUND'],
    [409, 'REFERRAL_CHANGED'],
    [412, 'REFERRAL_CHANGED'],
    [429, 'THROTTLED'],
    [500, 'SERVICE_UNAVAILABLE'],
    [502, 'SERVICE_UNAVAILABLE'],
    [509, 'SERVICE_UNAVAILABLE'],
    [501, 'UNEXPECTED_ANSWER'],
    [302, 'UNEXPECTED_ANSWER'],
    [415, 'UNEXPECTED_ANSWER'],
  ])('with status %i and no usable body is %s', (status, expected) => {
    for (const body of [
      '',
      // A page that refuses comes from something in between: scenarios/bad-input.
      ...(status === 403 ? [] : ['<html><body><h1>Sorry</h1></body></html>']),
      { statusCode: status, message: 'Sorry' },
      '{"error":',
      'null',
    ]) {
      expect(failure(status, body).code).toBe(expected);
    }
  });

  it.each([
    [
      'a deep code decides over an outer one',
      400,
      envelope('invalidRequest', { innerError: { code: 'resourceModified' } }),
      'REFERRAL_CHANGED',
    ],
    [
      'an unknown deep code does not',
      404,
      envelope('itemNotFound', { innerError: { code: 'hidden7' } }),
      'REFERRAL_NOT_FOUND',
    ],
    ['a status that is plain decides over a code', 503, envelope('invalidRequest'), 'SERVICE_UNAVAILABLE'],
  ])('%s', (_, status, body, expected) => {
    expect(failure(status, body).code).toBe(expected);
  });

  it('says that the sign-in lacks a second factor, whatever the status', () => {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_claims", claims="e30="' };
    expect(failure(403, '', challenge).code).toBe('PARTNER_CENTER_SIGN_IN');
    expect(failure(403, envelope('insufficent_claims')).code).toBe('PARTNER_CENTER_SIGN_IN');
    expect(failure(403, envelope('900421')).code).toBe('PARTNER_CENTER_SIGN_IN');
    const mfa = failure(401, envelope('900421'), { 'www-authenticate': 'Bearer error="invalid_token"' });
    expect(mfa).toMatchObject({
      code: 'PARTNER_CENTER_SIGN_IN',
      detail: expect.stringMatching(/401, invalid_token, 900421/),
    });
  });

  it('leaves a create open when the service failed, and not when it refused', () => {
    for (const status of [408, 500, 502, 503, 504])
      expect(failure(status, '', {}, 'create').code).toBe('OUTCOME_UNKNOWN');
    expect(failure(400, envelope('generalException'), {}, 'create').code).toBe('OUTCOME_UNKNOWN');
    expect(failure(429, '', {}, 'create').code).toBe('THROTTLED');
    expect(failure(400, envelope('invalidRequest'), {}, 'create').code).toBe('REFERRAL_REJECTED');
    expect(failure(403, '', {}, 'create').code).toBe('PARTNER_CENTER_DENIED');
  });

  it('of a list is never blamed on a deal', () => {
    expect(failure(400, envelope('invalidRequest'), {}, 'list').code).toBe('UNEXPECTED_ANSWER');
    expect(failure(404, '', {}, 'list').code).toBe('UNEXPECTED_ANSWER');
    expect(failure(400, '', {}, 'read').code).toBe('UNEXPECTED_ANSWER');
  });

  it('keeps the request id and the wait, in seconds or as a date against the service clock', () => {
    expect(failure(429, '', { 'retry-after': '23', 'request-id': 'r-1' })).toMatchObject({
      retryAfterMs: 23_000,
      requestId: 'r-1',
      status: 429,
    });
    const date = { date: 'Mon, 02 Mar 2026 09:00:00 GMT', 'retry-after': 'Mon, 02 Mar 2026 09:00:57 GMT' };
    expect(failure(503, '', date).retryAfterMs).toBe(57_000);
  });

  it('names the field that the service names', () => {
    const body = envelope('invalidRequest', {
      target: 'customerProfile.address.country',
      innerError: { code: 'requiredField' },
    });
    expect(failure(400, body)).toMatchObject({ code: 'REFERRAL_REJECTED', field: 'customer' });
    const inner = envelope('invalidRequest', { innerError: { code: 'x', target: '/details/dealValue' } });
    expect(failure(400, inner).field).toBe('dealValue');
    const listed = envelope('invalidRequest', { details: [{ code: 'y', target: 'Team[0].PhoneNumber' }] });
    expect(failure(400, listed).field).toBe('team');
    expect(failure(412, envelope('preconditionFailed', { target: 'name' })).field).toBeUndefined();
  });

  it('carries no e-mail address and no phone number, and at most 300 characters', () => {
    const message = `Contact sigrun.aas@fjordlys.example (+47 75 550 142) is not valid. ${'x'.repeat(2000)}`;
    for (const body of [
      envelope('invalidRequest', { message }),
      { statusCode: 400, message },
      message,
      `<title>${message.slice(0, 150)}</title>`,
    ]) {
      const { detail } = failure(400, body);
      expect(detail).not.toMatch(/@|550/);
      expect(detail).toContain('is not valid');
      expect(detail.length).toBeLessThanOrEqual(300);
    }
  });

  it.each([
    ['pathNotAllowed', '/name', true],
    ['readOnlyOnceShared', '/customerProfile/team', true],
    ['requiredField', '/name', false],
    ['valueNotAllowed', '/salesStage', false],
    ['pathNotAllowed', '/favorite', false],
  ])('with inner code %s at %s tells a refused path (%p) from a refused value', (code, target, refused) => {
    const body = JSON.stringify(envelope('invalidRequest', { target, innerError: { code } }));
    expect(readFailure({ status: 400, headers: {}, body }, 'update', clock).refusesPath).toBe(refused);
  });

  it('survives a body that nests errors without end', () => {
    let body = '1';
    for (let depth = 0; depth < 3000; depth++) body = `{"code":"invalidRequest","innerError":${body}}`;
    expect(failure(400, `{"error":${body}}`).code).toBe('REFERRAL_REJECTED');
  });
});

describe('the target of an error', () => {
  it.each([
    ['name', 'name'],
    ['/name', 'name'],
    ['$.details.dealValue', 'dealValue'],
    ['Details/Currency', 'dealValue'],
    ['details.closingDateTime', 'closeDate'],
    ['details.requirements.solutions[0].id', 'solutions'],
    ['/details/requirements/additionalRequirements/attributes/-', 'purchaseIntent'],
    ['target[0].type', 'solutions'],
    ['team[12].phoneNumber', 'team'],
    ['/customerProfile/team/0/email', 'contacts'],
    ['customerProfile.name', 'customer'],
    ["['customerProfile']['address']", 'customer'],
    ['externalReferenceId', 'crmId'],
    ['referral.campaignId', 'campaignId'],
    ['inviteContext.assistanceRequestCode', 'helpRequired'],
    ['consent.consentToShareReferralWithMicrosoftSellers', 'visibility'],
    ['consent.consentToContact', 'consent'],
    ['consent', 'consent'],
    ['teammates', undefined],
    ['c1f2a6d0-7b1e-4c55-9d0a-3e6f20b4a871', undefined],
    ['', undefined],
  ])('%s means the field %s', (target, field) => {
    expect(fieldOfTarget(target)).toBe(field);
  });
});
