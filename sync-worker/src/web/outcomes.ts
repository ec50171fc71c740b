/**
 * What can become of a delivery, each with its answer. One table, so that counters, log and answers cannot disagree.
 * Answers are one word: Partner Center reads the status only, and a stranger should learn nothing.
 */
import type { CertificateFault } from './certificate';
import type { UrlFault } from './certificate-url';
import type { NotificationFault } from './notification';
import type { SignatureFault } from './signature';

export type Refusal =
  SignatureFault | UrlFault | CertificateFault | 'certificate not trusted' | 'signature does not fit';

export type Outcome =
  /** Verified. */
  | 'hint kept'
  | 'test'
  | 'event of another product'
  | 'repeated'
  | 'covered'
  | 'old'
  /** Verified, and not understood. */
  | NotificationFault
  | Refusal
  /** Told to come back. */
  | 'certificate not known yet'
  | 'hint folder full'
  | 'hint folder failed'
  | 'too many at once';

export interface Reply {
  readonly status: 200 | 400 | 401 | 503;
  readonly word: string;
  readonly retryAfterSeconds?: number;
}

const fine = new Set<Outcome>(['hint kept', 'test', 'event of another product', 'repeated', 'covered', 'old']);
const unreadable = new Set<Outcome>(['no JSON', 'no event name', 'no referral id', 'no date', 'doubled name']);
const later: Partial<Record<Outcome, number>> = {
  'certificate not known yet': 30,
  'hint folder full': 30,
  'hint folder failed': 60,
  'too many at once': 5,
};

export function replyTo(outcome: Outcome): Reply {
  if (fine.has(outcome)) return { status: 200, word: 'ok' };
  if (unreadable.has(outcome)) return { status: 400, word: 'bad request' };
  const retryAfterSeconds = later[outcome];
  if (retryAfterSeconds !== undefined) return { status: 503, word: 'not now', retryAfterSeconds };
  return { status: 401, word: 'unauthorized' };
}

/** An operator wants to know of it: something of ours keeps deliveries out. */
export function isOurTrouble(outcome: Outcome): boolean {
  return outcome in later;
}
