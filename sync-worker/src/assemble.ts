/**
 * The core put together from its ports: one context, one worker.
 *
 * Production and tests call the same function; only what stands behind the ports differs.
 */
import { Accounts } from './accounts';
import type { Context } from './context';
import { Earlier } from './earlier';
import type { FieldRule } from './fields';
import { Fresh } from './fresh';
import { LinkIndex } from './link-index';
import type { Clock, Crm, CrmSettings, Log, PartnerCenter } from './ports';
import { RecentMap } from './recent-map';
import { Worker, type WorkerOptions } from './worker';

export interface Parts {
  readonly crm: Crm;
  readonly partnerCenter: PartnerCenter;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: readonly FieldRule[];
  readonly token: () => string;
  readonly quietMs: number;
}

/** Versions and etags that are remembered: far more than change in the minutes that feeds are read over again. */
const seenAtMost = 50_000;

/** Until the first read of the CRM's settings nothing is synced. */
const unread: CrmSettings = {
  displayCheckMark: false,
  coSellOnly: true,
  paused: true,
  defaultOwner: '',
  inboundScope: 'linked',
  logRetentionDays: 0,
  referralLinkTemplate: '',
  closedStage: '',
  language: 1033,
  nameRoom: { opportunity: Infinity, lead: Infinity },
  salesStages: { opportunity: null, lead: null },
  notifyOwner: false,
  findings: [],
};

export function assemble(parts: Parts, options: WorkerOptions): { readonly context: Context; readonly worker: Worker } {
  const context: Context = {
    ...parts,
    index: new LinkIndex(),
    fresh: new Fresh(),
    accounts: new Accounts(),
    failures: new Map(),
    incoming: new Map(),
    qualified: new Map(),
    wanted: new Map(),
    lost: new Map(),
    earlier: new Earlier(),
    seenRows: new RecentMap(seenAtMost),
    seenReferrals: new RecentMap(seenAtMost),
    microsoftInLists: false,
    settings: unread,
    baseline: '',
    feedComplete: false,
  };
  return { context, worker: new Worker(context, options) };
}
