/**
 * Tells the owner of a deal in his app that it came in, newly needs him, or is about to expire (rule B5).
 *
 * What is to be told is written on the row together with what it is about, and sent afterwards under an id that was
 * fixed then: a worker that dies in between is followed by one that sends it, and nobody is told twice. The platform's
 * table of notifications is an elastic one, which takes no part in change sets (Microsoft Learn: "Elastic tables"), so
 * it cannot be written together with the row. That notifications are refused never holds up a deal.
 */
import type { Context } from './context';
import { childIdOf } from './ids';
import type { CrmSettings, CrmWrite, Link, Note, Notification, Shadow } from './ports';
import { dayIn, say, type MessageKey } from './words';

/** Days before a deal on hold expires. */
const reminderDays = [7, 3, 1] as const;
const dayMs = 24 * 60 * 60_000;
/** After this somebody else looks whether a notification was sent. */
const resendMs = 60_000;

/**
 * The write with what its owner is to be told about it.
 *
 * @param now ISO UTC of the CRM's clock
 */
export function withNotes(write: CrmWrite, settings: CrmSettings, now: string, token: () => string): CrmWrite {
  const { link, set } = write;
  const shadow = set.shadow ?? link.shadow;
  const state = set.state ?? link.state;
  const waiting = shadow.outbox?.notes ?? [];
  const record = set.record === undefined ? link.record : set.record;
  if (!settings.notifyOwner || record === null) return write;
  const threshold = state === 'onHold' ? reminderAt(shadow, now) : null;
  const causes: Note['cause'][] = [];
  if (write.create && state !== 'needsAttention') causes.push('received');
  else if (state === 'needsAttention' && link.state !== 'needsAttention') causes.push('attention');
  else if (threshold !== null) causes.push('expiring');
  const notes = [...waiting, ...causes.map((cause) => ({ cause, id: childIdOf(link.key, `note ${token()}`) }))];
  const told: Shadow = threshold === null ? shadow : { ...shadow, reminded: threshold };
  const due = dueAfter(write, told, state, now);
  if (notes.length === 0) {
    const unmoved = set.due === undefined && due === link.due;
    return { ...write, set: { ...set, ...(told === shadow ? {} : { shadow: told }), ...(unmoved ? {} : { due }) } };
  }
  const soon = instantAfter(now, resendMs);
  return {
    ...write,
    set: { ...set, shadow: { ...told, outbox: { notes, due } }, due: due && due < soon ? due : soon },
  };
}

/** When the row is due once everything is told: as the step says, else as it was, else when the next reminder comes. */
function dueAfter({ link, set }: CrmWrite, shadow: Shadow, state: string, now: string): string | null {
  // What waits in the outbox has made the row due before its time.
  const before = link.shadow.outbox ? link.shadow.outbox.due : link.due;
  const due = set.due === undefined ? before : set.due;
  return due === null && state === 'onHold' ? nextReminder(shadow, now) : due;
}

/** The reminder that is due and has not been sent: the smallest number of days that is not below what is left. */
function reminderAt({ shown, reminded }: Shadow, now: string): number | null {
  const left = (Date.parse(shown?.expiresOn ?? '') - Date.parse(now)) / dayMs;
  if (Number.isNaN(left) || left < 0) return null;
  const threshold = [...reminderDays].reverse().find((days) => left <= days);
  return threshold !== undefined && threshold < (reminded ?? Infinity) ? threshold : null;
}

function nextReminder({ shown, reminded }: Shadow, now: string): string | null {
  const expires = Date.parse(shown?.expiresOn ?? '');
  const next = reminderDays.find((days) => days < (reminded ?? Infinity) && expires - days * dayMs > Date.parse(now));
  return next === undefined ? null : new Date(expires - next * dayMs).toISOString();
}

/**
 * Sends what the row says is to be told, and takes it off the row. Resolves to the row as it then is.
 *
 * Never rejects: what could not be sent stays on the row, which is due.
 */
export async function deliver(ctx: Context, link: Link): Promise<Link> {
  const { outbox, ...shadow } = link.shadow;
  if (!outbox) return link;
  try {
    if (link.record && ctx.settings.notifyOwner) {
      await ctx.crm.notify(
        link.record,
        outbox.notes.map((note) => notificationOf(note, link, ctx.settings.language)),
      );
    }
    const result = await ctx.crm.commit({
      link,
      set: { shadow, due: outbox.due },
      events: [],
      correlationId: ctx.token(),
    });
    if (result.outcome !== 'committed') return link;
    ctx.index.putLink(result.link);
    ctx.seenRows.set(result.link.key, result.link.version);
    return result.link;
  } catch (error) {
    ctx.log.warn('a notification could not be sent; it is tried again', {
      key: link.key,
      name: error instanceof Error ? error.name : 'unknown',
    });
    return link;
  }
}

/** In the words of the organization's language; the message's first line is enough to know what it is about. */
function notificationOf({ id, cause }: Note, link: Link, language: number): Notification {
  const { shown } = link.shadow;
  const params = {
    name: link.name,
    message: (shown?.syncMessage ?? '').split('\n')[0] ?? '',
    expires: dayIn(language, shown?.expiresOn),
  };
  const keys = {
    received: [
      'notify_RECEIVED_title',
      link.state === 'onHold' && params.expires ? 'notify_HOLD_body' : 'notify_RECEIVED_body',
    ],
    attention: ['notify_ATTENTION_title', 'notify_ATTENTION_body'],
    expiring: ['notify_EXPIRING_title', 'notify_EXPIRING_body'],
  } as const satisfies Record<Note['cause'], readonly [MessageKey, MessageKey]>;
  const [title, body] = keys[cause];
  return {
    id,
    title: say(language, title),
    body: say(language, body, params),
    action: say(language, 'notify_open'),
    urgent: cause !== 'received',
  };
}

function instantAfter(now: string, inMs: number): string {
  return new Date(Date.parse(now) + inMs).toISOString();
}
