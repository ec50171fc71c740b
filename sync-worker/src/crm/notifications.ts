/**
 * In-app notifications: rows of the platform's table appnotification, one for the record's owner.
 *
 * Sources: Microsoft Learn "Send in-app notifications within model-driven apps" (columns, choices, form of the action,
 * single users only) and "Notification (appnotification) table/entity reference" (lengths). Where the environment
 * refuses the table, it is asked again an hour later and said once. The answer to an id that exists is UNVERIFIED on
 * elastic tables; 409 and 412 both count as "is there".
 */
import type { Clock, Log, Notification, RecordRef } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { faultOf, isMissing, jsonOf, printedCode, refusal } from './failures';
import { bounded } from './link-row';
import { lookupOf, query, rowPath } from './odata';

const table = 'appnotification';
const room = { title: 100, body: 500 } as const;
const icons = { info: 100000000, warning: 100000003 } as const;
const shortly = 200000000;
const againMs = 60 * 60_000;

export interface NotifierParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly clock: Clock;
  readonly log: Log;
}

export type Notifier = (ref: RecordRef, notifications: readonly Notification[]) => Promise<void>;

export function createNotifier({ batcher, environment: facts, clock, log }: NotifierParts): Notifier {
  let offUntil = -Infinity;
  let said = false;

  const off = (code: string): void => {
    offUntil = clock.monotonic() + againMs;
    if (!said) log.warn('finding', { code: 'notificationsOff', reason: code });
    said = true;
  };

  return async (ref, notifications) => {
    if (clock.monotonic() < offUntil) return;
    const environment = await facts();
    if (!environment.hasTable(table)) return off('no table');
    const owner = await ownerOf(ref, environment, batcher);
    // Teams cannot be notified, and our own user reads nothing.
    if (owner === null || owner === environment.userId) return;
    for (const notification of notifications) {
      const answer = await batcher.repeatable({
        method: 'POST',
        path: environment.set(table),
        body: rowOf(notification, ref, rowPath(environment.set('systemuser'), owner)),
      });
      const there = answer.status === 409 || answer.status === 412;
      if (answer.status === 403 || answer.status === 404 || answer.status === 501) {
        return off(printedCode(faultOf(answer).code) || `HTTP ${answer.status}`);
      }
      if (answer.status >= 400 && !there) throw refusal(answer, 'notification');
    }
    said = false;
  };
}

/** Id of the user who owns the record; null for a team, or a record that is gone. */
async function ownerOf(ref: RecordRef, environment: Environment, batcher: Batcher): Promise<string | null> {
  const path = `${rowPath(environment.set(ref.type), ref.id)}${query({ select: '_owninguser_value' })}`;
  const answer = await batcher.read({ method: 'GET', path });
  if (isMissing(answer)) return null;
  return lookupOf(jsonOf(answer, `owner of ${ref.type}`), 'owninguser') || null;
}

function rowOf(notification: Notification, ref: RecordRef, owner: string): Record<string, unknown> {
  const url = `?pagetype=entityrecord&etn=${ref.type}&id=${ref.id}`;
  return {
    appnotificationid: notification.id,
    title: bounded(notification.title, room.title),
    body: bounded(notification.body, room.body),
    icontype: notification.urgent ? icons.warning : icons.info,
    toasttype: shortly,
    data: JSON.stringify({ actions: [{ title: notification.action, data: { url, navigationTarget: 'inline' } }] }),
    'ownerid@odata.bind': owner,
  };
}
