/**
 * Partner Center's referrals behind the port: the one place where its parts are put together.
 *
 * Holds no state but the organization's id, the service's last clock and the form of date literals that it takes.
 * Repeats nothing that may have happened. Source: Microsoft Learn "Referrals API introduction".
 */
import { SyncError } from '../errors';
import type { Send } from '../http/types';
import type { Clock, Log, PartnerCenter, Referral, ReferralDraft, ReferralPage } from '../ports';
import { createReadPage, pageSize, type ReadPage } from './list';
import { OwnOrganization } from './own-organization';
import { createQueries } from './queries';
import { readReferral } from './read-referral';
import { createRequests, jsonOf, type Requests } from './requests';
import { readById, update } from './update';
import { referralBody } from './write-referral';

export interface PartnerCenterOptions {
  readonly send: Send;
  /** https://api.partner.microsoft.com/v1.0/engagements, or an emulator's. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Without it the id is learnt from the first record of our own. */
  readonly ownOrganizationId?: string;
}

export function createPartnerCenter(options: PartnerCenterOptions): PartnerCenter {
  const { clock, log } = options;
  const requests = createRequests(options);
  const readPage = createReadPage(requests, log);
  const own = new OwnOrganization(options.ownOrganizationId ?? '', log);
  const queries = createQueries(readPage, log);
  const tools = { requests, clock, log };

  return {
    get organizationId() {
      return own.id;
    },
    check: () => firstPage(readPage, own),
    updatedSince: (instant) => learning(queries.updatedSince(instant), own),
    createdSince: (instant) => learning(queries.createdSince(instant), own),
    get: async (id) => (await readById(requests, id)).referral,
    engagement: (engagementId) => queries.engagement(engagementId),
    create: async (draft) => {
      const referral = await create(requests, draft);
      if (draft.recipient === 'own') own.created(referral);
      return referral;
    },
    update: async (id, etag, changes) => update(tools, id, etag, changes),
    serverTime: () => requests.serverTime(),
  };
}

/** Asked for once and believed when read: an answer that cannot be read may be a referral all the same. */
async function create(requests: Requests, draft: ReferralDraft): Promise<Referral> {
  const response = await requests.post(referralBody(draft));
  try {
    return readReferral(jsonOf(response), response.headers['etag'] ?? '');
  } catch (cause) {
    throw new SyncError('OUTCOME_UNKNOWN', {
      cause,
      status: response.status,
      detail: 'the answer to a create cannot be read',
    });
  }
}

/** One row proves sign-in, audience and role; a whole page is asked for when it has to tell who we are, too. */
async function firstPage(readPage: ReadPage, own: OwnOrganization): Promise<void> {
  const page = await readPage([['$top', own.id === '' ? String(pageSize) : '1']]);
  own.seen(page.referrals);
}

async function* learning(pages: AsyncIterable<ReferralPage>, own: OwnOrganization): AsyncGenerator<ReferralPage> {
  for await (const page of pages) {
    own.seen(page.referrals);
    yield page;
  }
}
