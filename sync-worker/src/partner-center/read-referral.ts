/**
 * One referral out of the wire's JSON.
 *
 * Pure and tolerant: unknown members are ignored, unknown enum texts kept, every optional member may be absent
 * or null. Only what a referral cannot be without is insisted on, since a proxy's or an error's JSON must not be
 * taken for an empty deal. Source: Microsoft Learn "Referral resources"; real payloads.
 */
import { SyncError } from '../errors';
import type { Referral } from '../ports';
import { readValues } from './read-values';
import { at, isObject, member, rawTextOf, textOf, textOrNull } from './wire';

/**
 * @param fallbackEtag the answer's ETag header, for a body that does not carry its eTag
 * @throws SyncError UNEXPECTED_ANSWER when it is no referral: no object, or without id, engagement id or eTag
 */
export function readReferral(json: unknown, fallbackEtag = ''): Referral {
  if (!isObject(json)) throw notAReferral('it is no object');
  const id = needed(json, 'id');
  const etag = rawTextOf(member(json, 'eTag')) || rawTextOf(member(json, '@odata.etag')) || fallbackEtag;
  if (etag === '') throw notAReferral('it has no eTag');
  return {
    id,
    engagementId: needed(json, 'engagementId'),
    etag,
    organizationId: textOf(member(json, 'organizationId')),
    organizationName: textOf(member(json, 'organizationName')),
    status: textOf(member(json, 'status')),
    substatus: textOf(member(json, 'substatus')),
    statusReason: textOf(member(json, 'statusReason')),
    type: textOf(member(json, 'type')),
    qualification: textOf(member(json, 'qualification')),
    invitedBy: textOrNull(at(json, 'inviteContext', 'invitedBy', 'organizationId')),
    mpnId: textOf(member(json, 'mpnId')),
    ...readDates(json),
    microsoftCrmId: textOf(at(json, 'trackingInfo', 'microsoftMsxId')),
    invitationNotes: textOf(at(json, 'inviteContext', 'notes')),
    values: readValues(json),
  };
}

type Dates = Pick<Referral, 'createdOn' | 'updatedOn' | 'expiresOn' | 'acceptedOn' | 'closedOn'>;

/** Raw texts: the seventh fraction digit decides the order of two changes and a Date keeps three. */
function readDates(json: unknown): Dates {
  const text = (name: string): string => rawTextOf(member(json, name)).trim();
  return {
    createdOn: text('createdDateTime'),
    updatedOn: text('updatedDateTime'),
    expiresOn: text('expirationDateTime') || null,
    acceptedOn: text('acceptedDateTime') || null,
    closedOn: text('closedDateTime') || null,
  };
}

function needed(json: unknown, name: string): string {
  const text = rawTextOf(member(json, name)).trim();
  if (text === '') throw notAReferral(`it has no ${name}`);
  return text;
}

function notAReferral(why: string): SyncError {
  return new SyncError('UNEXPECTED_ANSWER', { detail: `an answer is no referral: ${why}` });
}
