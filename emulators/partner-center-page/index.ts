/**
 * A plain page that shows Partner Center's side of an emulated world, and lets a person act there: as
 * Microsoft's sellers, or as a colleague of the partner in the portal. For the demo and for people
 * who try the connector; it is no part of the emulated service, so nothing may depend on it.
 */
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { startServer, type EmulatorRequest, type EmulatorResponse } from '../kit/server';
import type { World } from '../index';
import type { Referral } from '../partner-center';
import { actionForms } from './action-forms';
import { act, createInPortal, NoSuchAction, sendInbound, type Done } from './actions';
import { detailView, historyView } from './detail-view';
import type { Typed as RefusedForm } from './fields';
import { History } from './history';
import { html, type Html } from './html';
import { page, type Frame } from './layout';
import { listQuery, listView } from './list-view';
import { newFromMicrosoft, newInPortal, type Typed } from './new-views';
import { script } from './script';
import { style } from './style';

export interface PartnerCenterPage {
  readonly url: string;
  stop(): Promise<void>;
}

/** What the page needs of a world. */
export type PageWorld = Pick<World, 'clock' | 'partnerCenter'>;

export async function startPartnerCenterPage(
  world: PageWorld,
  options: { port?: number } = {},
): Promise<PartnerCenterPage> {
  const history = new History(world.partnerCenter);
  const site = new Site(world, history);
  const server = await startServer({
    service: 'partnerCenterPage',
    ...(options.port === undefined ? {} : { port: options.port }),
    handler: (request) => site.answer(request),
    clock: world.clock,
    // Own ones: looking on is no evidence, and faults are for services.
    journal: new Journal(100),
    faults: new FaultPlan(),
  });
  return {
    url: server.url,
    stop: async () => {
      history.stop();
      await server.stop();
    },
  };
}

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

class Site {
  constructor(
    private readonly world: PageWorld,
    private readonly history: History,
  ) {}

  answer(request: EmulatorRequest): EmulatorResponse {
    if (request.method === 'GET' && request.path === '/page.css') return asset('text/css', style);
    if (request.method === 'GET' && request.path === '/page.js') return asset('text/javascript', script);
    if (request.method === 'GET') return this.show(request);
    if (request.method === 'POST') return this.post(request);
    return { status: 405, headers: { ...headers, allow: 'GET, POST' } };
  }

  private show({ path, query }: EmulatorRequest): EmulatorResponse {
    const done = query.get('done') ?? undefined;
    if (path === '/')
      return this.page(200, 'Referrals', listView(this.world.partnerCenter, listQuery(query)), { current: 'list' });
    const form = this.formPage(path, undefined);
    if (form) return this.page(200, form.title, form.body, { current: form.current });
    const own = this.referral(path);
    return own ? this.page(200, own.name ?? 'Referral', this.detail(own), { done }) : this.missing();
  }

  /** Answers a form with the page of what it changed, so that reloading sends nothing twice. */
  private post(request: EmulatorRequest): EmulatorResponse {
    // Another site's page can send forms here from the same browser.
    const { origin } = request.headers;
    if (origin !== undefined && origin !== request.origin) {
      return this.page(403, 'Refused', html`<h1>Refused</h1>`, { error: 'The form came from another site.' });
    }
    const form = new URLSearchParams(request.body.toString('utf8'));
    try {
      const { referralId, message } = this.run(request.path, form);
      const location = `/referrals/${referralId}?${new URLSearchParams({ done: message }).toString()}`;
      return { status: 303, headers: { ...headers, location } };
    } catch (error) {
      if (error instanceof NoSuchAction) return this.missing();
      return this.refused(request.path, form, error instanceof Error ? error.message : String(error));
    }
  }

  private run(path: string, form: URLSearchParams): Done {
    const { partnerCenter } = this.world;
    if (path === '/new/microsoft') return sendInbound(partnerCenter, form);
    if (path === '/new/portal') return createInPortal(partnerCenter, form);
    const [, id, action] = /^\/referrals\/([^/]+)\/(\w+\/\w+)$/.exec(path) ?? [];
    if (id === undefined || action === undefined) throw new NoSuchAction(path);
    return act(partnerCenter, id, action, form);
  }

  /** The same page again with what was typed, and what the emulator said, word for word. */
  private refused(path: string, typed: URLSearchParams, error: string): EmulatorResponse {
    const form = this.formPage(path, typed);
    if (form) return this.page(400, form.title, form.body, { current: form.current, error });
    const own = this.referral(path);
    const name = path.split('/').slice(3).join('-');
    return own
      ? this.page(400, own.name ?? 'Referral', this.detail(own, { form: name, values: typed }), { error })
      : this.missing();
  }

  private formPage(
    path: string,
    typed: Typed,
  ): { title: string; body: Html; current: 'microsoft' | 'portal' } | undefined {
    const { partnerCenter } = this.world;
    if (path === '/new/microsoft') {
      return {
        title: 'Send a referral as Microsoft',
        body: newFromMicrosoft(partnerCenter, typed),
        current: 'microsoft',
      };
    }
    if (path !== '/new/portal') return undefined;
    return { title: 'Create a deal as a colleague', body: newInPortal(partnerCenter, typed), current: 'portal' };
  }

  private referral(path: string): Referral | undefined {
    const { partnerCenter } = this.world;
    const found = partnerCenter.referral(/^\/referrals\/([^/]+)/.exec(path)?.[1] ?? '');
    // Microsoft's record is shown with the partner's own.
    return found?.organizationId === partnerCenter.organization.id ? found : undefined;
  }

  private detail(own: Referral, typed?: RefusedForm): Html {
    const { partnerCenter } = this.world;
    return html`<div class="deal">${detailView(partnerCenter, own)}${actionForms(partnerCenter, own, typed)}</div>
      ${historyView(this.history.of(own.engagementId))}`;
  }

  private missing(): EmulatorResponse {
    const body = html`<h1>Not here</h1>
      <p>There is no such page or referral. <a href="/">All referrals</a></p>`;
    return this.page(404, 'Not here', body, {});
  }

  private page(status: number, title: string, body: Html, frame: Partial<Frame>): EmulatorResponse {
    const { clock, partnerCenter } = this.world;
    const text = page({ title, organization: partnerCenter.organization.name, now: clock.iso(), ...frame }, body);
    return { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body: text };
  }
}

function asset(type: string, body: string): EmulatorResponse {
  return { status: 200, headers: { ...headers, 'content-type': `${type}; charset=utf-8` }, body };
}
