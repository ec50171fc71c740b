/** A running emulator and a caller for its own tests. Talks HTTP like anybody else. */
import { EmulatorClock } from '../kit/clock';
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { startPartnerCenter, type PartnerCenterEmulator, type Switches } from './index';
import type { CallerClaims, Referral } from './types';

export const seller = {
  firstName: 'Mareike',
  lastName: 'Osterkamp',
  phoneNumber: '+49 421 5550101',
  email: 'mareike.osterkamp@larkspur.example',
};
export const contact = {
  firstName: 'Torben',
  lastName: 'Quast',
  phoneNumber: '+49 421 5550177',
  email: 't.quast@nordwind-logistik.example',
};
export const solutionId = 'SOL-70421-QLM';

/** Claims by token text: tests of the service need no real tokens. */
const tokens: Readonly<Record<string, CallerClaims>> = {
  admin: { tid: 'tenant', upn: 'admin@larkspur.example', scp: 'user_impersonation', amr: ['pwd', 'mfa'] },
  passwordOnly: { tid: 'tenant', upn: 'admin@larkspur.example', scp: 'user_impersonation', amr: ['pwd'] },
  seller: { tid: 'tenant', upn: seller.email, scp: 'user_impersonation', amr: ['pwd', 'mfa'] },
  stranger: { tid: 'tenant', upn: 'stranger@larkspur.example', scp: 'user_impersonation', amr: ['pwd', 'mfa'] },
  app: { tid: 'tenant', appid: 'app' },
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  readonly json: any;
}

export interface TestWorld {
  readonly clock: EmulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly pc: PartnerCenterEmulator;
  readonly base: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  get(id: string, options?: CallOptions): Promise<Answer>;
  create(body: unknown, options?: CallOptions): Promise<Answer>;
  patch(id: string, operations: unknown, options?: CallOptions): Promise<Answer>;
  list(query?: Record<string, string>, options?: CallOptions): Promise<Answer>;
  /** Own record of a co-sell deal, both POSTs done. */
  coSell(): Promise<Referral>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export async function startTestWorld(switches: Partial<Switches> = {}): Promise<TestWorld> {
  const clock = new EmulatorClock('2026-03-02T08:00:00Z');
  const faults = new FaultPlan();
  const journal = new Journal();
  const authenticate = (bearer: string): CallerClaims | { refuse: string } =>
    tokens[bearer] ?? { refuse: 'unknown token' };
  const pc = await startPartnerCenter({ clock, journal, faults, switches, authenticate });
  pc.catalogue.add({ id: solutionId, name: 'Larkspur Cold Chain Monitor', publisherName: 'Larkspur Systems GmbH' });
  pc.catalogue.add({ id: 'SOL-10007-FLT', name: 'Larkspur Fleet Ledger', publisherName: 'Larkspur Systems GmbH' });
  const base = '/v1.0/engagements/referrals';

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const token = options.token === undefined ? 'admin' : options.token;
    const hasBody = options.body !== undefined;
    const response = await fetch(`${pc.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...options.headers,
      },
      ...(hasBody ? { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  const create: TestWorld['create'] = (body, options) => call('POST', base, { body, ...options });
  return {
    clock,
    faults,
    journal,
    pc,
    base,
    call,
    create,
    get: (id, options) => call('GET', `${base}/${id}`, options),
    patch: (id, body, options) => call('PATCH', `${base}/${id}`, { body, ...options }),
    list: (query = {}, options) => call('GET', `${base}?${new URLSearchParams(query).toString()}`, options),
    coSell: async () => {
      const own = (await create(coSellBody())).json as Referral;
      const invited = await create(inviteBody(own.engagementId));
      if (invited.status !== 200) throw new Error(invited.text);
      return own;
    },
    stop: () => pc.stop(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A complete private deal, as documented for the create call. */
export function privateBody() {
  return {
    name: 'Nordwind cold chain pilot',
    qualification: 'SalesQualified',
    type: 'Independent',
    customerProfile: {
      name: 'Nordwind Logistik AG',
      address: {
        addressLine1: 'Hafenstrasse 12',
        addressLine2: 'Building C',
        city: 'Bremen',
        state: 'HB',
        postalCode: '28195',
        country: 'DE',
      },
      size: '251to1000employees',
      team: [] as (typeof contact)[],
      ids: [] as { profileType: string; id: string }[],
    },
    consent: {
      consentToToShareInfoWithOthers: true,
      consentToContact: true,
      consentToShareReferralWithMicrosoftSellers: false,
    },
    details: {
      notes: 'First talk at the spring fair.',
      dealValue: 48000 as unknown,
      currency: 'EUR',
      closingDateTime: '2026-09-30T00:00:00Z',
      requirements: {
        solutions: [{ type: 'Name', id: solutionId }],
        additionalRequirements: { iot: {}, attributes: [{ type: 'CustomerMarketplaceIntent', id: 'HaveNotDecided' }] },
      },
    },
    team: [seller],
    target: [] as { type: string; id: string }[],
    externalReferenceId: 'OPP-2026-00418',
  };
}

export function coSellBody() {
  const body = privateBody();
  return {
    ...body,
    type: 'Shared',
    customerProfile: { ...body.customerProfile, team: [contact] },
    consent: { ...body.consent, consentToShareReferralWithMicrosoftSellers: true },
    target: [{ type: 'SolutionProfile', id: solutionId }],
  };
}

export function inviteBody(engagementId: string) {
  return {
    ...coSellBody(),
    engagementId,
    target: [{ type: 'BusinessProfileLocation', id: 'msft' }],
    inviteContext: {
      notes: 'Please help with the reference architecture.',
      assistanceRequestCode: 'CustomerTechnicalArchitecture',
    },
  };
}

/** A copy with the value at a dotted path replaced; undefined takes it away. */
export function changed(body: object, path: string, value: unknown): object {
  const copy = structuredClone(body);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<Record<string, unknown>>(
    (item, name) => item[name] as Record<string, unknown>,
    copy as Record<string, unknown>,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

export const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
export const add = (path: string, value: unknown) => ({ op: 'add', path, value });
export const toState = (status: string, substatus: string, reason?: string) => [
  replace('/status', status),
  replace('/substatus', substatus),
  ...(reason === undefined ? [] : [replace('/statusReason', reason)]),
];
