/**
 * What one organization consists of, handed to every module that works on it.
 */
import type { Clock } from '../kit/clock';
import type { Metadata } from './metadata';
import type { People } from './people';
import type { Shares } from './shares';
import type { Store } from './store';
import type { DataverseSwitches } from './switches';

export interface World {
  readonly clock: Clock;
  readonly metadata: Metadata;
  readonly store: Store;
  readonly switches: DataverseSwitches;
  readonly organizationId: string;
  readonly people: People;
  readonly shares: Shares;
  /** Rising, repeatable GUIDs, so that two runs of one test have the same ids. */
  newId(): string;
  /** Ids of requests, boundaries and the like: apart, so that reading never shifts the ids of rows. */
  newTrace(): string;
}

/** Who asks: a user with all rights (seeds and tests), or one who is held to his roles. */
export interface Caller {
  readonly userId: string;
  readonly limitedToRoles: boolean;
  /** Held to these in place of the roles that he was given, and whatever the switch says. */
  readonly roles?: readonly string[];
}
