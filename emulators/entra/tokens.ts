/**
 * Makes access tokens and checks them. Tokens are opaque to our worker; the other emulators verify
 * them here, as the real services verify Entra's. Lifetimes run on the emulator clock.
 */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../kit/clock';
import type { Application, Directory, User } from './directory';
import { guidOf } from './directory';
import { decodeJwt, signatureFits, signJwt, type DecodedJwt, type JsonObject, type SigningKey } from './jwt';

export interface Claims {
  readonly aud: string;
  readonly tid: string;
  readonly appid: string;
  readonly oid: string;
  readonly iat: number;
  readonly exp: number;
  /** Present in delegated tokens only. */
  readonly upn?: string;
  readonly scp?: string;
  readonly amr?: readonly string[];
  /** `app` in tokens without a user. */
  readonly idtyp?: string;
  readonly uti: string;
}

export interface Refused {
  readonly refuse: string;
}

export interface TokenMaker {
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly tenantId: string;
  /** Seconds an access token lives; Entra gives 60 to 90 minutes. */
  accessTokenSeconds(): number;
}

export function applicationToken(maker: TokenMaker, application: Application, resource: string): string {
  return signJwt(
    {
      ...baseClaims(maker, resource),
      appid: application.clientId,
      azp: application.clientId,
      oid: application.objectId,
      idtyp: 'app',
    },
    maker.key,
  );
}

export function userToken(maker: TokenMaker, clientId: string, user: User, mfa: boolean, resource: string): string {
  return signJwt(
    {
      ...baseClaims(maker, resource),
      tid: user.tenantId,
      appid: clientId,
      azp: clientId,
      oid: user.oid,
      upn: user.upn,
      unique_name: user.upn,
      scp: 'user_impersonation',
      amr: mfa ? ['pwd', 'mfa'] : ['pwd'],
    },
    maker.key,
  );
}

function baseClaims(maker: TokenMaker, resource: string): JsonObject {
  const iat = Math.floor(maker.clock.now() / 1000);
  return {
    aud: resource,
    iss: `https://sts.windows.net/${maker.tenantId}/`,
    tid: maker.tenantId,
    iat,
    nbf: iat,
    exp: iat + maker.accessTokenSeconds(),
    uti: guidOf(`token ${maker.directory.nextCounter()}`),
    ver: '1.0',
  };
}

/** Tokens whose signature was found good, by key: clients send one a hundred times. What it means is asked each time. */
const good = new WeakMap<KeyObject, Set<string>>();

function isSigned(bearer: string, jwt: DecodedJwt, key: KeyObject): boolean {
  const known = good.get(key) ?? new Set<string>();
  good.set(key, known);
  if (known.has(bearer)) return true;
  if (!signatureFits(jwt, key)) return false;
  if (known.size >= 200) known.clear();
  known.add(bearer);
  return true;
}

/** Claims of a bearer token made here, or the reason why a service must refuse it. */
export function verifyToken(maker: TokenMaker, bearer: string, audience: string): Claims | Refused {
  const jwt = decodeJwt(bearer);
  if (!jwt) return { refuse: 'the token is malformed' };
  if (jwt.header['alg'] !== 'RS256' || !isSigned(bearer, jwt, maker.key.publicKey)) {
    return { refuse: 'the signature is invalid' };
  }
  const claims = jwt.payload as unknown as Claims;
  if (sameResource(claims.aud) !== sameResource(audience)) return { refuse: `the audience is ${claims.aud}` };
  if (claims.exp * 1000 <= maker.clock.now()) return { refuse: 'the token expired' };
  return claims;
}

/** A trailing slash and letter case of the host make no difference to a resource id. */
function sameResource(resource: string): string {
  return resource.replace(/\/+$/, '').toLowerCase();
}
