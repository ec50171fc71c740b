import * as fc from 'fast-check';
import { SyncError } from './errors';
import { createLog } from './log';
import type { LogLevel } from './log';
import type { Log } from './ports';
import { hide, scrub } from './scrub';

function collect(level: LogLevel = 'debug'): { log: Log; lines: () => Record<string, unknown>[]; text: () => string } {
  let text = '';
  const log = createLog({
    level,
    base: { connection: 'default' },
    stream: { write: (line: string) => void (text += line) },
  });
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('log', () => {
  test('writes one JSON object per line with level, time, message and fields', () => {
    const { log, lines } = collect();
    log.info('started', { deals: 3, list: ['a'], nothing: undefined });
    log.warn('slow');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        connection: 'default',
        deals: 3,
        list: ['a'],
        msg: 'started',
      },
      { level: 'warn', time: expect.any(String), connection: 'default', msg: 'slow' },
    ]);
  });

  test('is silent below its level', () => {
    const { log, text } = collect('warn');
    log.debug('a');
    log.info('b');
    expect(text()).toBe('');
  });

  test('hides secrets by the name of their field, however deep, and personal data by its looks', () => {
    const { log, text, lines } = collect();
    log.error('sign-in of anna@contoso.com', {
      headers: { Authorization: 'Bearer abcdefghij', accept: 'application/json' },
      person: { firstName: 'Anna', phone: '+49 30 1234567', id: '6f1c5a52-0000-4000-8000-000000000001' },
    });
    expect(text()).not.toMatch(/anna|abcdefghij|1234567/i);
    expect(lines()[0]).toMatchObject({
      headers: { accept: 'application/json' },
      person: { id: '6f1c5a52-0000-4000-8000-000000000001' },
    });
  });

  test('hides a person also where a foreign object has the address for a name', () => {
    const { log, text } = collect();
    log.error('by person', { counts: { 'anna@contoso.com': 2, parked: 1 } });
    expect(text()).not.toContain('anna');
    expect(text()).toContain('"parked":1');
  });

  test('writes of an error what helps, and nothing that foreign code hung on it', () => {
    const { log, text, lines } = collect();
    const foreign = Object.assign(new Error('Request failed for anna@contoso.com'), {
      config: { headers: { Authorization: 'Bearer abc' } },
    });
    log.error('failed', {
      error: new SyncError('CRM_REFUSED', { detail: 'plug-in said no', requestId: 'r-1', status: 400, cause: foreign }),
    });
    expect(lines()[0]?.['error']).toMatchObject({
      name: 'SyncError',
      code: 'CRM_REFUSED',
      detail: 'plug-in said no',
      requestId: 'r-1',
      status: 400,
      cause: { name: 'Error', message: 'Request failed for <email>' },
    });
    expect(text()).not.toMatch(/Bearer|anna/);
  });

  test('survives a value that refers to itself', () => {
    const { log, lines } = collect();
    const value: Record<string, unknown> = { size: 1n };
    value['self'] = value;
    log.info('odd', { value });
    expect(lines()[0]).toMatchObject({ msg: 'odd', value: { size: '1' } });
  });
});

describe('scrub', () => {
  /** Some text around the secret that a service's message might have. */
  const around = fc.constantFrom(
    ['', ''],
    ['User ', ' is not allowed.'],
    ['{"v":"', '"}'],
    ["value='", "'"],
    ['(', ')'],
    ['a\n', '\nb'],
  );
  const within = (secret: fc.Arbitrary<string>): fc.Arbitrary<{ secret: string; text: string }> =>
    fc
      .tuple(secret, around)
      .map(([value, [before = '', after = '']]) => ({ secret: value, text: `${before}${value}${after}` }));
  const characters = (alphabet: string, min: number, max: number): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...alphabet), { minLength: min, maxLength: max }).map((list) => list.join(''));
  const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  test('no e-mail address gets through', () => {
    fc.assert(
      fc.property(within(fc.emailAddress()), ({ secret, text }) => {
        expect(scrub(text)).not.toContain(secret);
        expect(scrub(text)).not.toContain(`@${secret.split('@')[1]}`);
      }),
    );
    expect(scrub('jürgen.müller@bücher.example, o%40b.example')).toBe('<email>, <email>');
  });

  test('no token gets through, bare or after Bearer', () => {
    const part = characters(base64url, 20, 60);
    const jwt = fc.tuple(part, part, part).map(([header, body, mark]) => `eyJ${header}.eyJ${body}.${mark}`);
    fc.assert(fc.property(within(jwt), ({ secret, text }) => expect(scrub(text)).not.toContain(secret.slice(-15))));
    fc.assert(
      fc.property(within(characters(base64url, 8, 60)), ({ secret, text }) => {
        expect(scrub(`Authorization: Bearer ${text.includes(secret) ? secret : ''}`)).not.toContain(secret);
      }),
    );
  });

  test('no long secret gets through: client secrets, keys, hashes, refresh tokens', () => {
    const secret = characters(`${base64url}~.`, 34, 90).filter(
      (text) => (text.match(/\d/g) ?? []).length >= 4 && /[a-z]{2}/i.test(text) && !/[./]/.test(text),
    );
    fc.assert(fc.property(within(secret), ({ secret: value, text }) => expect(scrub(text)).not.toContain(value)));
    expect(scrub('client_secret=hunter2&grant_type=x')).toBe('client_secret=<secret>&grant_type=x');
    expect(scrub('{"refresh_token":"abc","token_type":"Bearer"}')).toBe(
      '{"refresh_token":"<secret>","token_type":"Bearer"}',
    );
    expect(scrub('/signin?code=abc&state=1')).toBe('/signin?code=<secret>&state=1');
    expect(scrub('-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----')).toBe('<key>');
  });

  test.each([
    '+49 30 1234567',
    '+1 (425) 555-0100',
    '0049-30-1234567',
    '(030) 123 45 67',
    '+493012345678',
    '425.555.0100',
  ])('no phone number gets through: %s', (phone) => {
    expect(scrub(`call ${phone} now`).replace(/[^\d]/g, '')).toBe('');
  });

  test.each([
    'Referral 6f1c5a52-1234-4000-8000-000000000001 was not found',
    'PATCH opportunities(6f1c5a52-1234-4000-8000-000000000001) answered 412',
    'W/"1234567"',
    '{"error":{"code":"0x80040217","message":"does not exist"}}',
    'updated 2026-03-02T09:00:00.1234567Z, due 2026-03-31',
    'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
    'value 1250.50 is out of range',
    'Microsoft.Dynamics.CRM.opportunity@odata.bind, @Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode',
    '/api/data/v9.2/cosell_opportunitysolutions',
    'Microsoft.Partner.Service.PartnerReferrals.Contracts',
  ])('what helps to find a fault stays: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });

  test('what it made is not changed by doing it again, and is never longer than 2001 characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000 }), (text) => {
        expect(scrub(text).length).toBeLessThanOrEqual(2001);
        if (text.length < 500) expect(scrub(scrub(text))).toBe(scrub(text));
      }),
    );
  });

  test('takes a hostile text in little time', () => {
    const started = performance.now();
    for (const text of [
      'a'.repeat(200_000),
      'a.'.repeat(100_000),
      '@'.repeat(200_000),
      '1 '.repeat(100_000),
      'eyJ'.repeat(70_000),
    ])
      scrub(text);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('a secret of our own settings is taken out whatever it looks like, in a text, in JSON and in a form', () => {
    const secret = 'correct horse "battery" staple';
    expect(scrub(`echo: ${secret}`)).toContain(secret);
    hide(secret);
    hide('short');
    const form = new URLSearchParams({ client_secret: secret }).toString();
    for (const text of [`echo: ${secret}!`, JSON.stringify({ a: secret }), form, `x${secret}${secret}y`]) {
      expect(scrub(text)).not.toMatch(/horse|battery/);
    }
    expect(scrub('a short word')).toBe('a short word');
  });

  test('takes anything', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    expect(scrub(undefined)).toBe('');
    expect(scrub({ to: 'anna@contoso.com' })).toBe('{"to":"<email>"}');
    expect(typeof scrub(circular)).toBe('string');
    expect(scrub(new Error('for anna@contoso.com'))).toBe('for <email>');
  });
});
