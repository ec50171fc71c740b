/**
 * Who App Service's own authentication says that the caller is. Believed only when a setting says that this
 * authentication is on, because without it anybody can send the header.
 * Source: Microsoft Learn, "Work with user identities in Azure App Service authentication".
 */
import * as z from 'zod';
import { isOperator } from './entra';

const shape = z.object({
  auth_typ: z.string(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(2_000),
});

const objectId = new Set(['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier']);

/** @param header value of X-MS-CLIENT-PRINCIPAL: base64 of JSON */
export function isAllowedPrincipal(header: string | undefined, operators: readonly string[]): boolean {
  if (header === undefined) return false;
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return false;
  }
  const parsed = shape.safeParse(json);
  // Another identity provider's ids mean nothing to us.
  if (!parsed.success || parsed.data.auth_typ.toLowerCase() !== 'aad') return false;
  const ids = parsed.data.claims.filter(({ typ }) => objectId.has(typ)).map(({ val }) => val);
  const groups = parsed.data.claims.filter(({ typ }) => typ === 'groups').map(({ val }) => val);
  const [oid] = ids;
  return oid !== undefined && new Set(ids).size === 1 && isOperator(operators, oid, groups);
}
