/**
 * The write in steps, for environments that cannot fence a change set: row with intent, events about values that are
 * replaced, record, the other events, result.
 *
 * Each step is safe to have been the last one. The row says which values are on their way to the record (pending), so
 * that whoever reads both later knows whose word a value is. What is created has derived ids: made twice is an error
 * that says so, and counts as done; a record that is there already is read first.
 */
import type { FieldName } from '../../../domain/deal';
import { longer } from '../link';
import type { CommitResult, CrmWrite, Pending } from '../ports';
import type { Operation, PartAnswer } from './batch';
import { codes, faultOf, isMissing, refusal } from './failures';
import { linkAfter, rowFromLink } from './link-row';
import { rowPath } from './odata';
import type { Change } from './prepare';
import { learn, refused, rowState, type CommitParts, type Ready } from './commit';

export async function commitInSteps(ready: Ready, parts: CommitParts): Promise<CommitResult> {
  const { write } = ready;
  const of = (...kinds: readonly Change['part'][]): Operation[] =>
    ready.changes.filter(({ part }) => kinds.includes(part)).map(({ operation }) => operation);
  /** Told before the record is written; the others when it has been. */
  const lastSeen = ready.changes.filter(({ replaces }) => replaces === true).map(({ operation }) => operation);
  const once = (operation: Operation): Promise<PartAnswer> =>
    parts.api.one(operation, 'conditional', write.correlationId);
  const [rowWrite] = of('row');
  if (!rowWrite) throw new Error('a write without its row');

  // Inbound: ids are derived, so the record may come first; the row can only point to what is there.
  for (const operation of of('create')) {
    const answer = await once(operation);
    // There already: somebody may have written on it since, and what it shows is no word of ours.
    if (isDuplicate(answer)) return { outcome: 'recordChanged' };
    if (answer.status >= 400) return verdict(answer);
  }
  if (write.create) {
    const stopped = await children(of('child'), once, parts);
    if (stopped) return stopped;
  }

  const touchesRecord =
    !write.create &&
    ready.changes.some(({ part }) => part === 'record' || part === 'close' || part === 'child' || part === 'draft');
  let version = write.link.version;
  // What is told of a value that is about to be replaced must be there before the row says that it was told.
  const tells = version !== '' && of('event').length > 0;
  if (touchesRecord || tells) {
    const intended = await writeRow(intent(write, ready, version), `${ready.token}-intent`, write, ready, parts);
    if (intended === null) return { outcome: 'linkChanged' };
    version = intended;
    await events(lastSeen, once);
    // The draft is emptied only when its rows are there.
    const drafted = await children(of('draft'), once, parts);
    if (drafted) return drafted;
    let done = false;
    for (const operation of of('record', 'close')) {
      const answer = await once(operation);
      if (answer.status >= 400) {
        // Once a part of it is written, the intent is true and stays; so it does when nobody knows whether it is.
        if (answer.unheard) parts.links.forget(write.link.key);
        else if (!done) await withdraw(write, version, ready, parts);
        return verdict(answer);
      }
      done = true;
    }
    const stopped = await children(of('child'), once, parts);
    if (stopped) return stopped;
    // Before the row says that all is done: a line too many is better than one that is missing.
    await events(
      of('event').filter((operation) => !lastSeen.includes(operation)),
      once,
    );
  }
  if (write.archive) {
    // A referral's id stands on one row only: the row gives it up, and says so, before the archive takes it.
    const freed = await writeRow(givesUp(write, ready, version), `${ready.token}-freed`, write, ready, parts);
    if (freed === null) return { outcome: 'linkChanged' };
    version = freed;
    await events(of('archive'), once);
  }
  const final =
    version === write.link.version
      ? rowWrite
      : rowOperation(write, ready, version, { pending: write.link.pending, ...write.set }, ready.token);
  const written = await writeRow(final, ready.token, write, ready, parts);
  if (written === null) return { outcome: 'linkChanged' };
  await events(touchesRecord || tells ? [] : of('event'), once);
  return { outcome: 'committed', link: linkAfter(write.link, write.set, written) };
}

/** Row with what is about to be written to the record, values and step; a new row gets its whole content at once. */
function intent(write: CrmWrite, ready: Ready, version: string): Operation {
  // What an earlier try was about to write may stand on the record already.
  const before = version === '' ? write.set.pending?.crm : write.link.pending.crm;
  const fields = longer(before?.fields ?? {}, Object.entries(write.record?.changes.values ?? {}));
  const shows = Object.entries(write.record?.changes.values ?? {}).flatMap(([name, value]) => {
    const showed = write.record?.before?.values[name as FieldName];
    return Array.isArray(value) && showed !== undefined ? [[name, showed] as const] : [];
  });
  const showed = { ...before?.showed, ...Object.fromEntries(shows) };
  const pending: Pending = {
    ...(version === '' ? (write.set.pending ?? {}) : write.link.pending),
    ...(Object.keys(fields).length === 0
      ? {}
      : { crm: { ...before, fields, ...(Object.keys(showed).length > 0 ? { showed } : {}) } }),
    ...(write.begins ? { begun: write.begins } : {}),
  };
  const set = version === '' ? { ...write.link, ...write.set, shadow: write.link.shadow, pending } : { pending };
  return rowOperation(write, ready, version, set, `${ready.token}-intent`);
}

function givesUp(write: CrmWrite, ready: Ready, version: string): Operation {
  const begun = { step: 'restart', referral: write.archive?.referralId ?? '' } as const;
  const set = { referralId: null, pending: { ...write.link.pending, begun } };
  return rowOperation(write, ready, version, set, `${ready.token}-freed`);
}

function rowOperation(write: CrmWrite, ready: Ready, version: string, set: CrmWrite['set'], token: string): Operation {
  const { environment } = ready.context;
  const { key, claim } = write.link;
  const columns = rowFromLink({ key, set, claim, token, create: version === '' }, environment);
  const entitySet = environment.set('cosell_referral');
  if (version === '') return { method: 'POST', path: entitySet, body: { cosell_referralid: key, ...columns } };
  return { method: 'PATCH', path: rowPath(entitySet, key), headers: { 'If-Match': version }, body: columns };
}

/** The row's new version, or null when somebody else moved it. Its token on the row means that a lost answer was a success. */
async function writeRow(
  operation: Operation,
  token: string,
  write: CrmWrite,
  ready: Ready,
  parts: CommitParts,
): Promise<string | null> {
  const answer = await parts.api.one(operation, 'conditional', write.correlationId);
  if (answer.status >= 400 && answer.status !== 412 && !isMissing(answer))
    throw refusal(answer, 'write of the link row');
  const state = rowState(await parts.api.one(ready.readBack, 'read'));
  return state.token === token ? state.version : null;
}

/** The record was refused for certain: the values are not on their way any more. Best effort, the next run repairs it. */
async function withdraw(write: CrmWrite, version: string, ready: Ready, parts: CommitParts): Promise<void> {
  parts.links.forget(write.link.key);
  if (write.link.version === '') return;
  const token = `${ready.token}-undo`;
  await writeRow(
    rowOperation(write, ready, version, { pending: write.link.pending }, token),
    token,
    write,
    ready,
    parts,
  );
}

/** Rows of our own with ids of their own: sent twice, they are still one. */
async function events(
  operations: readonly Operation[],
  once: (operation: Operation) => Promise<PartAnswer>,
): Promise<void> {
  for (const operation of operations) {
    const answer = await once(operation);
    if (answer.status >= 400 && !isDuplicate(answer)) throw refusal(answer, 'commit, beside the row');
  }
}

/**
 * What is gone already is as wanted, and so is a solution that has a row. That a row of this id is there does not say
 * that it is where it should be: the next look tells, and if it is not, the id is used up.
 */
async function children(
  operations: readonly Operation[],
  once: (operation: Operation) => Promise<PartAnswer>,
  parts: CommitParts,
): Promise<CommitResult | null> {
  for (const operation of operations) {
    const answer = await once(operation);
    const fault = faultOf(answer);
    const asWanted = operation.method === 'POST' ? fault.code === codes.duplicateKey : isMissing(answer);
    if (answer.status < 400 || asWanted) continue;
    if (!answer.unheard) learn(fault, [operation], parts);
    return verdict(answer);
  }
  return null;
}

function isDuplicate(answer: PartAnswer): boolean {
  const { code } = faultOf(answer);
  return answer.status === 412 && (code === codes.duplicateId || code === codes.duplicateKey);
}

function verdict(answer: PartAnswer): CommitResult {
  if (answer.status === 412 || answer.status === 404) return { outcome: 'recordChanged' };
  const error = refusal(answer, 'write of the record');
  if (error.code !== 'CRM_REFUSED' && error.code !== 'CRM_DENIED') throw error;
  return refused(faultOf(answer));
}
