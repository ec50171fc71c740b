/**
 * Addresses of the token service. National clouds have an authority of their own; the emulators
 * speak plain http on loopback, which MSAL refuses, so requests to the public authority are led there.
 */
import { isLoopback } from '../http/transport';

export const publicAuthority = 'https://login.microsoftonline.com';

export interface Authority {
  /** What MSAL is told: always https. */
  readonly nominal: string;
  /** Where a request really goes. */
  route(url: string): string;
  /** MSAL must not ask Microsoft's directory of clouds about this host. */
  readonly known: readonly string[];
}

/** Hosts that MSAL knows by itself (Microsoft Learn: national clouds, Entra authentication endpoints). */
const microsoftHosts = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.windows.net',
]);

export function authority(configured: string): Authority {
  const url = new URL(configured);
  const emulated = url.protocol === 'http:' && isLoopback(configured);
  const nominal = emulated ? publicAuthority : url.origin;
  return {
    nominal,
    known: microsoftHosts.has(new URL(nominal).host) ? [] : [new URL(nominal).host],
    route: (target) =>
      emulated && new URL(target).origin === publicAuthority
        ? url.origin + target.slice(publicAuthority.length)
        : target,
  };
}
