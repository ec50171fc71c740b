/**
 * Every point on which the public documents are silent or disagree, as a switch that may be turned
 * while the emulator runs. The first value named is the default. A connector must pass its tests
 * under all of them.
 */
export interface ThrottleRule {
  /** This many requests are allowed in one window; every further one counts too. */
  readonly requests: number;
  readonly windowMs: number;
  readonly retryAfter?: 'seconds' | 'date';
  readonly method?: string;
}

const choices = {
  'create.status': [200, 201],
  'create.readOnlyFields': ['ignore', 'reject'],
  'create.direction': ['Outgoing', 'Incoming'],
  'create.unknownSolution': ['reject', 'accept'],
  'invite.flipsType': ['on', 'off'],
  'invite.again': ['reject', 'accept'],
  'patch.noPrefer': [204, 200],
  'patch.etagOn204': ['off', 'on'],
  'patch.stringNumbers': ['accept', 'reject'],
  'patch.extraPaths': ['name+attributes', 'none', 'all'],
  'patch.jsonPatchContentType': ['reject', 'accept'],
  'patch.noChange': ['newVersion', 'keep'],
  'patch.customerContactsWhenShared': ['whenEmpty', 'frozen', 'free'],
  'close.error': ['accept', 'reject'],
  'close.requireReason': ['off', 'on'],
  'accept.requireDetails': ['on', 'off'],
  'state.machine': ['strict', 'table'],
  forbidden: [404, 403],
  terminal: [400, 409, 422],
  stateRule: [400, 409, 422],
  etagMismatch: ['412 preconditionFailed', '412 resourceModified', '409 resourceModified'],
  'errors.envelope': ['standard', 'gateway', 'html', 'empty'],
  'html.escape': ['off', 'on'],
  'closing.localMidnight': ['off', 'on'],
  'address.stateIn': ['state', 'region'],
  'names.trailingBlanks': ['off', 'on'],
  'registrations.absent': ['tenth', 'never', 'always'],
  'requirements.absent': ['never', 'tenth'],
  casing: ['camel', 'pascal'],
  nullArrays: ['off', 'on'],
  'list.includesMicrosoft': ['off', 'on'],
  'list.top': ['pageSize', 'limit'],
  'list.nextLink': ['correct', 'http', 'missingEngagements', 'relative'],
  'list.continuation': ['offset', 'keyset'],
  'list.marketplaceLeads': ['on', 'off'],
  'list.dateLiteral': ['unquoted', 'quoted', 'both'],
  'list.externalReferenceIdFilter': ['reject', 'accept'],
  'list.createdFilter': ['reject', 'accept'],
  'related.movesOwn': ['off', 'on'],
  'auth.appOnly': [403, 401],
  'roles.webhooks': ['any', 'documented'],
  mfa: ['off', 'on'],
  'events.ownWrites': ['on', 'off'],
  'webhook.case': ['pascal', 'camel'],
  'webhook.relatedId': ['related', 'own'],
  'webhook.order': ['fifo', 'shuffle'],
  'webhook.auto': ['off', 'on'],
  'webhook.certificateFormat': ['der', 'pem'],
  'webhook.registrationShape': ['camel', 'pascal'],
  'validation.shape': ['object', 'string'],
} as const;

type Choices = typeof choices;
export type ChoiceName = keyof Choices;

export type Switches = { -readonly [Name in ChoiceName]: Choices[Name][number] } & {
  /** Lists show a change only this long after it happened; reads by id show it at once. */
  'index.lagMs': number;
  /** Minutes east of Greenwich of whoever makes deals in the portal (closing.localMidnight). */
  'closing.utcOffsetMinutes': number;
  /** How many extra copies of each notification are queued. */
  'webhook.dup': number;
  /** Waits before the second, third ... attempt; one attempt more than entries. */
  'webhook.scheduleMs': readonly number[];
  throttle: readonly ThrottleRule[];
};

const minute = 60_000;

export function defaultSwitches(): Switches {
  const firsts = Object.fromEntries(Object.entries(choices).map(([name, values]) => [name, values[0]]));
  return {
    ...(firsts as { [Name in ChoiceName]: Choices[Name][number] }),
    'index.lagMs': 0,
    'closing.utcOffsetMinutes': 330,
    'webhook.dup': 0,
    'webhook.scheduleMs': [1, 2, 5, 10, 20, 40, 60, 120, 240].map((wait) => wait * minute),
    throttle: [],
  };
}

/** Names and allowed values, for the documents and for checking what the control API is sent. */
export const switchChoices: Readonly<Record<string, readonly (string | number)[]>> = choices;

/** Checked assignment for callers without types. Throws an error that names what is wrong. */
export function setSwitch(switches: Switches, name: string, value: unknown): void {
  if (!Object.hasOwn(switches, name)) throw new Error(`There is no switch ${name}`);
  const allowed = Object.hasOwn(switchChoices, name) ? switchChoices[name] : undefined;
  if (allowed && !allowed.some((choice) => choice === value)) {
    throw new Error(`${name} must be one of: ${allowed.join(', ')}`);
  }
  if (!allowed && !fitsFreely(name, value)) throw new Error(`${name} does not take ${JSON.stringify(value)}`);
  Object.assign(switches, { [name]: value });
}

function fitsFreely(name: string, value: unknown): boolean {
  const isCount = (item: unknown): boolean => typeof item === 'number' && Number.isFinite(item);
  if (name === 'webhook.scheduleMs') return Array.isArray(value) && value.every(isCount);
  if (name === 'throttle') return Array.isArray(value) && value.every(isThrottleRule);
  return isCount(value);
}

function isThrottleRule(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { requests, windowMs } = value as Partial<ThrottleRule>;
  return typeof requests === 'number' && typeof windowMs === 'number';
}
