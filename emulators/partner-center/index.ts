/**
 * Emulated Partner Center: referrals API, webhook registration with signed deliveries, and the two
 * sides that a partner never calls - Microsoft's and the portal's. Strict: what is not modelled is
 * answered 501 by name. Imports nothing that ships; it is the second opinion on the connector.
 */
import type { EmulatorClock } from '../kit/clock';
import type { FaultPlan } from '../kit/faults';
import type { Journal } from '../kit/journal';
import { notModelled, startServer, type EmulatorRequest, type EmulatorResponse, type Listen } from '../kit/server';
import { Roles } from './access';
import { Catalogue } from './catalogue';
import { Deliveries } from './deliveries';
import { Engagements, type Change } from './engagements';
import { refusalAnswer } from './envelope';
import { createMicrosoftSide, type MicrosoftSide } from './microsoft-side';
import { createPortal, type Portal } from './portal';
import { ReferralsService, type Authenticate } from './service';
import { defaultSwitches, type Switches } from './switches';
import { Throttle } from './throttle';
import type { Organization, Referral } from './types';
import { WebhookService, type Registration as WebhookRegistration } from './webhook-registration';
import { signerName, WebhookSigner } from './webhook-signer';

export type { Attempt, Delivery, Tamper } from './deliveries';
export type { Registration as WebhookRegistration } from './webhook-registration';
export type { Referral, Organization, CallerClaims, Person, Role } from './types';
export type { Switches, ThrottleRule } from './switches';
export { defaultSwitches, setSwitch, switchChoices } from './switches';
export type { DealValues } from './deal-values';
export type { MicrosoftDeal, MicrosoftLead, MicrosoftChanges, MicrosoftSide } from './microsoft-side';
export type { Change, Via } from './engagements';
export type { Portal, PortalDeal } from './portal';
export type { Authenticate } from './service';
export { Refusal } from './refusal';
export { routes } from './routes';

export interface PartnerCenterOptions {
  readonly clock: EmulatorClock;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default: a socket on loopback. */
  readonly listen?: Listen;
  readonly switches?: Partial<Switches>;
  readonly organization?: Organization;
  /** Token to claims, per host: `referrals` is api.partner, `webhooks` is api.partnercenter. */
  readonly authenticate: Authenticate;
}

export interface PartnerCenterEmulator {
  /** `${url}/v1.0/engagements/referrals` works. */
  readonly url: string;
  readonly organization: Organization;
  /** May be changed at any time. */
  readonly switches: Switches;
  readonly roles: Roles;
  readonly catalogue: Catalogue;
  readonly microsoft: MicrosoftSide;
  readonly portal: Portal;
  referral(id: string): Referral | undefined;
  /** The partner's records, oldest first. */
  referrals(): Referral[];
  microsoftRecord(engagementId: string): Referral | undefined;
  /** Tells of every change of a record from now on; answers how to stop. */
  watch(watcher: (change: Change) => void): () => void;
  /** Notifications of the registered webhook: look, deliver, drop, double, reorder. */
  readonly deliveries: Deliveries;
  /** The chain behind the signatures; make it with `ready()`. */
  readonly signer: WebhookSigner;
  /** What is registered, if anything. */
  webhookRegistration(): WebhookRegistration | undefined;
  stop(): Promise<void>;
}

const defaultOrganization: Organization = {
  id: '5f2d7c10-3b64-4f8e-9a51-c0de8a7e4b19',
  name: 'Larkspur Systems GmbH',
  mpnId: '6650912',
};

export async function startPartnerCenter(options: PartnerCenterOptions): Promise<PartnerCenterEmulator> {
  const switches: Switches = { ...defaultSwitches(), ...options.switches };
  const organization = options.organization ?? defaultOrganization;
  const catalogue = new Catalogue(switches);
  const roles = new Roles();
  const signer = new WebhookSigner();
  const { clock, authenticate } = options;
  let url = '';
  const webhooks: WebhookService = new WebhookService({
    authenticate,
    switches,
    organization,
    clock,
    deliveries: () => deliveries,
  });
  const deliveries: Deliveries = new Deliveries({
    clock,
    switches,
    signer,
    registration: () => webhooks.registration,
    certificateUrl: () => `${url}${certificatePath}`,
  });
  const engagements = new Engagements({
    clock,
    switches,
    catalogue,
    organization,
    raise: (eventName, referral, own) => {
      const subject = switches['webhook.relatedId'] === 'own' ? (own ?? referral) : referral;
      const resourceUri = `${url}/engagements/v1/referrals/${subject.id}`;
      deliveries.enqueue({ eventName, resourceUri, resourceName: 'referral' });
    },
  });
  const referrals = new ReferralsService({ engagements, switches, roles, organization, authenticate });
  const throttle = new Throttle(clock, switches);

  const handle = async (request: EmulatorRequest): Promise<EmulatorResponse> => {
    if (request.path === certificatePath) return certificate(signer, switches);
    const refused = throttle.check(request.method);
    if (refused) return refused;
    try {
      return referrals.handle(request) ?? webhooks.handle(request) ?? notModelled(`${request.method} ${request.path}`);
    } catch (error) {
      return refusalAnswer(error, switches, request.path.startsWith('/webhooks/') ? 'webhooks' : 'referrals');
    }
  };
  const server = await (options.listen ?? startServer)({
    service: 'partnerCenter',
    handler: async (request) => withHeaders(await handle(request), referrals.stampHeaders(request)),
    clock,
    journal: options.journal,
    faults: options.faults,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  url = server.url;
  return {
    url,
    organization,
    switches,
    roles,
    catalogue,
    microsoft: createMicrosoftSide(engagements),
    portal: createPortal(engagements),
    referral: (id) => {
      engagements.sweep();
      return engagements.store.get(id);
    },
    referrals: () => {
      engagements.sweep();
      return engagements.store.all().filter((referral) => engagements.isOwn(referral));
    },
    microsoftRecord: (engagementId) => {
      engagements.sweep();
      return engagements.microsoftRecords(engagementId).at(-1);
    },
    watch: (watcher) => {
      engagements.watchers.add(watcher);
      return () => void engagements.watchers.delete(watcher);
    },
    deliveries,
    signer,
    webhookRegistration: () => webhooks.registration,
    stop: () => server.stop(),
  };
}

const certificatePath = `/cert/${signerName}.cer`;

/** Stands in for the storage account from which receivers download the signer's certificate. */
async function certificate(signer: WebhookSigner, switches: Switches): Promise<EmulatorResponse> {
  await signer.ready();
  const body = switches['webhook.certificateFormat'] === 'pem' ? signer.certificates().leaf : signer.leafDer();
  return { status: 200, headers: { 'content-type': 'application/pkix-cert' }, body };
}

function withHeaders(response: EmulatorResponse, headers: Record<string, string>): EmulatorResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
}
