/** What this emulator answers, as data: docs and tests are checked against it. */
export interface ModelledRoute {
  readonly method: string;
  readonly path: string;
  readonly modelled: string;
  /** Title of the public page that the behaviour was taken from. */
  readonly source: string;
}

const referralPages = {
  list: 'Microsoft Learn: Get a list of referrals',
  get: 'Microsoft Learn: Get a referral by ID',
  create: 'Microsoft Learn: Create a referral',
  patch: 'Microsoft Learn: Update a referral (patch)',
  put: 'Microsoft Learn (2019): Update a referral',
  webhooks: 'Microsoft Learn: Partner Center webhooks',
} as const;

export const routes: readonly ModelledRoute[] = [
  {
    method: 'GET',
    path: '/v1.0/engagements/referrals',
    modelled:
      '$filter (eq, and, parentheses, team/any, comparisons of updatedDateTime), $orderby, $select, $top, $skip, $count, $skiptoken; pages of at most 100',
    source: referralPages.list,
  },
  {
    method: 'POST',
    path: '/v1.0/engagements/referrals',
    modelled: 'own referral, or the second one for Microsoft in an engagement; not idempotent',
    source: referralPages.create,
  },
  {
    method: 'GET',
    path: '/v1.0/engagements/referrals/{id}',
    modelled: 'one referral with eTag, $select',
    source: referralPages.get,
  },
  {
    method: 'PATCH',
    path: '/v1.0/engagements/referrals/{id}',
    modelled: 'JSON Patch, add and replace on the documented paths, If-Match, Prefer: return=representation',
    source: referralPages.patch,
  },
  {
    method: 'PUT',
    path: '/v1.0/engagements/referrals/{id}',
    modelled: 'obsolete whole-referral update, If-Match required, links must be gone',
    source: referralPages.put,
  },
  ...(['GET', 'PATCH', 'PUT'] as const).map((method) => ({
    method,
    path: '/engagements/v1/referrals/{id}',
    modelled: 'the same referral at the address that notifications carry; token for the host of Partner Center',
    source: 'Microsoft Learn: Partner Center webhook events',
  })),
  {
    method: 'GET',
    path: '/webhooks/v1/registration/events',
    modelled: 'names of the events that can be registered',
    source: referralPages.webhooks,
  },
  {
    method: 'GET',
    path: '/webhooks/v1/registration',
    modelled: 'the registration, 404 when there is none',
    source: referralPages.webhooks,
  },
  {
    method: 'POST',
    path: '/webhooks/v1/registration',
    modelled: 'the first registration, 409 when there is one',
    source: referralPages.webhooks,
  },
  {
    method: 'PUT',
    path: '/webhooks/v1/registration',
    modelled: 'replaces the registration, 404 when there is none',
    source: referralPages.webhooks,
  },
  {
    method: 'POST',
    path: '/webhooks/v1/registration/validationEvents',
    modelled: 'queues a test-created notification; two a minute',
    source: referralPages.webhooks,
  },
  {
    method: 'GET',
    path: '/webhooks/v1/registration/validationEvents/{correlationId}',
    modelled: 'one result per attempt, for seven days',
    source: referralPages.webhooks,
  },
  {
    method: 'GET',
    path: '/cert/pcnotifications-dispatch.microsoft.com.cer',
    modelled: 'certificate that signs the notifications, from an authority of this emulator',
    source: referralPages.webhooks,
  },
];
