/**
 * What worker and web half tell each other: hints one way, the worker's status the other.
 *
 * Types only. They meet through files in one folder and through nothing else, so that the half which answers
 * strangers needs no credential of either service (decision D9). Nothing here names a deal or a person.
 */
import type { Balance } from './accounts';

/** "Look at this", never the data: a referral of Partner Center or a record of the CRM. May be lost, doubled, late. */
export interface Hint {
  readonly kind: 'referral' | 'record';
  /** GUID in lower case. */
  readonly id: string;
}

export interface HintFolder {
  /** 'full': not kept, the caller may say "come back". Rejects with SETTING_INVALID when nothing can be written. */
  put(hint: Hint): Promise<'kept' | 'full'>;
  /** Takes what is there, some hundreds at most; each hint is given to one taker. Rejects with SETTING_INVALID. */
  take(): Promise<readonly Hint[]>;
  /** Things met in the folder that are no hints of ours, since start. */
  readonly refused: number;
}

export type WorkerState = 'starting' | 'waiting for the lease' | 'running' | 'paused' | 'stopped' | 'failed';

/** How far one side's feed is. Instants are the service's own, ISO UTC. */
export interface FeedStatus {
  /** Last poll that was answered; null: none since the start. */
  readonly lastPollOn: string | null;
  /** Everything up to here has ended, is parked or is written on its row as due. */
  readonly lastCompleteOn: string | null;
  /** Polls that failed in a row. */
  readonly failures: number;
  /** Seconds since `lastCompleteOn`; null: nothing is complete yet. Grows while the service is away. */
  readonly watermarkAgeSeconds: number | null;
}

export interface ThrottleStatus {
  /** Requests that the service turned away since the start because there were too many. */
  readonly refused: number;
  /** The pause that it asked for ends then, by the worker's clock; null: no pause. */
  readonly waitingUntil: string | null;
}

/** Life of the Partner Center sign-in; null where it is not known. */
export interface SignInStatus {
  readonly renewedOn: string | null;
  readonly endsOn: string | null;
  /** Whole days, negative when it is over. */
  readonly daysLeft: number | null;
}

/** What the worker tells about itself every few seconds. */
export interface WorkerStatus {
  readonly version: 1;
  readonly connection: string;
  readonly workerVersion: string;
  /** By the worker's clock, ISO UTC. */
  readonly startedOn: string;
  readonly writtenOn: string;
  readonly state: WorkerState;
  /** Code of errors.ts with which the worker failed or waits for what an admin has to mend. */
  readonly failureCode?: string;
  /** Keys: `known` counts all, `waiting` those that failed and wait for their next try. */
  readonly queue: { readonly known: number; readonly running: number; readonly waiting: number };
  readonly links: number;
  readonly parkedDeals: number;
  /** Code -> deals; a deal with several codes counts at each. */
  readonly parked: Readonly<Record<string, number>>;
  readonly feeds: Readonly<Record<'crm' | 'partnerCenter', FeedStatus>>;
  readonly signIn: SignInStatus | null;
  readonly throttling: Readonly<Record<'dataverse' | 'partnerCenter', ThrottleStatus>>;
  readonly balance: Balance;
  readonly hints: { readonly taken: number; readonly refused: number };
}

export interface StatusFile {
  write(status: WorkerStatus): Promise<void>;
  /** Null: there is none, or it is damaged or a newer release's. */
  read(): Promise<WorkerStatus | null>;
}
