/** Peer test: Microsoft's own client library must be content with the emulator. */
import { spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfidentialClientApplication,
  ManagedIdentityApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from '@azure/msal-node';
import { createAuthority } from '../kit/certificates';
import { EmulatorClock } from '../kit/clock';
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { createWorldTls } from '../tls';
import { startEntra, type EntraEmulator } from './index';

const tenantId = '7d1c0f5a-3333-4000-8000-00000000c05e';
const clientId = 'c05e11c0-1111-4000-8000-000000000001';
const authority = `https://login.microsoftonline.com/${tenantId}`;
const scope = 'https://contoso.crm.dynamics.com/.default';
const upn = 'service@larkspur.example';

let clock: EmulatorClock;
let entra: EntraEmulator;
let journal: Journal;
beforeEach(async () => {
  journal = new Journal();
  // MSAL reads the machine's clock for expiry and assertions, so here the emulator must run with it.
  clock = new EmulatorClock();
  entra = await startEntra({
    clock,
    journal,
    faults: new FaultPlan(),
    tenantId,
    managedIdentity: { clientId, header: 'identity header' },
  });
  entra.registerApplication({ clientId, secret: 'a secret' });
  entra.registerUser({ upn, mfa: true });
});
afterEach(() => entra.stop());

/** MSAL refuses plain-http authorities, so the wire is bent below it. */
function redirecting(): INetworkModule {
  const send = async <T>(method: string, url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
    const target = url.replace('https://login.microsoftonline.com', entra.url);
    const response = await fetch(target, {
      method,
      headers: options?.headers ?? {},
      ...(options?.body === undefined ? {} : { body: options.body }),
    });
    return {
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as T,
      status: response.status,
    };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

test('msal-node gets a token with a client secret, and serves the second call from its cache', async () => {
  const client = new ConfidentialClientApplication({
    auth: { clientId, authority, clientSecret: 'a secret' },
    system: { networkClient: redirecting() },
  });
  const first = await client.acquireTokenByClientCredential({ scopes: [scope] });
  const second = await client.acquireTokenByClientCredential({ scopes: [scope] });
  expect(second?.accessToken).toBe(first?.accessToken);
  expect(journal.since().filter((entry) => entry.method === 'POST')).toHaveLength(1);
  const audience = 'https://contoso.crm.dynamics.com';
  expect(entra.verify(first?.accessToken ?? '', { audience })).toMatchObject({ appid: clientId });
});

test('msal-node shows a wrong secret as invalid_client', async () => {
  const client = new ConfidentialClientApplication({
    auth: { clientId, authority, clientSecret: 'wrong' },
    system: { networkClient: redirecting() },
  });
  await expect(client.acquireTokenByClientCredential({ scopes: [scope] })).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('AADSTS7000215') as string,
  });
});

test.each(['thumbprintSha256', 'thumbprint'] as const)('msal-node signs in with a certificate, by %s', async (kind) => {
  const made = await createAuthority({ commonName: 'client' });
  entra.registerApplication({ clientId, certificate: made.cert });
  const algorithm = kind === 'thumbprint' ? 'sha1' : 'sha256';
  const thumbprint = createHash(algorithm).update(new X509Certificate(made.cert).raw).digest('hex');
  const client = (privateKey: string): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: { clientId, authority, clientCertificate: { [kind]: thumbprint, privateKey } },
      system: { networkClient: redirecting() },
    });
  const answer = await client(made.key).acquireTokenByClientCredential({ scopes: [scope] });
  expect(answer?.tokenType).toBe('Bearer');
  const other = await createAuthority({ commonName: 'other' });
  await expect(client(other.key).acquireTokenByClientCredential({ scopes: [scope] })).rejects.toMatchObject({
    errorMessage: expect.stringContaining('AADSTS700027') as string,
  });
});

test('a certificate assertion is held to the emulator clock unless that is switched off', async () => {
  const made = await createAuthority({ commonName: 'client' });
  entra.registerApplication({ clientId, certificate: made.cert });
  clock.advance(-86_400_000);
  const thumbprintSha256 = createHash('sha256').update(new X509Certificate(made.cert).raw).digest('hex');
  const client = new ConfidentialClientApplication({
    auth: { clientId, authority, clientCertificate: { thumbprintSha256, privateKey: made.key } },
    system: { networkClient: redirecting() },
  });
  await expect(client.acquireTokenByClientCredential({ scopes: [scope] })).rejects.toMatchObject({
    errorMessage: expect.stringContaining('AADSTS700024') as string,
  });
  entra.switches.checkAssertionTime = false;
  expect(await client.acquireTokenByClientCredential({ scopes: [scope] })).toHaveProperty('accessToken');
});

test('msal-node exchanges a refresh token and hears of a revoked one', async () => {
  const refreshToken = entra.issueRefreshToken({ clientId, upn });
  const client = new ConfidentialClientApplication({
    auth: { clientId, authority, clientSecret: 'a secret' },
    system: { networkClient: redirecting() },
  });
  const scopes = ['https://api.partner.microsoft.com/.default'];
  const answer = await client.acquireTokenByRefreshToken({ refreshToken, scopes });
  const claims = entra.verify(answer?.accessToken ?? '', { audience: 'https://api.partner.microsoft.com' });
  expect(claims).toMatchObject({ upn, amr: ['pwd', 'mfa'] });
  expect(answer?.account?.username).toBe(upn);
  entra.revokeRefreshTokens(upn);
  await expect(client.acquireTokenByRefreshToken({ refreshToken, scopes })).rejects.toMatchObject({
    errorCode: 'invalid_grant',
  });
});

test('msal-node redeems an authorization code', async () => {
  const client = new ConfidentialClientApplication({
    auth: { clientId, authority, clientSecret: 'a secret' },
    system: { networkClient: redirecting() },
  });
  entra.signInAs(upn);
  const redirectUri = 'http://localhost:8400';
  const scopes = ['https://api.partner.microsoft.com/.default', 'offline_access'];
  const address = await client.getAuthCodeUrl({ redirectUri, scopes });
  const page = await fetch(address.replace('https://login.microsoftonline.com', entra.url), { redirect: 'manual' });
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await client.acquireTokenByCode({ code, redirectUri, scopes });
  expect(answer.account?.username).toBe(upn);
});

test('msal-node gets a managed identity token as on App Service', async () => {
  const before = { ...process.env };
  process.env['IDENTITY_ENDPOINT'] = `${entra.url}/msi/token`;
  process.env['IDENTITY_HEADER'] = 'identity header';
  try {
    const client = new ManagedIdentityApplication({ system: { networkClient: redirecting() } });
    const answer = await client.acquireToken({ resource: 'https://contoso.crm.dynamics.com' });
    const audience = 'https://contoso.crm.dynamics.com';
    expect(entra.verify(answer.accessToken, { audience })).toMatchObject({ idtyp: 'app' });
  } finally {
    process.env = before;
  }
});

test('msal-node speaks https to the emulator itself, trusting its authority', async () => {
  const tls = await createWorldTls();
  const secure = await startEntra({
    clock: new EmulatorClock(),
    journal,
    faults: new FaultPlan(),
    tenantId,
    tls: tls.server,
  });
  secure.registerApplication({ clientId, secret: 'a secret' });
  const folder = mkdtempSync(join(tmpdir(), 'entra-'));
  try {
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, tls.caCertificate);
    const script = `
      const { ConfidentialClientApplication } = require('@azure/msal-node');
      const host = new URL(process.argv[1]).host;
      const client = new ConfidentialClientApplication({ auth: {
        clientId: '${clientId}', clientSecret: 'a secret',
        authority: process.argv[1] + '/${tenantId}', knownAuthorities: [host] } });
      client.acquireTokenByClientCredential({ scopes: ['${scope}'] })
        .then((answer) => process.stdout.write(answer.accessToken));`;
    const token = await runNode(script, secure.url, { NODE_EXTRA_CA_CERTS: ca });
    const audience = 'https://contoso.crm.dynamics.com';
    expect(secure.verify(token, { audience })).toMatchObject({ appid: clientId });
  } finally {
    rmSync(folder, { recursive: true });
    await secure.stop();
  }
});

/** A process of its own: Node reads NODE_EXTRA_CA_CERTS only at its start. */
function runNode(script: string, argument: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script, argument], {
      env: { ...process.env, ...env },
      cwd: __dirname,
    });
    let out = '';
    let problems = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
    child.on('close', (code) =>
      code === 0 && out !== '' ? resolve(out) : reject(new Error(problems || `exit ${code}`)),
    );
  });
}
