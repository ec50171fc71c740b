import { EmulatorClock } from '../kit/clock';
import { createAuthority } from '../kit/certificates';
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { startEntra, type EntraEmulator } from './index';
import { decodeJwt } from './jwt';

const tenantId = '7d1c0f5a-3333-4000-8000-00000000c05e';
const clientId = 'c05e11c0-1111-4000-8000-000000000001';
const secret = 'a secret';
const upn = 'service@larkspur.example';
const referrals = 'https://api.partner.microsoft.com';

let clock: EmulatorClock;
let entra: EntraEmulator;
beforeEach(async () => {
  clock = new EmulatorClock('2026-03-02T08:00:00Z');
  entra = await startEntra({
    clock,
    journal: new Journal(),
    faults: new FaultPlan(),
    tenantId,
    managedIdentity: { clientId, header: 'identity header' },
  });
  entra.registerApplication({ clientId, secret });
  entra.registerUser({ upn, mfa: true, password: 'pass word' });
});
afterEach(() => entra.stop());

interface TokenAnswer {
  readonly status: number;
  readonly json: Record<string, unknown> & { access_token: string; refresh_token: string; error_codes: number[] };
}

async function post(path: string, form: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(`${entra.url}/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, json: (await response.json()) as TokenAnswer['json'] };
}
const v2 = (form: Record<string, string>): Promise<TokenAnswer> => post(`${tenantId}/oauth2/v2.0/token`, form);
const app = { client_id: clientId, client_secret: secret };
const forApp = { ...app, grant_type: 'client_credentials', scope: 'https://contoso.crm.dynamics.com/.default' };
const refreshWith = (refresh_token: string, more: Record<string, string> = {}): Promise<TokenAnswer> =>
  v2({ ...app, grant_type: 'refresh_token', scope: `${referrals}/.default offline_access`, refresh_token, ...more });
const claimsOf = (token: string): Record<string, unknown> => decodeJwt(token)?.payload ?? {};

describe('client credentials', () => {
  test('give an app-only token for the resource of the scope', async () => {
    const { status, json } = await v2(forApp);
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(json).not.toHaveProperty('refresh_token');
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: 'https://contoso.crm.dynamics.com',
      tid: tenantId,
      appid: clientId,
      idtyp: 'app',
    });
    expect(claimsOf(json.access_token)).not.toHaveProperty('upn');
  });

  test('work at the v1 endpoint with a resource, numbers as strings', async () => {
    const { json } = await post(`${tenantId}/oauth2/token`, {
      ...app,
      grant_type: 'client_credentials',
      resource: 'https://contoso.crm.dynamics.com/',
    });
    expect(json).toMatchObject({ expires_in: '3599', resource: 'https://contoso.crm.dynamics.com/' });
    expect(entra.verify(json.access_token, { audience: 'https://contoso.crm.dynamics.com' })).not.toHaveProperty(
      'refuse',
    );
  });

  const refused: [string, Record<string, string>, number, string, number][] = [
    [
      'an unknown application',
      { ...forApp, client_id: '00000000-0000-4000-8000-000000000000' },
      700016,
      'unauthorized_client',
      400,
    ],
    ['a wrong secret', { ...forApp, client_secret: 'no' }, 7000215, 'invalid_client', 401],
    ['a scope without .default', { ...forApp, scope: `${referrals}/user_impersonation` }, 70011, 'invalid_scope', 400],
    [
      'two resources at once',
      { ...forApp, scope: `${referrals}/.default https://b.example/.default` },
      70011,
      'invalid_scope',
      400,
    ],
    ['only scopes of OpenID', { ...forApp, scope: 'openid offline_access' }, 70011, 'invalid_scope', 400],
    ['an unknown grant', { ...forApp, grant_type: 'magic' }, 70003, 'unsupported_grant_type', 400],
    [
      'a grant named like an object member',
      { ...forApp, grant_type: 'constructor' },
      70003,
      'unsupported_grant_type',
      400,
    ],
    ['no client id', { grant_type: 'client_credentials', scope: forApp.scope }, 900144, 'invalid_request', 400],
    [
      'no credential',
      { grant_type: 'client_credentials', client_id: clientId, scope: forApp.scope },
      7000218,
      'invalid_client',
      401,
    ],
  ];
  test.each(refused)('are refused with %s', async (_case, form, code, error, status) => {
    const answer = await v2(form);
    expect([answer.status, answer.json['error'], answer.json.error_codes]).toEqual([status, error, [code]]);
    expect(answer.json['error_description']).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(answer.json).toHaveProperty('correlation_id');
  });

  test('are refused once the secret has expired', async () => {
    entra.registerApplication({ clientId, secret: 'short', secretExpiresAt: '2026-03-03T00:00:00Z' });
    expect((await v2({ ...forApp, client_secret: 'short' })).status).toBe(200);
    clock.set('2026-03-03T00:00:00Z');
    expect((await v2({ ...forApp, client_secret: 'short' })).json.error_codes).toEqual([7000222]);
  });

  test('are refused in a tenant that does not exist', async () => {
    expect((await post('fabrikam.example/oauth2/v2.0/token', forApp)).json.error_codes).toEqual([90002]);
  });
});

describe('verifying a token', () => {
  const audience = 'https://contoso.crm.dynamics.com';
  const token = async (): Promise<string> => (await v2(forApp)).json.access_token;

  test('gives its claims for the right audience only', async () => {
    expect(entra.verify(await token(), { audience })).toMatchObject({ appid: clientId });
    expect(entra.verify(await token(), { audience: referrals })).toEqual({ refuse: `the audience is ${audience}` });
  });

  test('fails after its time', async () => {
    const made = await token();
    clock.advance(3_598_000);
    expect(entra.verify(made, { audience })).not.toHaveProperty('refuse');
    clock.advance(1_000);
    expect(entra.verify(made, { audience })).toEqual({ refuse: 'the token expired' });
  });

  test('fails for altered, foreign and unsigned tokens', async () => {
    const made = await token();
    const [head = '', body = '', tail = ''] = made.split('.');
    const other = Buffer.from(JSON.stringify({ ...claimsOf(made), appid: 'someone' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const forged of [`${head}.${other}.${tail}`, `${none}.${body}.`, 'rubbish', `${made}.more`, '']) {
      expect(entra.verify(forged, { audience })).toHaveProperty('refuse');
    }
  });

  test('looks at audience, time and each altered copy again, though the signature was found good before', async () => {
    const made = await token();
    expect(entra.verify(made, { audience })).not.toHaveProperty('refuse');
    const [head = '', , tail = ''] = made.split('.');
    const other = Buffer.from(JSON.stringify({ ...claimsOf(made), appid: 'someone' })).toString('base64url');
    expect(entra.verify(`${head}.${other}.${tail}`, { audience })).toEqual({ refuse: 'the signature is invalid' });
    expect(entra.verify(made, { audience: referrals })).toEqual({ refuse: `the audience is ${audience}` });
    clock.advance(3_600_000);
    expect(entra.verify(made, { audience })).toEqual({ refuse: 'the token expired' });
  });
});

describe('refresh tokens', () => {
  test('give delegated tokens with the MFA claim of the sign-in, and a new refresh token', async () => {
    const { json } = await refreshWith(entra.issueRefreshToken({ clientId, upn }));
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: referrals,
      upn,
      scp: 'user_impersonation',
      amr: ['pwd', 'mfa'],
    });
    expect((await refreshWith(json.refresh_token)).status).toBe(200);
  });

  test('a sign-in without a second factor gives tokens without the claim', async () => {
    const { json } = await refreshWith(entra.issueRefreshToken({ clientId, upn, mfa: false }));
    expect(claimsOf(json.access_token)).toMatchObject({ amr: ['pwd'] });
    entra.switches.requireMfa = true;
    const refused = await refreshWith(json.refresh_token);
    expect([refused.json['error'], refused.json.error_codes]).toEqual(['invalid_grant', [50076]]);
  });

  test('one refresh token serves both hosts of Partner Center', async () => {
    const token = entra.issueRefreshToken({ clientId, upn });
    const other = await refreshWith(token, {
      scope: 'https://api.partnercenter.microsoft.com/.default offline_access',
    });
    expect(claimsOf(other.json.access_token)['aud']).toBe('https://api.partnercenter.microsoft.com');
    expect(claimsOf((await refreshWith(token)).json.access_token)['aud']).toBe(referrals);
  });

  test('stop working after use when the tenant revokes used ones', async () => {
    entra.switches.refreshRotation = 'oldRevokedAfterUse';
    const first = entra.issueRefreshToken({ clientId, upn });
    const { json } = await refreshWith(first);
    const again = await refreshWith(first);
    expect([again.status, again.json['error'], again.json.error_codes]).toEqual([400, 'invalid_grant', [50173]]);
    expect((await refreshWith(json.refresh_token)).status).toBe(200);
  });

  test('die with all their descendants when a used one comes again, where the tenant looks for that', async () => {
    entra.switches.refreshRotation = 'reuseRevokesFamily';
    const first = entra.issueRefreshToken({ clientId, upn });
    const other = entra.issueRefreshToken({ clientId, upn });
    const { json } = await refreshWith(first);
    expect((await refreshWith(first)).json.error_codes).toEqual([50173]);
    expect((await refreshWith(json.refresh_token)).json.error_codes).toEqual([50173]);
    expect((await refreshWith(other)).status).toBe(200);
  });

  test('are refused by the policy that a test puts in force, and work again without it', async () => {
    const token = entra.issueRefreshToken({ clientId, upn });
    entra.switches.refuseRefreshWith = 53003;
    expect((await refreshWith(token)).json.error_codes).toEqual([53003]);
    entra.switches.refuseRefreshWith = 0;
    expect((await refreshWith(token)).status).toBe(200);
  });

  test('die after 90 days without use, and live on while used', async () => {
    const used = entra.issueRefreshToken({ clientId, upn });
    const idle = entra.issueRefreshToken({ clientId, upn });
    clock.advance(60 * 86_400_000);
    expect((await refreshWith(used)).status).toBe(200);
    clock.advance(60 * 86_400_000);
    expect((await refreshWith(used)).status).toBe(200);
    expect((await refreshWith(idle)).json.error_codes).toEqual([700082]);
  });

  test('die with revocation, a disabled user and in foreign hands', async () => {
    const token = entra.issueRefreshToken({ clientId, upn });
    expect((await refreshWith('made up')).json.error_codes).toEqual([9002313]);
    entra.registerApplication({ clientId: '11111111-2222-4333-8444-555555555555', secret: 'other' });
    const foreign = { client_id: '11111111-2222-4333-8444-555555555555', client_secret: 'other' };
    expect((await refreshWith(token, foreign)).json['error']).toBe('invalid_grant');
    entra.disableUser(upn);
    expect((await refreshWith(token)).json.error_codes).toEqual([50057]);
    entra.disableUser(upn, false);
    expect(entra.revokeRefreshTokens(upn)).toBe(1);
    expect((await refreshWith(token)).json.error_codes).toEqual([50173]);
  });

  test('without offline_access no new refresh token comes back', async () => {
    const { json } = await refreshWith(entra.issueRefreshToken({ clientId, upn }), { scope: `${referrals}/.default` });
    expect(json).not.toHaveProperty('refresh_token');
  });
});

describe('signing in', () => {
  const redirectUri = 'http://localhost:8400/done';
  const authorize = (query: Record<string, string>): Promise<Response> =>
    fetch(`${entra.url}/common/oauth2/v2.0/authorize?${new URLSearchParams(query).toString()}`, { redirect: 'manual' });
  const asked = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    state: 's',
    scope: `${referrals}/.default offline_access`,
  };
  const redeem = (code: string, more: Record<string, string> = {}): Promise<TokenAnswer> =>
    v2({ ...app, grant_type: 'authorization_code', code, redirect_uri: redirectUri, scope: asked.scope, ...more });

  test('a code is redeemed once, for the same address, within ten minutes', async () => {
    entra.signInAs(upn);
    const code = async (): Promise<string> => {
      const location = new URL((await authorize(asked)).headers.get('location') ?? '');
      expect(location.searchParams.get('state')).toBe('s');
      return location.searchParams.get('code') ?? '';
    };
    const first = await code();
    expect((await redeem(first, { redirect_uri: 'http://localhost/else' })).json.error_codes).toEqual([500112]);
    const { json } = await redeem(first);
    expect(claimsOf(json.access_token)).toMatchObject({ upn, amr: ['pwd', 'mfa'] });
    expect((await refreshWith(json.refresh_token)).status).toBe(200);
    expect((await redeem(first)).json.error_codes).toEqual([70000]);
    const late = await code();
    clock.advance(601_000);
    expect((await redeem(late)).json.error_codes).toEqual([70008]);
  });

  test('a code with a challenge needs its verifier', async () => {
    const verifier = 'v'.repeat(43);
    const challenge = 'g4gi7hTE7wEPVP6L5XDEaL5GVZi8ZuKBOtcUEcWSNFc';
    const { createHash } = await import('node:crypto');
    const real = createHash('sha256').update(verifier).digest('base64url');
    const code = async (code_challenge: string): Promise<string> => {
      const answer = await authorize({ ...asked, login_hint: upn, code_challenge, code_challenge_method: 'S256' });
      return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    };
    expect((await redeem(await code(challenge), { code_verifier: verifier })).json.error_codes).toEqual([501481]);
    expect((await redeem(await code(real), { code_verifier: verifier })).status).toBe(200);
  });

  test('nobody chosen means login_required; form_post brings a page that posts itself', async () => {
    const nobody = new URL((await authorize(asked)).headers.get('location') ?? '');
    expect(nobody.searchParams.get('error')).toBe('login_required');
    const page = await authorize({
      ...asked,
      login_hint: upn,
      response_mode: 'form_post',
      response_type: 'code id_token',
    });
    const html = await page.text();
    expect(html).toContain(`action="${redirectUri}"`);
    expect(html).toMatch(/name="code" value="[^"]+"/);
    expect(html).toContain('name="id_token"');
  });

  test('a device code waits until somebody approves it', async () => {
    const started = await post(`${tenantId}/oauth2/v2.0/devicecode`, { client_id: clientId, scope: asked.scope });
    const device_code = String(started.json['device_code']);
    const poll = (): Promise<TokenAnswer> =>
      v2({ ...app, grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
    expect((await poll()).json['error']).toBe('authorization_pending');
    entra.approveDeviceCode(String(started.json['user_code']), upn);
    expect(claimsOf((await poll()).json.access_token)['upn']).toBe(upn);
    expect((await poll()).json['error']).toBe('invalid_grant');
  });

  test('a device code can be declined, runs out, and asks an app that has a secret for it', async () => {
    const start = async (): Promise<TokenAnswer['json']> =>
      (await post(`${tenantId}/oauth2/v2.0/devicecode`, { client_id: clientId, scope: asked.scope })).json;
    const poll = (started: TokenAnswer['json'], who: Record<string, string> = app): Promise<TokenAnswer> =>
      v2({ ...who, grant_type: 'device_code', device_code: String(started['device_code']) });
    const first = await start();
    expect((await poll(first, { client_id: clientId })).json.error_codes).toEqual([7000218]);
    entra.declineDeviceCode(String(first['user_code']));
    expect((await poll(first)).json['error']).toBe('authorization_declined');
    const second = await start();
    clock.advance(901_000);
    expect((await poll(second)).json['error']).toBe('expired_token');
  });

  test('a page is shown only for a registered address and a known prompt; cancelling comes back to it', async () => {
    entra.signInAs(upn);
    entra.registerApplication({ clientId, redirectUris: [redirectUri] });
    const refused = async (more: Record<string, string>): Promise<number[]> =>
      ((await (await authorize({ ...asked, ...more })).json()) as { error_codes: number[] }).error_codes;
    expect(await refused({ redirect_uri: 'http://localhost:8401/done' })).toEqual([50011]);
    expect(await refused({ prompt: 'please' })).toEqual([90023]);
    entra.switches.person = 'cancels';
    const back = new URL((await authorize({ ...asked, prompt: 'login' })).headers.get('location') ?? '');
    expect([back.searchParams.get('error'), back.searchParams.get('state')]).toEqual(['access_denied', 's']);
  });

  test('a public client may use any port of localhost', async () => {
    const publicId = '11111111-2222-4333-8444-000000000009';
    entra.registerApplication({ clientId: publicId, publicClient: true, redirectUris: ['http://localhost'] });
    const page = await authorize({
      ...asked,
      client_id: publicId,
      login_hint: upn,
      redirect_uri: 'http://localhost:51234',
    });
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const redeemed = await v2({
      client_id: publicId,
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'http://localhost:51234',
      scope: asked.scope,
    });
    expect(redeemed.status).toBe(200);
  });

  test('a password alone works only where it is switched on, and never with enforced MFA', async () => {
    const sign = (password: string): Promise<TokenAnswer> =>
      v2({ ...app, grant_type: 'password', username: upn, password, scope: asked.scope });
    expect((await sign('pass word')).json.error_codes).toEqual([70003]);
    entra.switches.allowPassword = true;
    expect((await sign('wrong')).json.error_codes).toEqual([50126]);
    expect(claimsOf((await sign('pass word')).json.access_token)['amr']).toEqual(['pwd']);
    entra.switches.requireMfa = true;
    expect((await sign('pass word')).json.error_codes).toEqual([50076]);
  });
});

describe('managed identity', () => {
  const resource = 'https://contoso.crm.dynamics.com';
  const ask = (query: Record<string, string>, header = 'identity header'): Promise<Response> =>
    fetch(`${entra.url}/msi/token?${new URLSearchParams(query).toString()}`, {
      headers: { 'x-identity-header': header },
    });

  test('gives a token for the resource to who knows the header', async () => {
    const answer = await ask({ 'api-version': '2019-08-01', resource });
    const json = (await answer.json()) as { access_token: string; expires_on: string };
    expect(entra.verify(json.access_token, { audience: resource })).toMatchObject({ appid: clientId, idtyp: 'app' });
    expect(Number(json.expires_on)).toBe(clock.now() / 1000 + 3599);
  });

  test.each([
    ['another version', { 'api-version': '2017-09-01', resource }, undefined, 400],
    ['no resource', { 'api-version': '2019-08-01' }, undefined, 400],
    ['a wrong header', { 'api-version': '2019-08-01', resource }, 'nope', 401],
    ['another identity', { 'api-version': '2019-08-01', resource, client_id: 'x' }, undefined, 400],
  ])('refuses %s', async (_case, query, header, status) => {
    expect((await ask(query as Record<string, string>, header)).status).toBe(status);
  });

  test('can be down', async () => {
    entra.switches.managedIdentity = 'off';
    expect((await ask({ 'api-version': '2019-08-01', resource })).status).toBe(500);
  });
});

test('unknown paths are refused by name', async () => {
  const answer = await fetch(`${entra.url}/${tenantId}/oauth2/v2.0/logout`);
  expect(answer.status).toBe(501);
  expect(await answer.text()).toContain('logout');
});

test('the published key verifies the tokens', async () => {
  const { jwks_uri } = (await (
    await fetch(`${entra.url}/${tenantId}/v2.0/.well-known/openid-configuration`)
  ).json()) as {
    jwks_uri: string;
  };
  const { keys } = (await (await fetch(jwks_uri)).json()) as { keys: { kid: string }[] };
  const token = (await v2(forApp)).json.access_token;
  const { createPublicKey, verify } = await import('node:crypto');
  const jwt = decodeJwt(token);
  const key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
  expect(keys[0]?.kid).toBe(jwt?.header['kid']);
  expect(verify('sha256', Buffer.from(jwt?.signedPart ?? ''), key, jwt?.signature ?? Buffer.alloc(0))).toBe(true);
});

test('a public application may redeem and refresh without a secret, but proves nothing about itself', async () => {
  const cli = '22222222-2222-4333-8444-555555555555';
  entra.registerApplication({ clientId: cli, publicClient: true });
  const refresh_token = entra.issueRefreshToken({ clientId: cli, upn });
  const scope = `${referrals}/.default offline_access`;
  expect((await v2({ client_id: cli, grant_type: 'refresh_token', refresh_token, scope })).status).toBe(200);
  const bare = await v2({ client_id: cli, grant_type: 'client_credentials', scope: `${referrals}/.default` });
  expect(bare.json.error_codes).toEqual([7000218]);
});

test('a certificate of another application is no credential', async () => {
  const foreign = await createAuthority({ commonName: 'foreign' });
  const head = Buffer.from(JSON.stringify({ alg: 'RS256', x5t: 'AAAA' })).toString('base64url');
  const body = Buffer.from(JSON.stringify({ iss: clientId, sub: clientId })).toString('base64url');
  const { createPrivateKey, sign } = await import('node:crypto');
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), createPrivateKey(foreign.key)).toString('base64url');
  const answer = await v2({
    client_id: clientId,
    grant_type: 'client_credentials',
    scope: forApp.scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${head}.${body}.${signature}`,
  });
  expect(answer.json.error_codes).toEqual([700027]);
});
