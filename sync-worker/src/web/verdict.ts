/**
 * Is it well? One sentence for the operator and, where it is not, what to do.
 *
 * Pure: from the worker's status and the time to a list of what is wrong, the worst first. Bounds are generous: a page
 * that cries wolf is soon not read.
 */
import type { SignInStatus, WorkerStatus } from '../ports';
import { textOfCode } from './code-text';

export type Level = 'well' | 'look' | 'bad';

export interface Remark {
  readonly level: Level;
  readonly text: string;
  readonly advice: string;
}

/** A worker writes every five seconds. */
export const staleAfterMs = 60_000;
/** Longer than a worker that waits for a sign-in, or its host, lets pass until the next try, which is told again. */
const triesAgainMs = 40 * 60_000;
/** Polls come every ten to twenty seconds; a service is away now and then for a minute. */
const lateFeedSeconds = 5 * 60;
const deadFeedSeconds = 60 * 60;

/** Everything worth a remark, the worst first; empty: all is well. */
export function remarksOn(status: WorkerStatus | null, now: number): readonly Remark[] {
  if (status === null)
    return [
      bad(
        'No worker has reported here yet.',
        'Start the worker (the WebJob cosell-sync) and check that COSELL_CONNECTION and COSELL_SHARED_FOLDER are the same for both.',
      ),
    ];
  const silentMs = now - Date.parse(status.writtenOn);
  const life = lifeOf(status, silentMs);
  // What a silent worker said last about its feeds is no news.
  const rest =
    life?.level === 'bad' ? [signIn(status.signIn)] : [...feeds(status), signIn(status.signIn), throttled(status, now)];
  const order: readonly Level[] = ['bad', 'look', 'well'];
  return [life, ...rest].filter((one) => one !== null).sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function lifeOf(status: WorkerStatus, silentMs: number): Remark | null {
  const why = status.failureCode === undefined ? '' : ` ${textOfCode(status.failureCode).text}`;
  if (status.state === 'failed' && silentMs > triesAgainMs)
    return bad(
      `The worker ended ${span(silentMs / 1000)} ago: ${status.failureCode ?? 'for an unknown reason'}.`,
      `${why.trim()} Nothing has tried again since: see whether its host runs the WebJob cosell-sync, and its log.`.trim(),
    );
  // Not its end: it looks for a new sign-in and begins anew.
  if (status.state === 'failed' && status.failureCode === 'PARTNER_CENTER_SIGN_IN')
    return bad(
      'The worker waits for a sign-in to Partner Center.',
      'Run cosell signin as the Referrals admin user, with multi-factor authentication. The worker takes it by itself within a minute; changes wait on both sides.',
    );
  if (status.state === 'failed')
    return bad(
      `The worker has ended: ${status.failureCode ?? 'for an unknown reason'}.`,
      `${why.trim() || 'The last line of its log says why.'} Its host starts it again by itself.`,
    );
  if (status.state === 'stopped')
    return bad(
      'The worker was stopped.',
      'Start the WebJob cosell-sync again. Nothing is lost: it goes on where it left off.',
    );
  if (silentMs > staleAfterMs)
    return bad(
      `The worker has said nothing for ${span(silentMs / 1000)}.`,
      'See the log of the WebJob cosell-sync and start it again if it does not run. Nothing is lost: it goes on where it left off.',
    );
  if (status.state === 'starting' && status.failureCode !== undefined)
    return bad(`The worker cannot start: ${status.failureCode}.`, `${why.trim()} It tries again by itself.`);
  if (status.state === 'starting')
    return look('The worker is starting.', 'Nothing to do. It loads the links and then looks at both sides.');
  if (status.state === 'waiting for the lease')
    return look(
      'This worker waits: another one holds the lease of the connection.',
      'Nothing to do if a second worker is meant to run. After a crash it takes over within three minutes.',
    );
  if (status.state === 'paused')
    return look(
      'Syncing is paused.',
      'It was paused by the environment variable in the CRM. Changes wait on both sides and follow when it is switched on again.',
    );
  return null;
}

const sides = { crm: 'the CRM', partnerCenter: 'Partner Center' } as const;

function feeds({ feeds: all, state }: WorkerStatus): (Remark | null)[] {
  if (state === 'paused' || state === 'waiting for the lease') return [];
  return (['crm', 'partnerCenter'] as const).map((side) => {
    const { failures, watermarkAgeSeconds: age } = all[side];
    if (failures >= 3)
      return (age ?? 0) > deadFeedSeconds
        ? bad(
            `${capital(sides[side])} has not answered for ${span(age ?? 0)}.`,
            'See the log for the reason. Changes are kept on both sides and follow when it answers.',
          )
        : look(
            `${capital(sides[side])} does not answer (${failures} times in a row).`,
            'It is asked again by itself. See the log if it stays.',
          );
    if (age !== null && age > lateFeedSeconds)
      return look(
        `Changes from ${sides[side]} are done only up to ${span(age)} ago.`,
        'There is a backlog, or a deal fails again and again: see the queue below and the log.',
      );
    return null;
  });
}

/** Days below which it is said, and below which it is an alarm. */
export const signInWarnDays = 30;
export const signInAlarmDays = 10;

export function signIn(life: SignInStatus | null): Remark | null {
  const days = life?.daysLeft ?? null;
  if (days === null || days >= signInWarnDays) return null;
  const advice =
    'Run cosell signin as the Referrals admin user, with multi-factor authentication. A running worker takes the new sign-in by itself.';
  if (days < 0) return bad('The Partner Center sign-in has ended.', advice);
  const text = `The Partner Center sign-in ends in ${days === 1 ? '1 day' : `${days} days`}.`;
  return days < signInAlarmDays ? bad(text, advice) : look(text, advice);
}

function throttled({ throttling }: WorkerStatus, now: number): Remark | null {
  const waiting = (['dataverse', 'partnerCenter'] as const).filter(
    (side) => Date.parse(throttling[side].waitingUntil ?? '') > now,
  );
  if (waiting.length === 0) return null;
  const names = waiting.map((side) => (side === 'dataverse' ? 'Dataverse' : 'Partner Center')).join(' and ');
  return look(
    `${names} asked for a pause.`,
    'Nothing to do. The worker waits as long as it was told and sends fewer requests at once.',
  );
}

function bad(text: string, advice: string): Remark {
  return { level: 'bad', text, advice };
}

function look(text: string, advice: string): Remark {
  return { level: 'look', text, advice };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** '40 seconds', '5 minutes', '3 hours', '2 days'. */
export function span(seconds: number): string {
  const steps = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const;
  const step = steps.find(([size]) => seconds >= size * 2) ?? ([1, 'second'] as const);
  const count = Math.max(0, Math.floor(seconds / step[0]));
  return `${count} ${step[1]}${count === 1 ? '' : 's'}`;
}
