import * as fc from 'fast-check';
import { nothingRemembered } from '../hand-over/former-webhook';
import type { FormerWebhook } from '../hand-over/former-webhook';
import type { Registration } from '../partner-center/registration';
import { checkedReceiverUrl, sameUrl, shownUrl } from './webhook-url';
import { matches, ourEvents, planRegistration, referralEvents, rememberBefore } from './webhooks-plan';

const now = '2026-03-02T09:00:00.000Z';
const foreignEvents = ['invoice-ready', 'subscription-updated', 'granular-admin-relationship-approved'];
const offered = [...ourEvents, ...foreignEvents];
const urls = [
  'https://a.contoso.com/webhooks/partner-center',
  'https://b.contoso.com/webhooks/partner-center',
  'https://cipp.contoso.com/hook',
  'https://other.contoso.com/hook',
];

const url = fc.constantFrom(...urls);
const registration: fc.Arbitrary<Registration> = fc.record({
  webhookUrl: url,
  webhookEvents: fc.subarray(offered),
  signatureTokenToMsSignatureHeader: fc.constantFrom(true, false, null),
  properties: fc.constant({ tool: 'x' }),
  subscriberId: fc.constant('s'),
  lastModifiedTimestamp: fc.constant(now),
});

test('whatever stands there, a plan never drops an event of another system, and never replaces one unasked', () => {
  fc.assert(
    fc.property(fc.option(registration), fc.array(url), url, fc.boolean(), (registered, ours, wanted, replace) => {
      const plan = planRegistration(registered, ours, { url: wanted, replace, offered });
      const known = registered === null || [wanted, ...ours].includes(registered.webhookUrl);
      expect(plan.kind === 'refuse').toBe(!known && !replace);
      if (plan.kind === 'refuse') return;
      const result = plan.kind === 'keep' ? (registered as Registration) : plan.values;
      expect(result.webhookUrl).toBe(wanted);
      expect(result.signatureTokenToMsSignatureHeader).toBe(true);
      expect(result.webhookEvents).toEqual(
        expect.arrayContaining([...referralEvents, ...(registered?.webhookEvents ?? [])]),
      );
      expect(new Set(result.webhookEvents).size).toBe(result.webhookEvents.length);
    }),
  );
});

test('planning again on what was written finds nothing to write', () => {
  fc.assert(
    fc.property(fc.option(registration), url, (registered, wanted) => {
      const plan = planRegistration(registered, [], { url: wanted, replace: true, offered });
      if (plan.kind === 'refuse' || plan.kind === 'keep') return;
      const written: Registration = { ...plan.values, subscriberId: 's', lastModifiedTimestamp: now };
      expect(matches(written, plan.values)).toBe(true);
      expect(planRegistration(written, [], { url: wanted, replace: false, offered }).kind).toBe('keep');
    }),
  );
});

test('after any row of runs the memory holds the foreign registration that stood there last, and none of ours', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.option(registration), url), { minLength: 1, maxLength: 8 }), (runs) => {
      let memory: FormerWebhook = nothingRemembered;
      let expected: string | null = null;
      const ours = new Set<string>();
      for (const [registered, wanted] of runs) {
        ours.add(wanted);
        if (registered && !ours.has(registered.webhookUrl)) expected = registered.webhookUrl;
        memory = rememberBefore(memory, registered, wanted, now);
        expect(memory.ours[0]).toBe(wanted);
      }
      const remembered = [memory.former, ...memory.earlier].map((one) => one?.webhookUrl);
      expect(remembered).not.toContain(runs.at(-1)?.[1]);
      if (expected !== null && !ours.has(expected)) expect(memory.former?.webhookUrl).toBe(expected);
    }),
  );
});

describe('addresses', () => {
  test('case of the host, default port and a last slash make no other address, anything else does', () => {
    expect(sameUrl('https://A.contoso.com:443/x/', 'https://a.contoso.com/x')).toBe(true);
    expect(sameUrl('https://a.contoso.com/X', 'https://a.contoso.com/x')).toBe(false);
    expect(sameUrl('https://a.contoso.com/x?k=1', 'https://a.contoso.com/x')).toBe(false);
    expect(sameUrl('no address', 'no address')).toBe(true);
  });

  test('keys are not shown', () => {
    expect(shownUrl('https://u:p@h.contoso.com/a/b?code=abc&x=1#f')).toBe('https://h.contoso.com/a/b?code=…&x=…');
    expect(shownUrl('https://hooks.contoso.com/services/T024BE7LD/aB3dE5fG7hI9jK1lM3nO5pQ7')).not.toContain('aB3dE5');
    expect(shownUrl('nonsense')).toBe('(not readable as an address)');
  });

  test('behind a gateway’s prefix and with an emulated Partner Center our own may look otherwise', () => {
    expect(checkedReceiverUrl(' https://GW.contoso.com/cosell/webhooks/partner-center/ ', false)).toBe(
      'https://gw.contoso.com/cosell/webhooks/partner-center',
    );
    expect(checkedReceiverUrl('http://localhost:8080/webhooks/partner-center', true)).toBe(
      'http://localhost:8080/webhooks/partner-center',
    );
    expect(() => checkedReceiverUrl('http://localhost:8080/webhooks/partner-center', false)).toThrow('https://');
    expect(() => checkedReceiverUrl('http://gw.contoso.com/webhooks/partner-center', true)).toThrow('https://');
  });

  test('nothing that is typed there ends in anything but an address or a reason', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl({ withQueryParameters: true }),
          fc.ipV6().map((ip) => `https://[${ip}]/webhooks/partner-center`),
        ),
        (text) => {
          try {
            expect(new URL(checkedReceiverUrl(text, false)).protocol).toBe('https:');
          } catch (error) {
            expect((error as Error).name).toBe('UsageError');
          }
          expect(typeof shownUrl(text)).toBe('string');
        },
      ),
      { numRuns: 50 },
    );
  });
});
