/**
 * Rules that every single request must keep, whatever happens around it: judged by the service's own state at the
 * moment when the request arrives, and by its answer.
 */
import type { Referral } from '../../emulators';
import type { SimWorld } from './world';
import type { Exchange } from './wire';

/** How long a lease lasts after it was last written, less what a request may take. */
export const leaseMs = 100_000;

/** Fields that Partner Center freezes: what the worker's own rules say must never be seen in a PATCH. */
const neverPatched = [
  '/customerProfile/name',
  '/customerProfile/address',
  '/consent/consentToToShareInfoWithOthers',
  '/consent/consentToContact',
  '/inviteContext',
  '/target',
  '/type',
  '/qualification',
];

export function watchWire(world: SimWorld, exchange: Exchange): void {
  const { service, request, reply, call } = exchange;
  if (service !== 'partnerCenter') return watchCrm(world, exchange);
  const about = `#${call} ${request.method} ${request.url} ${reply.status} ${String(request.body ?? '').slice(0, 300)} -> ${String(reply.body).slice(0, 300)}`;
  if (request.method === 'PATCH') {
    const condition = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'if-match')?.[1];
    if (!condition || condition === '*') world.violate('unconditional PATCH', about);
    if (reply.status < 300 && editsOnHold(world, request)) world.violate('edited while on hold', about);
    for (const { path, value } of operationsOf(request.body)) {
      if (neverPatched.some((frozen) => path.startsWith(frozen))) world.violate('frozen field sent', about);
      if (path.endsWith('consentToShareReferralWithMicrosoftSellers') && value !== true)
        world.violate('one-way switch turned back', about);
    }
  }
  // To be too late is no mistake; anything else that is refused should not have been asked.
  const lostRace = reply.status === 412 || (reply.status === 409 && /resourceModified/.test(String(reply.body)));
  if (reply.status >= 400 && reply.status < 500 && !lostRace && !isKnownRisk(world, exchange))
    world.violate('refused by Partner Center', about);
  if (reply.status === 501 || reply.status === 500) world.violate('not modelled', about);
  if (request.method !== 'GET') oneOpenReferral(world, about);
}

/** Between the look at a deal and the invitation to it: a late request is on its way for so long. */
const underWayMs = 75_000;

/** What the CRM may answer to a request that nothing is wrong with: too late, gone, closed, or a switch of the world. */
const crmAnswers =
  /does not exist|doesn't match the RowVersion|already exists|(closed|qualified) and read-only|not supported inside a (batch|change set)|version stamp/i;

function watchCrm(world: SimWorld, { call, request, reply }: Exchange): void {
  const body = String(reply.body);
  const refused = reply.status >= 400 || /^HTTP\/1\.1 [45]\d\d/m.test(body);
  if (!refused) return;
  const messages = [...body.matchAll(/"message":"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
  const strange = messages.length === 0 ? 'without a word' : messages.find((message) => !crmAnswers.test(message));
  if (strange !== undefined)
    world.violate('refused by the CRM', `#${call} ${request.method} ${request.url} ${reply.status} ${strange}`);
}

function isKnownRisk(world: SimWorld, { request, reply }: Exchange): boolean {
  // Only the name may be tried where the service does not take it.
  if (
    world.plan.switches['patch.extraPaths'] === 'none' &&
    request.method === 'PATCH' &&
    operationsOf(request.body).some(({ path }) => path === '/name')
  )
    return true;
  // Whoever is told of a referral that nobody has made finds none.
  const asked = /referrals\/([^/?]+)$/.exec(request.url)?.[1] ?? '';
  if (reply.status === 404 && request.method === 'GET' && world.webhooks?.invented.has(asked)) return true;
  // An invitation cannot be made conditional: a deal may be closed, or Microsoft invited in the portal, just before it arrives.
  const engagement = /"engagementId":"([^"]+)"/.exec(String(request.body))?.[1];
  const own = world.services.partnerCenter.referrals().find((one) => one.engagementId === engagement);
  // Without its row nobody knows of an invitation that the lists do not show yet; the service refuses the second one.
  const forgotten = world.forgotten > 0 || world.restores.length > 0;
  if (/inviteExists/.test(String(reply.body)) && forgotten && world.plan.listLagMs > 0) return true;
  return (
    /The deal is closed/.test(String(reply.body)) &&
    own !== undefined &&
    world.time - Date.parse(own.closedDateTime ?? '') < underWayMs
  );
}

/** While a referral is New, nothing but the answer itself is sent (rule B6). */
function editsOnHold(world: SimWorld, { url, body }: Exchange['request']): boolean {
  const referral = world.services.partnerCenter.referral(/referrals\/([^/?]+)/.exec(url)?.[1] ?? '');
  return referral?.status === 'New' && !operationsOf(body).some(({ path }) => path === '/status');
}

/** At most one open referral of ours for a record (rule B15, decision D7). */
function oneOpenReferral(world: SimWorld, about: string): void {
  const open = new Map<string, Referral[]>();
  for (const referral of world.services.partnerCenter.referrals()) {
    const named = referral.externalReferenceId?.toLowerCase();
    if (!named || referral.status === 'Closed') continue;
    open.set(named, [...(open.get(named) ?? []), referral]);
  }
  for (const [record, referrals] of open) {
    if (referrals.length > 1)
      world.violate('two open referrals', `${record}: ${referrals.map((one) => one.id).join(', ')} after ${about}`);
  }
}

function operationsOf(body: string | undefined): readonly { path: string; value: unknown }[] {
  const parsed: unknown = JSON.parse(body ?? '[]');
  return Array.isArray(parsed) ? (parsed as { path: string; value: unknown }[]) : [];
}

/** Did the request write the connection's own row and nothing else? */
export function onlyLease({ service, request }: Pick<Exchange, 'service' | 'request'>): boolean {
  const body = request.body ?? '';
  const paths = [...body.matchAll(/^(POST|PATCH|DELETE|PUT) (\S+) HTTP/gm)].map((match) => match[2] ?? '');
  return (
    service === 'dataverse' &&
    (request.url.includes('cosell_syncstate') ||
      (paths.length > 0 && paths.every((path) => path.includes('cosell_syncstate'))))
  );
}
