/**
 * Writes one reconcile's result: row, record, children and events, all or nothing.
 *
 * The row's version is the fence. Each write puts a token of its own on the row; the read-back in the same batch
 * shows it, which tells the new version, and tells a lost answer's outcome. Where the environment refuses conditions
 * inside a change set, or closing actions there, the sequential way is taken from then on (both UNVERIFIED).
 */
import { isSyncError, SyncError } from '../errors';
import type { CommitResult, CrmWrite, Log } from '../ports';
import type { ItemAnswer, Operation, PartAnswer } from './batch';
import type { FencedAnswer } from './batcher';
import { codes, detailOf, faultOf, isMissing, jsonOf, printedCode, refusal, type Fault } from './failures';
import { linkAfter, splitClaim } from './link-row';
import type { Links } from './links';
import { etagOf, textOf } from './odata';
import { prepare, type Part, type Prepared, type PrepareParts } from './prepare';
import { commitInSteps } from './sequential';
import type { WebApi } from './web-api';
import { scrub } from '../scrub';

export interface CommitParts extends PrepareParts {
  readonly api: WebApi;
  readonly links: Links;
  readonly log: Log;
  readonly newToken: () => string;
  /** Roles and tables are read again before the next write. */
  readonly forgetEnvironment: () => void;
}

export interface Committer {
  commit(write: CrmWrite): Promise<CommitResult>;
  /** False once the environment has refused conditions inside a change set. */
  isAtomic(): boolean;
}

export type Ready = Extract<Prepared, { kind: 'ready' }>;
type Verdict = CommitResult | 'withoutOwner' | 'noConditions' | 'noClosing';

export function createCommitter(parts: CommitParts): Committer {
  let atomic = true;
  let closingInChangeSet = true;

  const once = async (write: CrmWrite, withOwner: boolean): Promise<Verdict> => {
    const prepared = await prepare(write, parts.newToken(), withOwner, parts);
    if (prepared.kind === 'refused')
      return { outcome: 'recordRefused', code: prepared.code, message: prepared.message };
    if (prepared.kind === 'recordChanged') return { outcome: 'recordChanged' };
    const closes = prepared.changes.some(({ part }) => part === 'close');
    if (!atomic || (closes && !closingInChangeSet)) return commitInSteps(prepared, parts);
    return commitAtOnce(prepared, parts);
  };

  const commit = async (write: CrmWrite): Promise<CommitResult> => {
    let withOwner = true;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      let verdict: Verdict;
      try {
        verdict = await once(write, withOwner);
      } catch (error) {
        // Whatever became of it: the next look is at the row itself.
        parts.links.forget(write.link.key);
        throw error;
      }
      if (typeof verdict === 'object') return settled(write, verdict);
      if (verdict === 'withoutOwner') withOwner = false;
      if (verdict === 'noConditions') atomic = false;
      if (verdict === 'noClosing') closingInChangeSet = false;
      parts.log.warn('the environment refuses a way of writing; another one is used', { verdict });
    }
    throw new SyncError('UNEXPECTED_ANSWER', { detail: 'every way of writing is refused' });
  };

  const settled = (write: CrmWrite, result: CommitResult): CommitResult => {
    if (result.outcome === 'committed') parts.links.written(result.link);
    // Written in steps, the row has moved even where the record's part was refused.
    else if (!atomic || result.outcome === 'linkChanged') parts.links.forget(write.link.key);
    return result;
  };

  return { commit, isAtomic: () => atomic };
}

async function commitAtOnce(ready: Ready, parts: CommitParts): Promise<Verdict> {
  const { write } = ready;
  const job = { changeSet: { changes: ready.changes.map(({ operation }) => operation) }, readBack: ready.readBack };
  for (let attempt = 1; ; attempt += 1) {
    let answer: FencedAnswer;
    try {
      answer = await parts.batcher.fenced(job);
    } catch (error) {
      if (!mayHaveHappened(error)) throw error;
      const found = await outcomeOf(write, ready, parts);
      if (found) return found;
      // The row stands as before, so nothing was written; and should the first one still arrive, one of the two fails.
      if (attempt > 1) throw error;
      continue;
    }
    return judge(write, ready, answer, parts);
  }
}

/** Refusals of the whole batch are certain; an answer that got lost or broke is not. */
function mayHaveHappened(error: unknown): boolean {
  return isSyncError(error, 'NETWORK_FAILED', 'OUTCOME_UNKNOWN', 'UNEXPECTED_ANSWER', 'SERVICE_UNAVAILABLE');
}

/** After a lost answer: our token on the row, or the row as it was (null: try again), or somebody else's write. */
async function outcomeOf(write: CrmWrite, ready: Ready, parts: CommitParts): Promise<CommitResult | null> {
  const answer = await parts.api.one(ready.readBack, 'read');
  const row = rowState(answer);
  if (row.token === ready.token) return { outcome: 'committed', link: linkAfter(write.link, write.set, row.version) };
  return row.version === write.link.version ? null : { outcome: 'linkChanged' };
}

interface RowState {
  /** Empty: there is no row. */
  readonly version: string;
  readonly token: string;
}

export function rowState(answer: PartAnswer): RowState {
  if (isMissing(answer)) return { version: '', token: '' };
  const row = jsonOf(answer, 'read-back of the link row');
  return { version: etagOf(row), token: splitClaim(textOf(row, 'cosell_claim')).token };
}

async function judge(write: CrmWrite, ready: Ready, answer: FencedAnswer, parts: CommitParts): Promise<Verdict> {
  const failed = failedPart(answer.changes);
  const row = rowState(answer.readBack.status >= 500 ? await parts.api.one(ready.readBack, 'read') : answer.readBack);
  // Also after a failure: a batch that was sent again fails on what it did the first time.
  if (row.token === ready.token) return { outcome: 'committed', link: linkAfter(write.link, write.set, row.version) };
  if (!failed) return { outcome: 'linkChanged' };
  return classify(ready, failed, row, parts);
}

function failedPart(changes: ItemAnswer): PartAnswer | null {
  return changes.find((change) => change.status >= 400) ?? null;
}

/** Which part of the change set failed: by its Content-ID where the service echoes it. */
function partOf(ready: Ready, failed: PartAnswer): Part | null {
  return ready.changes[Number(failed.contentId) - 1]?.part ?? null;
}

function classify(ready: Ready, failed: PartAnswer, row: RowState, parts: CommitParts): Verdict {
  const { write } = ready;
  const fault = faultOf(failed);
  const rowMoved = row.version !== write.link.version;
  if (refusesConditions(fault)) return 'noConditions';
  if (refusesClosing(ready, fault)) return 'noClosing';
  const part = partOf(ready, failed);
  const touchesRecord = ready.changes.some(
    (change) => change.part !== 'row' && change.part !== 'event' && change.part !== 'archive',
  );
  const verdict = byCode(fault, { part, creates: write.create !== undefined, rowMoved, touchesRecord });
  if (verdict?.outcome === 'recordChanged') learn(fault, madeBy(ready, failed), parts);
  if (verdict) return verdict;
  const error = refusal(failed, 'commit');
  if (error.code === 'CRM_DENIED') {
    // Our own tables: the deal's owner may lack the role that lets him own rows of ours.
    if (isAboutOwnTables(fault)) return bindsOwner(ready) ? 'withoutOwner' : fail(error);
    return touchesRecord ? refused(fault) : fail(error);
  }
  if (error.code !== 'CRM_REFUSED') throw error;
  if (part === 'row' || part === 'event' || part === 'archive' || !touchesRecord) throw error;
  return refused(fault);
}

/** The child that could not be made; all of them where the service does not say which one. */
function madeBy(ready: Ready, failed: PartAnswer): Operation[] {
  const named = ready.changes[Number(failed.contentId) - 1];
  return (named ? [named] : ready.changes).map(({ operation }) => operation);
}

/** What a refusal says of things that a fresh look at the record does not show. */
export function learn(fault: Fault, made: readonly Operation[], parts: CommitParts): void {
  if (fault.code === codes.duplicateId) parts.childIds.refused(made);
  // A connection's role may be gone, and another one have taken its place.
  if (fault.status === 404) parts.forgetEnvironment();
}

interface Failure {
  /** Null: the service does not say which one. */
  readonly part: Part | null;
  readonly creates: boolean;
  readonly rowMoved: boolean;
  readonly touchesRecord: boolean;
}

function byCode(fault: Fault, { part, creates, rowMoved, touchesRecord }: Failure): CommitResult | null {
  const { code, status } = fault;
  const duplicate = code === codes.duplicateId || code === codes.duplicateKey;
  if (duplicate || status === 412 || status === 404) {
    if (rowMoved || part === 'row' || part === 'archive') return { outcome: 'linkChanged' };
    // The record is there without its row: a fresh look tells whose it is.
    if (part === 'create' && code === codes.duplicateId) return { outcome: 'recordChanged' };
    // Another record has what the CRM wants but once, or nobody says what it is: trying again would not help.
    if (duplicate && (part === 'create' || (creates && part === null))) return refused(fault);
  }
  if (code === codes.duplicateKey)
    return /solution/i.test(fault.message) && touchesRecord ? { outcome: 'recordChanged' } : { outcome: 'linkChanged' };
  if (code === codes.duplicateId) return touchesRecord ? { outcome: 'recordChanged' } : { outcome: 'linkChanged' };
  if (status === 412) return touchesRecord ? { outcome: 'recordChanged' } : { outcome: 'linkChanged' };
  // Gone: the record, a child of it, or somebody it names. A fresh look tells which.
  if (status === 404 && touchesRecord) return { outcome: 'recordChanged' };
  return null;
}

export function refused(fault: Fault): CommitResult {
  return {
    outcome: 'recordRefused',
    code: printedCode(fault.code) || `HTTP ${fault.status}`,
    message: scrub(fault.message) || detailOf(fault, 'refused'),
  };
}

function fail(error: SyncError): never {
  throw error;
}

function refusesConditions({ status, code, message }: Fault): boolean {
  if (status === 501) return /match|condition/i.test(message) || message === '';
  const unreadable =
    code === null || code === 0 || code === (0x80048d19 | 0) || code === codes.concurrencyVersionMissing;
  return (
    status >= 400 &&
    status < 500 &&
    status !== 412 &&
    unreadable &&
    /if-?(none-?)?match|conditional|precondition/i.test(message)
  );
}

function refusesClosing(ready: Ready, { status, code, message }: Fault): boolean {
  const closes = ready.changes.some(({ part }) => part === 'close');
  const unreadable = status === 501 || code === null || code === 0 || code === (0x80048d19 | 0);
  return closes && status !== 412 && unreadable && /action|change ?set|(win|lose)opportunity/i.test(message);
}

function isAboutOwnTables({ message }: Fault): boolean {
  return /cosell_/i.test(message) && !/cosell_opportunitysolution/i.test(message);
}

function bindsOwner(ready: Ready): boolean {
  return ready.changes.some(
    ({ part, operation }) => (part === 'row' || part === 'event') && 'ownerid@odata.bind' in (operation.body as object),
  );
}
