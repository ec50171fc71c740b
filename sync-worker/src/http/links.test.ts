import * as fc from 'fast-check';
import { FakeClock } from '../testing/fake-clock';
import { answerCode, retryAfter } from './answer';
import { redactUrl } from './redacted-log';
import { safeOf } from './safe';
import { rebuildLink } from './same-origin';
import type { HttpRequest } from './types';

describe('links of a payload', () => {
  const base = 'https://contoso.crm.dynamics.com/api/data/v9.2/';

  test('are rebuilt on the configured address', () => {
    expect(rebuildLink(base, 'http://contoso.crm.dynamics.com/api/data/v9.2/rows?$deltatoken=1%2c2')).toBe(
      'https://contoso.crm.dynamics.com/api/data/v9.2/rows?$deltatoken=1%2c2',
    );
    expect(rebuildLink(base, 'rows?$skiptoken=x')).toBe(
      'https://contoso.crm.dynamics.com/api/data/v9.2/rows?$skiptoken=x',
    );
  });

  test.each([
    'https://evil.example/api/data/v9.2/rows',
    'https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/rows',
    'https://user@contoso.crm.dynamics.com/api/data/v9.2/rows',
    'https://contoso.crm.dynamics.com/api/data/v9.2/../../admin',
    'javascript:alert(1)',
    'https://',
  ])('are refused when they lead elsewhere: %s', (link) => {
    expect(() => rebuildLink(base, link)).toThrow(/UNEXPECTED_ANSWER/);
  });

  test('never lead to another host, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `//${text}`),
        ),
        (link) => {
          let rebuilt = base;
          try {
            rebuilt = rebuildLink(base, link);
          } catch {
            return;
          }
          expect(rebuilt.startsWith(base)).toBe(true);
        },
      ),
    );
  });
});

describe('how long to wait', () => {
  const clock = new FakeClock({ now: '2026-03-02T09:00:00Z' });
  const asked = (headers: Record<string, string>): number | undefined =>
    retryAfter({ status: 429, headers, body: '' }, clock);

  test('reads seconds and dates and nothing else', () => {
    expect(asked({ 'retry-after': '57' })).toBe(57_000);
    expect(asked({ 'retry-after': ' 0.5 ' })).toBe(500);
    expect(asked({ 'retry-after': 'Mon, 02 Mar 2026 09:00:30 GMT' })).toBe(30_000);
    expect(asked({ 'retry-after': 'Mon, 02 Mar 2026 08:00:00 GMT' })).toBe(0);
    // A wait that makes no date, and one for years, would park a deal for ever.
    expect(asked({ 'retry-after': '99999999999' })).toBe(24 * 3_600_000);
    expect(asked({ 'retry-after': 'Wed, 21 Oct 2199 07:28:00 GMT' })).toBe(24 * 3_600_000);
    expect(asked({ 'retry-after': '-5' })).toBeUndefined();
    expect(asked({ 'retry-after': 'soon' })).toBeUndefined();
    expect(asked({ 'retry-after': '-1' })).toBeUndefined();
    expect(asked({})).toBeUndefined();
  });
});

test('an error code is taken from each shape of envelope, and never a text', () => {
  const code = (body: unknown): string =>
    answerCode({ status: 400, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) });
  expect(code({ error: { code: '0x80060882', message: 'x' } })).toBe('0x80060882');
  expect(code({ error: 'invalid_grant', error_description: 'x' })).toBe('invalid_grant');
  expect(code({ code: '900421', description: 'x' })).toBe('900421');
  expect(code({ error: { code: 'Anna Smith is not here' } })).toBe('');
  expect(code('<html>')).toBe('');
  expect(code('{"broken"')).toBe('');
});

test('only reads and exactly conditional writes may be repeated without being told so', () => {
  const of = (method: HttpRequest['method'], headers: Record<string, string> = {}): string =>
    safeOf({ method, headers, url: '' });
  expect(of('GET')).toBe('read');
  expect(of('PATCH', { 'if-match': 'W/"1"' })).toBe('conditional');
  expect(of('PATCH', { 'If-Match': '*' })).toBe('once');
  expect(of('PATCH')).toBe('once');
  expect(of('POST')).toBe('once');
  expect(of('DELETE')).toBe('once');
});

describe('addresses in the log', () => {
  test('keep ids, dates and names of columns', () => {
    const url =
      "https://x.example/api/opportunities(00000000-0000-0000-0000-000000000001)?$filter=modifiedon ge 2026-03-02T09:00:00Z and no eq '12'";
    expect(redactUrl(url)).toBe(
      "/api/opportunities(00000000-0000-0000-0000-000000000001)?$filter=modifiedon ge 2026-03-02T09:00:00Z and no eq '12'",
    );
  });

  test('lose what a customer wrote, also in keys and unclosed literals', () => {
    expect(redactUrl("/api/accounts(name='Contoso%20GmbH')")).toBe("/api/accounts(name='…')");
    expect(redactUrl("/api/accounts?$filter=name eq 'Contoso")).toBe("/api/accounts?$filter=name eq '…'");
    expect(redactUrl('/api/people?search=anna@contoso.com')).toBe('/api/people?search=<email>');
    expect(redactUrl('https://[')).toBe('<no address>');
  });
});
