/**
 * What one organization consists of, handed to every module that works on it.
 */
import type { Clock } from '../kit/clock';
import type { Metadata } from './metadata';
import type { Store } from './store';
import type { DataverseSwitches } from './switches';

export interface World {
  readonly clock: Clock;
  readonly metadata: Metadata;
  readonly store: Store;
  readonly switches: DataverseSwitches;
  readonly organizationId: string;
  /** Rising, repeatable GUIDs, so that two runs of one test have the same ids. */
  newId(): string;
  /** Ids of requests, boundaries and the like: apart, so that reading never shifts the ids of rows. */
  newTrace(): string;
}

/** Who asks: a user with all rights (people in tests), or an application user held to its roles. */
export interface Caller {
  readonly userId: string;
  readonly limitedToRoles: boolean;
}
