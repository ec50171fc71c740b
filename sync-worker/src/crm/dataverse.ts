/**
 * The CRM port over Dataverse: puts the parts together and keeps what they share (environment, settings, caches).
 *
 * Nothing of Dataverse leaves through the port: versions and watermarks are opaque texts, values are the domain's.
 */
import { isSyncError, SyncError } from '../errors';
import type { RuleOverride } from '../fields';
import type { Send } from '../http/types';
import type { Clock, Crm, CrmFinding, CrmSettings, Log, RecordRef, RecordType, ShownColumns } from '../ports';
import { hashOf } from '../hash';
import { createBatcher } from './batcher';
import { createCatalogue } from './catalogue';
import { createChildIds } from './child-ids';
import { createCommitter } from './commit';
import { createCurrencies } from './currencies';
import { createDealReader, type DealWithRows } from './deals';
import { environmentVariables } from './generated/schema';
import { inactiveKeys, readEnvironment, requireRights, type Environment } from './environment';
import { createLinks } from './links';
import { createNews } from './news';
import { deleteEvents } from './old-events';
import { createNotifier } from './notifications';
import { ownerFor, ownerNamed } from './owner';
import { createMatcher } from './party';
import { Recent } from './recent';
import { digitsOf } from './room';
import { shownAs, unfitValues } from './row-from-changes';
import { readSettings, readVariables, type AdapterSettings } from './settings';
import { requireWholeSolution } from './solution-check';
import { createStateRows } from './state-row';
import { createWebApi, token } from './web-api';

export interface DataverseOptions {
  readonly send: Send;
  /** https://contoso.crm.dynamics.com */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** [0, 1). */
  readonly random: () => number;
  /** Name of the connection whose state row belongs to this worker. */
  readonly connection: string;
  /** Mapping from the worker's own configuration; goes before the environment variable. */
  readonly mapping?: unknown;
  /** Milliseconds that a first read or write waits for others to share its batch. Default 0: the same turn only. */
  readonly batchWindow?: number;
}

/** The port, and what only this adapter can tell. */
export interface DataverseCrm extends Crm {
  /** False once the service has refused change feeds inside a batch: each poll costs one request per feed. */
  pollsAsOne(): boolean;
  /** False once the service has refused conditions inside a change set. */
  writesAtOnce(): boolean;
  /** The form in which read-only columns will be read back; what is remembered as shown must have it. */
  shownAs(type: RecordType, shown: ShownColumns): ShownColumns;
  /** Directions and owners of fields where the admin's mapping differs from the default. */
  fieldRules(): Promise<readonly RuleOverride[]>;
}

const settingsKeptFor = 60_000;
/** A default owner may leave the company at any time. */
const ownerKnownFor = 60 * 60_000;

export function createDataverse(options: DataverseOptions): DataverseCrm {
  const { clock, log, random } = options;
  const api = createWebApi(options);
  const batcher = createBatcher(api, clock, options.batchWindow ?? 0);
  const environment = remembered(() => readEnvironment(api));
  const currencies = createCurrencies(batcher, environment.get, clock);
  const settings = settingsOf(options, batcher, environment.get, clock);
  const recent = new Recent<DealWithRows>(500);
  const deals = createDealReader({ batcher, environment: environment.get, settings: settings.get, currencies });
  const links = createLinks({ batcher, api, environment: environment.get, log });
  const news = createNews({
    api,
    batcher,
    environment: environment.get,
    settings: settings.get,
    currencies,
    links,
    log,
  });
  const matcher = createMatcher({ batcher, environment: environment.get, settings: settings.get });
  const catalogue = createCatalogue(batcher, environment.get);
  const notify = createNotifier({ batcher, environment: environment.get, clock, log });
  const states = createStateRows(api, environment.get);
  const recentKey = (ref: RecordRef): string => `${ref.type}/${ref.id}`;
  const committer = createCommitter({
    api,
    batcher,
    environment: environment.get,
    settings: settings.get,
    currencies,
    catalogue,
    childIds: createChildIds(),
    forgetEnvironment: environment.forget,
    matcher,
    deals,
    links,
    log,
    recent: (ref) => recent.get(recentKey(ref)),
    now: () => api.serverTime() || new Date(clock.now()).toISOString(),
    newToken: () => token(random),
  });

  const check = async (): Promise<{ organizationId: string; findings: readonly CrmFinding[] }> => {
    environment.forget();
    const found = await environment.get();
    await requireWholeSolution(api, found);
    await requireRights(api, found);
    if (!found.isTracked('opportunity')) throw new SyncError('CHANGE_TRACKING_OFF', { detail: 'table opportunity' });
    settings.forget();
    const { findings } = await settings.get();
    const keys = (await inactiveKeys(api)).map((key) => ({ code: 'keyNotActive', params: key }));
    return { organizationId: found.organizationId, findings: [...keys, ...trackingFindings(found), ...findings] };
  };

  /** A feed that is refused asks for a column or a table that is not there any more: whose it is decides. */
  const lookAgain = async (): Promise<void> => {
    environment.forget();
    settings.forget();
    await requireWholeSolution(api, await environment.get());
  };

  return {
    check,
    settings: async () => portSettings(await settings.get()),
    connection: states.connection,
    saveConnection: states.save,
    linkHeads: links.heads,
    news: async (watermarks) => {
      try {
        return await news.news(watermarks);
      } catch (error) {
        // Tracking may be switched on while we wait: the next try looks again.
        if (isSyncError(error, 'CHANGE_TRACKING_OFF')) environment.forget();
        if (isSyncError(error, 'CRM_REFUSED', 'SOLUTION_MISSING')) await lookAgain();
        throw error;
      }
    },
    link: links.link,
    deal: async (ref) => {
      const read = await deals.read(ref);
      if (!read) {
        recent.delete(recentKey(ref));
        return null;
      }
      recent.set(recentKey(ref), read);
      news.knowChildren(ref, read.deal.children);
      return read.deal;
    },
    relatedAges: deals.relatedAges,
    match: matcher.match,
    ownerFor: async (values, party, given) =>
      ownerFor(values, party, (await settings.get()).mapping, given.defaultOwner, {
        batcher,
        environment: environment.get,
      }),
    commit: async (write) => {
      const result = await committer.commit(write);
      if (write.record && result.outcome !== 'committed') recent.delete(recentKey(write.record.ref));
      if (result.outcome === 'recordChanged' || result.outcome === 'recordRefused') catalogue.forget();
      return result;
    },
    notify,
    unfit: async (type, values) =>
      unfitValues(type, values, {
        environment: await environment.get(),
        settings: await settings.get(),
        currencies: await currencies.table(),
        now: '',
      }),
    digits: async (type) => digitsOf(type, await settings.get(), await currencies.table()),
    deleteOldEvents: async (before, atMost) =>
      deleteEvents(before, atMost, { batcher, environment: await environment.get() }),
    serverTime: api.serverTime,
    pollsAsOne: news.feeds.pollsAsOne,
    writesAtOnce: committer.isAtomic,
    shownAs,
    fieldRules: async () => (await settings.get()).mapping.rules,
  };
}

/** What the core may know: column names, status reasons and the mapping stay in here. */
const forCore = [
  'displayCheckMark',
  'coSellOnly',
  'paused',
  'defaultOwner',
  'inboundScope',
  'logRetentionDays',
  'referralLinkTemplate',
  'closedStage',
  'language',
  'nameRoom',
  'salesStages',
  'notifyOwner',
  'findings',
] as const satisfies readonly (keyof CrmSettings)[];

function portSettings(settings: AdapterSettings): CrmSettings {
  const known = Object.fromEntries(forCore.map((name) => [name, settings[name]]));
  return { ...(known as Pick<AdapterSettings, (typeof forCore)[number]>), reading: hashOf(readingOf(settings)) };
}

/** Everything that decides how a record reads; maps as lists, because JSON knows none. */
function readingOf({
  valueColumn,
  currencyColumn,
  countryColumn,
  stages,
  mapping,
}: AdapterSettings): readonly unknown[] {
  const { hold, open } = stages;
  return [
    valueColumn,
    currencyColumn,
    countryColumn,
    hold,
    open,
    { ...mapping, salesStages: [...mapping.salesStages] },
  ];
}

/** Retention and the tables that the sync can do without but misses something. */
function trackingFindings(environment: Environment): CrmFinding[] {
  const findings: CrmFinding[] = ['lead', 'connection']
    .filter((table) => !environment.isTracked(table))
    .map((table) => ({ code: 'changeTrackingOff', params: { table } }));
  for (const table of ['opportunity', 'lead', 'cosell_referral', 'cosell_syncstate']) {
    if (!environment.isVersioned(table)) findings.push({ code: 'optimisticConcurrencyOff', params: { table } });
  }
  const days = environment.retentionDays;
  if (days !== null && days < 2) findings.push({ code: 'trackingRetentionShort', params: { days: String(days) } });
  if (environment.salesTeamRole === null)
    findings.push({ code: 'connectionRoleMissing', params: { category: 'Sales Team' } });
  if (environment.stakeholderRole === null)
    findings.push({ code: 'connectionRoleMissing', params: { category: 'Stakeholder' } });
  return findings;
}

/** Read once; a failure is not remembered. */
function remembered<T>(read: () => Promise<T>): { get(): Promise<T>; forget(): void } {
  let value: Promise<T> | null = null;
  return {
    get: () => {
      value ??= read().catch((error: unknown) => {
        value = null;
        throw error;
      });
      return value;
    },
    forget: () => (value = null),
  };
}

/** Read at most once a minute; many who ask at once share one read. */
function settingsOf(
  options: DataverseOptions,
  batcher: ReturnType<typeof createBatcher>,
  environment: () => Promise<Environment>,
  clock: Clock,
): { get(): Promise<AdapterSettings>; forget(): void } {
  let last: AdapterSettings | null = null;
  let readAt = -Infinity;
  let reading: Promise<AdapterSettings> | null = null;
  let checked = { owner: '', at: -Infinity };
  /** Deals come in at night: that there is nobody to own them must be known before the first one does. */
  const ownerFindings = async ({ defaultOwner, inboundScope }: AdapterSettings): Promise<CrmFinding[]> => {
    const isKnown = checked.owner === defaultOwner && clock.monotonic() - checked.at < ownerKnownFor;
    if (inboundScope === 'linked' || (defaultOwner !== '' && isKnown)) return [];
    const found = defaultOwner !== '' && (await ownerNamed(defaultOwner, { batcher, environment })) !== null;
    checked = { owner: found ? defaultOwner : '', at: clock.monotonic() };
    if (found) return [];
    const variable = environmentVariables.defaultowner.schemaName;
    return [{ code: 'settingUnknownOwner', params: { variable, value: defaultOwner } }];
  };
  const read = async (): Promise<AdapterSettings> => {
    const found = await environment();
    const variables = await readVariables(batcher, found);
    const settings = readSettings(variables, found, last, options.mapping);
    last = { ...settings, findings: [...settings.findings, ...(await ownerFindings(settings))] };
    readAt = clock.monotonic();
    return last;
  };
  return {
    get: async () => {
      if (last && clock.monotonic() - readAt < settingsKeptFor) return last;
      reading ??= read().finally(() => (reading = null));
      return reading;
    },
    forget: () => (readAt = -Infinity),
  };
}
