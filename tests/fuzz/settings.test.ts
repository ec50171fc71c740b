/** Settings, files of the worker's own folders, and tokens: made by admins, other processes and sign-in services. */
import fc from 'fast-check';
import { checkAccessToken } from '../../sync-worker/src/auth/access-token-claims';
import { inForce, readKept } from '../../sync-worker/src/auth/kept-sign-in';
import { loadConfig, settings } from '../../sync-worker/src/config';
import { readStatus } from '../../sync-worker/src/hand-over/status';
import { callerKey } from '../../sync-worker/src/web/address';
import { readSignature, signatureAlgorithms } from '../../sync-worker/src/web/signature';
import { loadWebConfig } from '../../sync-worker/src/web/web-config';
import { webTable } from '../../sync-worker/src/web/web-settings';
import { holds, judged, oddText, oddValue, planted, spoilt, spoiltJson, spoiltText } from './kit';

const names = Object.keys(settings);
const webNames = Object.keys(webTable.table);
const good = {
  DATAVERSE_URL: 'https://contoso.crm.dynamics.com',
  COSELL_TENANT_ID: 'contoso.onmicrosoft.com',
  COSELL_CLIENT_ID: 'c05e11c0-1111-4000-8000-000000000001',
  COSELL_CLIENT_SECRET: planted.secret,
  PARTNER_CENTER_REFRESH_TOKEN: planted.token,
  COSELL_CONNECTION: 'eu',
  HOME: '/home/site',
};
const variables = (known: readonly string[]): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...known) },
      { weight: 1, arbitrary: fc.constantFrom('COSELL_TYPO', '__proto__', 'COSELL_CLIENT_SECRT') },
    ),
    oddText,
    { maxKeys: 5 },
  );

test('environment variables and settings files of any content give settings, or all problems by name without a value', () => {
  const file = fc.oneof(spoiltJson({ COSELL_POLL: 1, COSELL_LOG_LEVEL: 'info', COSELL_CONCURRENCY: 4 }), oddText);
  holds(
    fc.tuple(variables(names), file, fc.boolean()),
    ([given, content, withFile]) => {
      const env = {
        ...good,
        ...given,
        ...(withFile ? { COSELL_SETTINGS_FILE: '/home/settings.json', COSELL_MAPPING_FILE: '/home/mapping.json' } : {}),
      };
      const config = judged(() => loadConfig(env, () => content));
      if (config)
        expect(config.concurrency >= 1 && config.dataverse.url === new URL(config.dataverse.url).origin).toBe(true);
      judged(() => loadConfig({ ...env, COSELL_CONCURRENCY: '0' }, () => content));
    },
    2,
  );
});

test('the web half takes its variables or names all problems', () => {
  holds(fc.tuple(variables(webNames), oddText), ([given, content]) => {
    const config = judged(() =>
      loadWebConfig({ HOME: '/home/site', COSELL_WEB_KEY: planted.secret, ...given }, () => content),
    );
    if (config) expect(config.webhook.ratePerMinute).toBeGreaterThan(0);
  });
});

test('a kept sign-in that is torn or of another form is none', () => {
  const kept = { refreshToken: planted.token, savedOn: '2026-03-02T09:00:00Z', seedHash: '', signIn: 'a' };
  expect(readKept(JSON.stringify(kept))).toEqual(kept);
  holds(spoiltJson(kept), (text) => {
    const read = judged(() => readKept(text));
    expect(read === null || (typeof read?.refreshToken === 'string' && read.refreshToken !== '')).toBe(true);
    judged(() => inForce(read ? [read] : [], undefined));
  });
});

test('a token of any form is for us, for nobody we can tell, or refused without its content', () => {
  const claims = { aud: 'https://api.partner.microsoft.com', amr: ['pwd', 'mfa'], upn: planted.email };
  const token = (text: string): string => `eyJhbGciOiJub25lIn0.${Buffer.from(text).toString('base64url')}.c2ln`;
  expect(checkAccessToken(token(JSON.stringify(claims)), claims.aud)).toBe(true);
  const longAudience = JSON.stringify({ ...claims, aud: `${'/'.repeat(60_000)}x` });
  judged(() => checkAccessToken(token(longAudience), claims.aud));
  holds(fc.oneof(spoiltJson(claims).map(token), spoiltText(token(JSON.stringify(claims)))), (text) => {
    judged(() => checkAccessToken(text, claims.aud));
  });
});

const status = {
  version: 1,
  connection: 'eu',
  workerVersion: '0.1.0',
  startedOn: '2026-03-02T09:00:00Z',
  writtenOn: '2026-03-02T09:00:05Z',
  state: 'running',
  queue: { known: 1, running: 0, waiting: 1 },
  links: 4,
  parkedDeals: 2,
  parked: { MAPPING_INVALID: 2 },
  feeds: {
    crm: { lastPollOn: null, lastCompleteOn: null, failures: 0, watermarkAgeSeconds: 3 },
    partnerCenter: { lastPollOn: null, lastCompleteOn: null, failures: 0, watermarkAgeSeconds: null },
  },
  signIn: { renewedOn: null, endsOn: null, daysLeft: 80 },
  throttling: { dataverse: { refused: 0, waitingUntil: null }, partnerCenter: { refused: 0, waitingUntil: null } },
  balance: { seen: 5, endings: { applied: 1, noChange: 1, filtered: 1, parked: 1, retry: 1 }, reasons: { echo: 1 } },
  hints: { taken: 1, refused: 0 },
};

test('a status that the worker did not write is none, and one with additions is read', () => {
  expect(readStatus(JSON.stringify(status))).toEqual(status);
  expect(readStatus(JSON.stringify({ ...status, later: { any: 1 } }))).toEqual(status);
  holds(
    spoiltJson(status),
    (text) => {
      const read = judged(() => readStatus(text));
      if (!read) return;
      const numbers = [
        read.links,
        read.queue.known,
        ...Object.values(read.parked),
        ...Object.values(read.balance.endings),
      ];
      expect(numbers.every((number) => Number.isInteger(number) && number >= 0)).toBe(true);
    },
    2,
  );
});

test('signature headers of any form are a signature of known length or a fixed word', () => {
  const value = fc.oneof(oddText, spoiltText(`Signature ${Buffer.alloc(256, 7).toString('base64')}`));
  const header = fc.oneof(value, fc.array(value, { maxLength: 3 }));
  const given = fc.record(
    {
      authorization: header,
      'x-ms-signature': header,
      'x-ms-signature-algorithm': fc.oneof(fc.constant('RSA-SHA256'), header),
    },
    { requiredKeys: [] },
  );
  holds(
    given,
    (headers) => {
      const signature = judged(() => readSignature(headers, signatureAlgorithms));
      expect(signature).toBeDefined();
      if (signature && 'fault' in signature) expect(signature.fault.length).toBeLessThan(20);
      else expect([256, 384, 512, 1024]).toContain(signature?.bytes.length);
    },
    3,
  );
});

test('a caller is known by a short key, whatever a proxy says of him', () => {
  holds(
    fc.oneof(
      oddText,
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV6().map((ip) => `[${ip}]:443`),
    ),
    (ip) => {
      expect(judged(() => callerKey(ip))?.length).toBeLessThanOrEqual(64);
    },
    2,
  );
});

test('values of unexpected types in variables from a program do no harm', () => {
  holds(oddValue, (value) => {
    judged(() => loadConfig({ ...good, COSELL_SETTINGS_FILE: '/x' }, () => JSON.stringify(value) ?? ''));
  });
  holds(
    spoilt(good),
    (env) => void judged(() => loadConfig({ ...good, COSELL_SETTINGS_FILE: '/x' }, () => JSON.stringify(env))),
  );
});
