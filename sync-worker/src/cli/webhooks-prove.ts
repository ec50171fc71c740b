/**
 * Proves the registration: Partner Center is asked for a test notification and tells, for each of its tries, what the
 * receiver answered. Says of every answer but a good one what to do.
 *
 * Microsoft Learn "Partner Center webhooks": two tests a minute, results kept for seven days, the result names the
 * HTTP status as .NET does. How often and how long it tries is not documented, so there is a limit of our own.
 */
import { isSyncError } from '../errors';
import type { Attempt, Validation } from '../partner-center/registration';
import { Refusal } from './refusals';
import { sameUrl, shownUrl } from './webhook-url';
import { remembered } from './webhooks-desk';
import type { Desk } from './webhooks-desk';

export interface Proof {
  readonly proven: boolean;
  readonly correlationId: string;
  /** As Partner Center calls it; empty when it has not said anything. */
  readonly status: string;
  readonly attempts: readonly Attempt[];
}

/** Asks for one test and waits for its result. Rejects when the registration changed its address meanwhile. */
export async function prove(desk: Desk, url: string, waitMs: number): Promise<Proof> {
  const correlationId = await ask(desk);
  await desk.memory.write({
    ...(await remembered(desk)),
    lastTest: { correlationId, askedOn: new Date(desk.io.clock.now()).toISOString() },
  });
  desk.io.err('Partner Center sends a test notification. Waiting for what the receiver answers ...');
  return watch(desk, { correlationId, url, endsAt: desk.io.clock.monotonic() + waitMs });
}

const rounds = 3;
const minuteMs = 60_000;

async function ask({ client, io }: Desk): Promise<string> {
  for (let round = 1; ; round++) {
    try {
      return await client.startValidation();
    } catch (error) {
      if (round >= rounds || !isSyncError(error, 'THROTTLED', 'OUTCOME_UNKNOWN')) throw error;
      // After a lost answer a test may be under way that we know no id of: one more does no harm.
      if (error.code === 'OUTCOME_UNKNOWN') continue;
      const wait = Math.min(error.retryAfterMs ?? minuteMs, 2 * minuteMs);
      io.err(`Partner Center allows two tests a minute. The next one goes out in ${Math.ceil(wait / 1000)} s.`);
      await io.clock.sleep(wait);
    }
  }
}

interface Watch {
  readonly correlationId: string;
  readonly url: string;
  /** By the monotonic clock. */
  readonly endsAt: number;
}

const firstPollMs = 2000;
const laterPollMs = 5000;

async function watch(desk: Desk, { correlationId, url, endsAt }: Watch): Promise<Proof> {
  const { io } = desk;
  let told = 0;
  for (let poll = 0; ; poll++) {
    const seen = await look(desk, correlationId);
    if (seen?.callbackUrl && !sameUrl(seen.callbackUrl, url)) {
      throw new Refusal('WEBHOOK_CHANGED_MEANWHILE', { detail: `the test went to ${shownUrl(seen.callbackUrl)}` });
    }
    const attempts = seen?.attempts ?? [];
    for (const attempt of attempts.slice(told)) io.err(describeAttempt(attempt));
    told = Math.max(told, attempts.length);
    const proven = attempts.some(isGood);
    const over = /^completed$/i.test(seen?.status ?? '') || io.clock.monotonic() >= endsAt;
    if (proven || over) return { proven, correlationId, status: seen?.status ?? '', attempts };
    await io.clock.sleep(poll < 10 ? firstPollMs : laterPollMs);
  }
}

/** Null while there is nothing to see: a test that was just asked for may not be known at once. */
async function look({ client }: Desk, correlationId: string): Promise<Validation | null> {
  try {
    return await client.validation(correlationId);
  } catch (error) {
    if (isSyncError(error, 'THROTTLED', 'SERVICE_UNAVAILABLE', 'NETWORK_FAILED')) return null;
    throw error;
  }
}

/** 2xx. Whether each of them counts as delivered is not documented; OK does. */
export function isGood({ response }: Attempt): boolean {
  return /^(?:OK|Created|Accepted|NoContent|20\d)$/i.test(response);
}

export function describeAttempt(attempt: Attempt): string {
  const at = attempt.at ? `${attempt.at} ` : '';
  const said = `  ${at}${attempt.response}${attempt.message ? ` (${attempt.message})` : ''}`;
  return isGood(attempt) ? said : `${said}\n    ${adviceFor(attempt)}`;
}

const advice: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:Unauthorized|401)$/i,
    'The receiver did not believe the signature, or something before it asked for a sign-in. Look at the delivery outcomes on the status page; check COSELL_WEBHOOK_CERTIFICATE_HOSTS, and that App Service authentication lets /webhooks/ through.',
  ],
  [
    /^(?:Forbidden|403)$/i,
    'Something before the receiver refuses it: access restrictions of the App Service, a firewall, a gateway.',
  ],
  [
    /^(?:NotFound|404)$/i,
    'Nothing listens there: check the path of --url, and that the site (web.js) is deployed beside the WebJob.',
  ],
  [/^(?:MethodNotAllowed|405)$/i, 'Something else than the web half answers there: check --url.'],
  [
    /^(?:Redirect|Found|Moved|MovedPermanently|TemporaryRedirect|PermanentRedirect|30\d)$/i,
    'The address leads elsewhere. Register the address that it leads to.',
  ],
  [/^(?:BadRequest|400)$/i, 'The receiver could not read the notification. Check that no gateway changes the body.'],
  [
    /^(?:RequestEntityTooLarge|413|UnsupportedMediaType|415)$/i,
    'Something before the receiver changes the request. Check the gateway.',
  ],
  [/^(?:TooManyRequests|429)$/i, 'The receiver is flooded: look at the status page, then test again.'],
  [
    /^(?:ServiceUnavailable|503)$/i,
    'The site is starting, or its shared folder is full or cannot be written: look at /health/ready.',
  ],
  [
    /^(?:InternalServerError|500|BadGateway|502)$/i,
    'The site fails: look at its log stream, and that it runs Node.js 20 or newer.',
  ],
  [
    /^(?:GatewayTimeout|504|RequestTimeout|408|Timeout)$/i,
    'The site answers too late. Switch on Always On, so that it need not start for each notification.',
  ],
];

function adviceFor({ response, systemError }: Attempt): string {
  const found = advice.find(([name]) => name.test(response))?.[1];
  if (found) return found;
  return systemError
    ? 'Partner Center did not reach the address: check its name in public DNS, its certificate, and that the internet may reach it.'
    : 'Open the address from outside your network and look at the log of the site.';
}
