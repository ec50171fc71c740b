/**
 * Which resource is a token for? v1 names it in `resource`, v2 in `scope` (`<resource>/.default` or
 * `<resource>/<permission>` among OpenID's own scopes). Microsoft Learn: "Scopes and permissions in
 * the Microsoft identity platform".
 */
import { EntraRefusal, failures } from './errors';

const openIdScopes = new Set(['openid', 'profile', 'email', 'offline_access']);

export interface Wanted {
  readonly resource: string;
  readonly scope: string;
  readonly wantsRefreshToken: boolean;
  readonly wantsIdToken: boolean;
}

export function wantedResource(form: URLSearchParams, version: 1 | 2, appOnly: boolean): Wanted {
  if (version === 1) {
    const resource = form.get('resource');
    if (!resource) throw new EntraRefusal(failures.missingParameter('resource'));
    return { resource, scope: 'user_impersonation', wantsRefreshToken: true, wantsIdToken: !appOnly };
  }
  const scope = form.get('scope');
  if (!scope) throw new EntraRefusal(failures.missingParameter('scope'));
  const words = scope.split(/\s+/).filter((word) => word !== '');
  const own = words.filter((word) => !openIdScopes.has(word));
  // A sign-in that asks for nothing but who somebody is gets an access token for the UserInfo endpoint of Microsoft
  // Graph (Microsoft Learn: "Scopes and permissions in the Microsoft identity platform", OpenID Connect scopes).
  if (own.length === 0 && words.includes('openid') && !appOnly) own.push('https://graph.microsoft.com/User.Read');
  const [first] = own;
  if (first === undefined) throw new EntraRefusal(failures.invalidScope(scope));
  if (appOnly && (own.length > 1 || !first.endsWith('/.default'))) throw new EntraRefusal(failures.invalidScope(scope));
  const resources = new Set(own.map(resourceOf));
  if (resources.size > 1) throw new EntraRefusal(failures.invalidScope(scope));
  return {
    resource: resourceOf(first),
    scope: own.join(' '),
    wantsRefreshToken: words.includes('offline_access'),
    wantsIdToken: words.includes('openid'),
  };
}

/** `https://host/.default` -> `https://host`; `https://host//.default` -> `https://host/` (documented). */
function resourceOf(scope: string): string {
  const cut = scope.lastIndexOf('/');
  if (cut <= 'https://'.length) throw new EntraRefusal(failures.invalidScope(scope));
  return scope.slice(0, cut);
}
