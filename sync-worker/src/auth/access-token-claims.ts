/**
 * Looks into a Partner Center access token before it is used: made by a sign-in with multi-factor
 * authentication, and for the right service. Both are refused by the service with a bare 401, so
 * this is the only place that can say which it was. The signature is the service's to check.
 */
import * as z from 'zod';
import { SyncError } from '../errors';
import { scrub } from '../scrub';

const claimsShape = z.object({
  aud: z.string().optional(),
  amr: z.array(z.string()).optional(),
  tid: z.string().optional(),
  nonce: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
});

export type Claims = z.infer<typeof claimsShape>;

/** Unchecked. Empty when the token cannot be looked into. */
export function claimsOf(token: string): Claims {
  return claimsShape.safeParse(payload(token)).data ?? {};
}

/** App ids of the two services; a token may name its audience by either (Microsoft Learn: referrals API authentication). */
const appIds: Readonly<Record<string, string>> = {
  'https://api.partner.microsoft.com': '4990cffe-04e8-4e8b-808a-1175604b879f',
  'https://api.partnercenter.microsoft.com': 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd',
};

/** False when the token cannot be looked into (encrypted, not a JWT). Throws PARTNER_CENTER_SIGN_IN when it is no good. */
export function checkAccessToken(token: string, resource: string): boolean {
  const claims = claimsShape.safeParse(payload(token));
  if (!claims.success) return false;
  const { aud, amr } = claims.data;
  const wanted = trim(resource);
  if (aud !== undefined && trim(aud) !== wanted && aud.toLowerCase() !== appIds[wanted]) {
    throw new SyncError('PARTNER_CENTER_SIGN_IN', { detail: `the token is for ${shown(aud)} instead of ${wanted}` });
  }
  // Microsoft Learn, partner security requirements: the claim must be there and contain mfa.
  if (!amr?.includes('mfa')) {
    throw new SyncError('PARTNER_CENTER_SIGN_IN', {
      detail: 'the sign-in was made without multi-factor authentication (claim amr)',
    });
  }
  return true;
}

function payload(token: string): unknown {
  const part = token.split('.')[1];
  if (token.split('.').length !== 3 || !part) return undefined;
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** By the letter: as a pattern, slashes in front of another letter cost the square of their number. */
function trim(address: string): string {
  let end = address.length;
  while (address.charAt(end - 1) === '/') end -= 1;
  return address.slice(0, end).toLowerCase();
}

/** An address or an id; scrubbed, because a token could stand in the wrong place. */
const shown = (audience: string): string => (/^[\w.:/-]{1,200}$/.test(audience) ? scrub(audience) : 'another service');
