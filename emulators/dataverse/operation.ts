/**
 * One thing asked for: a whole request, or one part of a batch. What all handlers get.
 */
import type { Preferences } from './prefer';
import type { Records } from './records';
import type { Target } from './url';
import type { Caller, World } from './world';

/** State shared by the parts of one change set. */
export interface ChangeSet {
  /** Content-ID -> the created or addressed row's URL, relative to the API's root. */
  readonly references: Map<string, string>;
}

export interface Operation {
  readonly world: World;
  readonly records: Records;
  readonly caller: Caller;
  readonly method: string;
  readonly target: Target;
  readonly url: string;
  /** `http://127.0.0.1:1234`: absolute links start with it. */
  readonly origin: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly preferences: Preferences;
  readonly body: string;
  readonly inBatch: boolean;
  readonly changeSet: ChangeSet | undefined;
}
