/**
 * One conditional update, and what its refusal means.
 *
 * The service answers a change of a closed referral, a path that it does not take and a wrong value with much the
 * same 400 (its code for each is not documented), so one read tells them apart. Arrays are replaced whole, so they
 * are made from what the service holds under the very etag that the update is conditional on.
 * Source: Microsoft Learn "Update a referral" (JSON Patch, If-Match, Prefer).
 */
import type { FieldName } from '../../../domain/deal';
import { isTerminal } from '../../../domain/state-machine';
import { isSyncError, SyncError } from '../errors';
import type { HttpResponse } from '../http/types';
import type { Clock, Log, Referral, ReferralChanges } from '../ports';
import { attributeFields, attributesPath } from './attributes';
import { readFailure } from './failures';
import { readReferral } from './read-referral';
import { isSuccess, jsonOf, type Requests } from './requests';
import { patchOf, replacesArrays, triedPaths, type PatchOperation } from './write-changes';

export interface UpdateTools {
  readonly requests: Requests;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Read {
  readonly referral: Referral;
  readonly json: unknown;
}

/** @throws SyncError UNEXPECTED_ANSWER when the answer is not this referral */
export async function readById(requests: Requests, id: string): Promise<Read> {
  const response = await requests.get(id);
  const json = jsonOf(response);
  const referral = readReferral(json, response.headers['etag'] ?? '');
  if (!isSameId(referral.id, id)) throw new SyncError('UNEXPECTED_ANSWER', { detail: 'another referral was answered' });
  return { referral, json };
}

export async function update(
  tools: UpdateTools,
  id: string,
  etag: string,
  changes: ReferralChanges,
): Promise<Referral> {
  const { requests } = tools;
  // Refuses what has no path before anything is read or sent.
  patchOf(changes);
  const before = replacesArrays(changes) ? await readById(requests, id) : undefined;
  if (before && before.referral.etag !== etag) throw changed('it has another version than the one that was read');
  const operations = patchOf(changes, before?.json);
  if (operations.length === 0) return (await readById(requests, id)).referral;
  const response = await requests.patch(id, etag, operations);
  if (isSuccess(response)) return updated(requests, id, response);
  throw await refusalOf(tools, { id, etag, changes, operations }, response);
}

/** The representation that was asked for; a service that does not give it is read once more. */
async function updated(requests: Requests, id: string, response: HttpResponse): Promise<Referral> {
  const referral = readable(response);
  return referral && isSameId(referral.id, id) ? referral : (await readById(requests, id)).referral;
}

function readable(response: HttpResponse): Referral | null {
  try {
    return readReferral(jsonOf(response), response.headers['etag'] ?? '');
  } catch {
    return null;
  }
}

interface Attempt {
  readonly id: string;
  readonly etag: string;
  readonly changes: ReferralChanges;
  readonly operations: readonly PatchOperation[];
}

async function refusalOf(tools: UpdateTools, attempt: Attempt, response: HttpResponse): Promise<SyncError> {
  const { error, refusesPath, saysClosed, saysModified } = readFailure(response, 'update', tools.clock);
  // Hidden, or shown and not to be changed? Only a look tells, and the admin has to mend another thing.
  if (error.code === 'PARTNER_CENTER_DENIED') return hiddenOr(tools, attempt.id, error);
  const isUnclear = [400, 409, 422].includes(response.status) && !saysModified;
  if (!isUnclear || !isSyncError(error, 'REFERRAL_REJECTED', 'REFERRAL_CHANGED')) return error;
  const now = await readById(tools.requests, attempt.id).catch(() => null);
  if (now === null) return saysClosed ? rejected('REFERRAL_CLOSED', error) : error;
  // Somebody was faster: what is true now is for the caller to read, closed or not.
  if (now.referral.etag !== attempt.etag) return changed(error.detail, error);
  if (isTerminal(now.referral.status)) return rejected('REFERRAL_CLOSED', error);
  if (refusesPath) return rejected('FIELD_REFUSED', error, error.field);
  const tried = triedField(attempt, error);
  const rest = tried === undefined ? null : await withoutTried(tools, attempt);
  if (rest === 'written') return rejected('FIELD_REFUSED', error, tried);
  return rejected('REFERRAL_REJECTED', error, error.field, rest === 'unheard');
}

async function hiddenOr({ requests }: UpdateTools, id: string, error: SyncError): Promise<SyncError> {
  const look: unknown = await readById(requests, id).catch((found: unknown) => found);
  return isSyncError(look, 'REFERRAL_NOT_FOUND') ? look : error;
}

/** The undocumented path that may have been refused: there is one, and the service named no field. */
function triedField({ changes, operations }: Attempt, error: SyncError): FieldName | undefined {
  const path = operations.map((operation) => operation.path).find((name) => triedPaths[name] !== undefined);
  if (path === undefined || error.field !== undefined) return undefined;
  const attribute = attributeFields.find((field) => changes.values?.[field] !== undefined);
  return path === attributesPath && attribute !== undefined ? attribute : triedPaths[path];
}

/**
 * Nothing else was sent, or the rest is taken without it. The rest is then written: the caller reads both sides
 * again after FIELD_REFUSED and finds it equal.
 */
async function withoutTried(
  { requests, log }: UpdateTools,
  attempt: Attempt,
): Promise<'written' | 'unheard' | 'refused'> {
  const rest = attempt.operations.filter((operation) => triedPaths[operation.path] === undefined);
  if (rest.length === 0) return 'written';
  const response = await requests.patch(attempt.id, attempt.etag, rest);
  if (isSuccess(response))
    log.info('a path was refused and the rest was written without it', { referralId: attempt.id });
  return isSuccess(response) ? 'written' : response.unheard ? 'unheard' : 'refused';
}

function changed(detail: string, cause?: SyncError): SyncError {
  return new SyncError('REFERRAL_CHANGED', { detail, cause, unheard: cause?.unheard });
}

function rejected(
  code: 'REFERRAL_CLOSED' | 'FIELD_REFUSED' | 'REFERRAL_REJECTED',
  error: SyncError,
  field?: string,
  unheard = false,
): SyncError {
  return new SyncError(code, {
    cause: error,
    detail: error.detail,
    unheard: error.unheard || unheard,
    ...(field === undefined ? {} : { field }),
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  });
}

function isSameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
