/**
 * Which app signs in to the CRM and which to Partner Center. Usually one app with one secret does
 * both; a managed identity can only do the CRM, since it cannot act for a user.
 */
import type { SettingName, WorkerReader } from './settings';

/** How the app proves who it is; a certificate is the text of its PEM file, `setting` the one that named it. */
export type AppCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly pem: string; readonly setting: SettingName };

/** An app that acts for a user may be a public client, which has nothing to prove itself with. */
export type PartnerCredential = AppCredential | { readonly kind: 'none' };

export type CredentialConfig = AppCredential | { readonly kind: 'managedIdentity'; readonly clientId: string };

export interface AppConfig<C> {
  /** Empty with a managed identity. */
  readonly clientId: string;
  /** Undefined when a problem was noted. */
  readonly credential: C | undefined;
}

const crmWays = ['COSELL_CLIENT_SECRET', 'COSELL_CLIENT_CERTIFICATE_FILE', 'COSELL_MANAGED_IDENTITY'] as const;
const partnerWays = ['PARTNER_CENTER_CLIENT_SECRET', 'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE'] as const;

export function crmApp(reader: WorkerReader): AppConfig<CredentialConfig> {
  const clientId = reader.value('COSELL_CLIENT_ID') ?? '';
  const identity = managedIdentity(reader, 'COSELL_MANAGED_IDENTITY');
  const own = appCredential(reader, 'COSELL_CLIENT_SECRET', 'COSELL_CLIENT_CERTIFICATE_FILE');
  const count = crmWays.filter((name) => reader.isSet(name)).length;
  if (count !== 1) reader.problems.push(`${crmWays.join(', ')}: set exactly one (now ${count})`);
  if (!reader.isSet('COSELL_MANAGED_IDENTITY') && !reader.isSet('COSELL_CLIENT_ID')) {
    reader.problems.push('COSELL_CLIENT_ID is missing: it belongs to the secret or certificate');
  }
  return { clientId, credential: identity ? { kind: 'managedIdentity', clientId: identity.clientId } : own };
}

/**
 * App Service offers an identity by these variables (Microsoft Learn: managed identities for App Service); without,
 * MSAL asks where no App Service ever answers.
 */
export function managedIdentity(
  reader: WorkerReader,
  name: 'COSELL_MANAGED_IDENTITY' | 'PARTNER_CENTER_TOKEN_VAULT_IDENTITY',
): { readonly clientId: string } | undefined {
  const identity = reader.value(name);
  const offered = reader.variable('IDENTITY_ENDPOINT') !== undefined;
  if (identity && !offered && reader.variable('WEBSITE_SITE_NAME') !== undefined)
    reader.problems.push(`${name}: this App Service has no managed identity; switch it on (Identity), then restart`);
  return identity;
}

export function partnerCenterApp(reader: WorkerReader, crm: AppConfig<CredentialConfig>): AppConfig<PartnerCredential> {
  const clientId = reader.value('PARTNER_CENTER_CLIENT_ID') ?? crm.clientId;
  const own = appCredential(reader, 'PARTNER_CENTER_CLIENT_SECRET', 'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE');
  const ways = partnerWays.filter((name) => reader.isSet(name));
  if (ways.length > 1) reader.problems.push(`${partnerWays.join(', ')}: set only one`);
  if (reader.value('PARTNER_CENTER_PUBLIC_CLIENT')) {
    if (ways.length > 0)
      reader.problems.push(
        `PARTNER_CENTER_PUBLIC_CLIENT: such an app has no secret or certificate; remove ${ways.join(', ')}`,
      );
    if (!clientId) reader.problems.push('PARTNER_CENTER_CLIENT_ID is missing: the public client whose user signs in');
    return { clientId, credential: { kind: 'none' } };
  }
  if (ways.length > 0) {
    if (!clientId) reader.problems.push('PARTNER_CENTER_CLIENT_ID is missing: it belongs to the secret or certificate');
    return { clientId, credential: own };
  }
  if (reader.isSet('COSELL_MANAGED_IDENTITY')) {
    reader.problems.push(
      'PARTNER_CENTER_CLIENT_ID with PARTNER_CENTER_CLIENT_SECRET is missing: a managed identity cannot act for the user who signed in',
    );
  } else if (clientId !== crm.clientId) {
    reader.problems.push(
      'PARTNER_CENTER_CLIENT_SECRET is missing: PARTNER_CENTER_CLIENT_ID is another app than COSELL_CLIENT_ID',
    );
  }
  return { clientId, credential: crm.credential?.kind === 'managedIdentity' ? undefined : crm.credential };
}

function appCredential(
  reader: WorkerReader,
  secretName: 'COSELL_CLIENT_SECRET' | 'PARTNER_CENTER_CLIENT_SECRET',
  fileName: 'COSELL_CLIENT_CERTIFICATE_FILE' | 'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE',
): AppCredential | undefined {
  const secret = reader.value(secretName);
  const path = reader.value(fileName);
  if (path === undefined) return secret === undefined ? undefined : { kind: 'secret', secret };
  const pem = reader.textFile(fileName, path);
  return pem === undefined ? undefined : { kind: 'certificate', pem, setting: fileName };
}
