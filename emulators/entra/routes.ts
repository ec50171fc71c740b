/** What this emulator answers, as data: docs and tests are checked against it. */
export interface ModelledRoute {
  readonly method: string;
  readonly path: string;
  readonly modelled: string;
  /** Title of the public page that the behaviour was taken from. */
  readonly source: string;
}

export const routes: readonly ModelledRoute[] = [
  {
    method: 'POST',
    path: '/{tenant}/oauth2/v2.0/token',
    modelled:
      'client_credentials (secret, certificate assertion), refresh_token (rotated; what becomes of the used one is a switch), authorization_code (PKCE), device_code, password (switch)',
    source: 'Microsoft Learn: OAuth 2.0 client credentials flow on the Microsoft identity platform',
  },
  {
    method: 'POST',
    path: '/{tenant}/oauth2/token',
    modelled: 'the same grants with `resource` in place of `scope`, numbers as strings',
    source: 'Microsoft Learn: Partner Center secure application model, enabling the framework',
  },
  {
    method: 'GET',
    path: '/{tenant}/oauth2/v2.0/authorize',
    modelled:
      'signs in login_hint or the chosen user at once; response_mode query and form_post; prompt; registered redirect addresses',
    source: 'Microsoft Learn: OAuth 2.0 authorization code flow',
  },
  {
    method: 'GET',
    path: '/{tenant}/oauth2/authorize',
    modelled: 'the same for v1',
    source: 'Microsoft Learn: Partner Center secure application model, enabling the framework',
  },
  {
    method: 'POST',
    path: '/{tenant}/oauth2/v2.0/devicecode',
    modelled: 'device and user code; approved or declined through the control API',
    source: 'Microsoft Learn: OAuth 2.0 device authorization grant flow',
  },
  {
    method: 'GET',
    path: '/common/discovery/instance',
    modelled: 'cloud discovery as MSAL asks for it',
    source: 'Microsoft Learn: National clouds and instance discovery',
  },
  {
    method: 'GET',
    path: '/{tenant}/v2.0/.well-known/openid-configuration',
    modelled: 'endpoints of this emulator',
    source: 'Microsoft Learn: OpenID Connect on the Microsoft identity platform',
  },
  {
    method: 'GET',
    path: '/{tenant}/.well-known/openid-configuration',
    modelled: 'v1 form of the same',
    source: 'Microsoft Learn: OpenID Connect on the Microsoft identity platform',
  },
  {
    method: 'GET',
    path: '/{tenant}/discovery/v2.0/keys',
    modelled: 'public key that signs the tokens',
    source: 'Microsoft Learn: Access tokens in the Microsoft identity platform',
  },
  {
    method: 'GET',
    path: '/msi/token',
    modelled: 'App Service managed identity, api-version 2019-08-01, X-IDENTITY-HEADER',
    source: 'Microsoft Learn: How to use managed identities for App Service and Azure Functions',
  },
];
