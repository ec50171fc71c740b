/**
 * Signing in to the status page with Microsoft Entra ID: authorization code with PKCE, by MSAL.
 *
 * Says who may see a page and nothing else: the tokens that come with the answer are thrown away at once. The address
 * to come back to is the configured one, never one out of a request. Source: Microsoft Learn, "OAuth 2.0 authorization
 * code flow" and "ID token claims reference".
 */
import { createHash, randomBytes } from 'node:crypto';
import { AuthError, ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import * as z from 'zod';
import type { Clock, Log } from '../ports';
import { sameSecret } from './seal';

export interface OperatorSignInOptions {
  readonly clientId: string;
  /** Tenant id or domain name. */
  readonly tenantId: string;
  readonly clientSecret: string;
  /** https://login.microsoftonline.com or a national cloud's. */
  readonly authority: string;
  /** Hosts that MSAL must not ask Microsoft's directory of clouds about. */
  readonly knownAuthorities: readonly string[];
  /** Where a request to the authority really goes; the emulator stands elsewhere. */
  readonly route: (url: string) => string;
  /** How MSAL reaches the network. */
  readonly network: INetworkModule;
  /** Origin under which the site is reached. */
  readonly publicUrl: string;
  /** Object ids of people or groups; none: everybody whom the tenant lets in. */
  readonly operators: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** What the browser must bring back with the answer. */
export const flowShape = z.object({
  state: z.string().min(20),
  nonce: z.string().min(20),
  verifier: z.string().min(43),
});
export type Flow = z.infer<typeof flowShape>;

export type SignInRefusal = 'state' | 'denied' | 'failed' | 'tenant' | 'groups' | 'not an operator';

export interface OperatorSignIn {
  begin(): Promise<{ readonly url: string; readonly flow: Flow }>;
  /** Null: signed in. */
  finish(query: Readonly<Record<string, unknown>>, flow: Flow | undefined): Promise<SignInRefusal | null>;
}

export const returnPath = '/sign-in/return';
const scopes = ['openid', 'profile'];

const claimShape = z.object({
  aud: z.string(),
  tid: z.string(),
  oid: z.string().min(1),
  nonce: z.string(),
  exp: z.number(),
  groups: z.array(z.string()).optional(),
  _claim_names: z.unknown().optional(),
});

export function createOperatorSignIn(options: OperatorSignInOptions): OperatorSignIn {
  const redirectUri = `${options.publicUrl}${returnPath}`;
  const client = (): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: {
        clientId: options.clientId,
        clientSecret: options.clientSecret,
        authority: `${options.authority}/${options.tenantId}`,
        knownAuthorities: [...options.knownAuthorities],
      },
      system: { networkClient: options.network, disableInternalRetries: true },
    });

  return {
    begin: async () => {
      const flow = { state: random(), nonce: random(), verifier: random() };
      const codeChallenge = createHash('sha256').update(flow.verifier).digest('base64url');
      const url = await client().getAuthCodeUrl({
        scopes,
        redirectUri,
        responseMode: 'query',
        state: flow.state,
        nonce: flow.nonce,
        codeChallenge,
        codeChallengeMethod: 'S256',
      });
      return { url: options.route(url), flow };
    },
    finish: async (query, flow) => {
      const { state, code, error } = query;
      if (flow === undefined || typeof state !== 'string' || !sameSecret(state, flow.state)) return 'state';
      if (error !== undefined) return 'denied';
      if (typeof code !== 'string' || code.length > 4_096) return 'failed';
      // A client of its own: its cache, with the tokens in it, goes with it.
      const answer = await client()
        .acquireTokenByCode({ scopes, redirectUri, code, codeVerifier: flow.verifier, nonce: flow.nonce })
        .catch((error: unknown) => {
          // The code only: MSAL's messages quote requests.
          options.log.warn('the code of a sign-in was not taken', {
            code: error instanceof AuthError ? error.errorCode : error instanceof Error ? error.name : 'unknown',
          });
          return null;
        });
      const claims = claimShape.safeParse(answer?.idTokenClaims);
      return claims.success ? judge(claims.data, flow) : 'failed';
    },
  };

  /** The ID token came from the token service itself over TLS, for our code and secret; its claims are checked all the same. */
  function judge(claims: z.infer<typeof claimShape>, flow: Flow): SignInRefusal | null {
    if (!sameSecret(claims.nonce, flow.nonce)) return 'state';
    if (claims.aud.toLowerCase() !== options.clientId || claims.exp * 1000 <= options.clock.now()) return 'failed';
    const isGuid = /^[0-9a-f-]{36}$/i.test(options.tenantId);
    if (isGuid && claims.tid.toLowerCase() !== options.tenantId) return 'tenant';
    return isOperator(options.operators, claims.oid, claims.groups ?? [])
      ? null
      : claims._claim_names === undefined
        ? 'not an operator'
        : 'groups';
  }
}

export function isOperator(operators: readonly string[], oid: string, groups: readonly string[]): boolean {
  if (operators.length === 0) return true;
  const mine = new Set([oid, ...groups].map((id) => id.toLowerCase()));
  return operators.some((id) => mine.has(id.toLowerCase()));
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
