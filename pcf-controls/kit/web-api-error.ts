/**
 * What `context.webAPI` rejects with, in the user's words.
 *
 * The raw message never reaches the screen: it is in the language of the server, names tables by their logical names
 * and may hold values of records. Source of the shape: Microsoft Learn, Xrm.WebApi (`errorCode` as a number, `message`);
 * of the codes: Microsoft Learn, "Web service error codes", "Service protection API limits" and "Conditional
 * operations using the Web API". UNVERIFIED: whether a lost connection always comes without `errorCode`.
 */
import { stringsOf } from './strings';
import type { HasResources } from './strings';

export type WebApiProblem =
  'forbidden' | 'gone' | 'changed' | 'duplicate' | 'busy' | 'server' | 'offline' | 'network' | 'refused';

export interface WebApiError {
  readonly problem: WebApiProblem;
  /** In the user's language, says what he can do. */
  readonly message: string;
  /** Whether the same request may succeed when simply sent again. */
  readonly retryable: boolean;
}

/** The part of the context that is needed. */
export interface ErrorContext extends HasResources {
  readonly client: { isOffline(): boolean; isNetworkAvailable(): boolean };
}

const retryable: ReadonlySet<WebApiProblem> = new Set(['changed', 'busy', 'server', 'offline', 'network']);

/** Last five digits of the codes, which all begin with 0x800. As text, because a table of numbers is twice as long. */
const codes: Readonly<Partial<Record<WebApiProblem, string>>> = {
  forbidden: '40220 40231 48306 72560 42f09 4f504 4f507 4f508',
  gone: '40217 60891',
  changed: '60882',
  duplicate: '40237 60892',
  busy: '72321 72322 72326',
  server: '40216 44150 44151 4418d',
};

const statuses: Readonly<Record<number, WebApiProblem>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'gone',
  412: 'changed',
  429: 'busy',
};

export function webApiError(error: unknown, context: ErrorContext): WebApiError {
  const problem = problemOf(error, context.client);
  return { problem, message: stringsOf(context)(`kit_error_${problem}`), retryable: retryable.has(problem) };
}

function problemOf(error: unknown, client: ErrorContext['client']): WebApiProblem {
  const { errorCode, code, status, statusCode } = Object(error) as Readonly<Record<string, unknown>>;
  // As 32 bits without sign: -2147220960, 2147746336 and "0x80040220" are all the same.
  const digits = (Number(errorCode ?? code) >>> 0).toString(16);
  const known = (Object.keys(codes) as WebApiProblem[]).find(
    (problem) => digits.startsWith('800') && codes[problem]?.includes(digits.slice(3)),
  );
  // Without a code of its own the HTTP status may stand in the code's place.
  const answered = Number(status ?? statusCode ?? errorCode);
  if (known) return known;
  if (answered > 0 && answered < 600) return statuses[answered] ?? (answered < 500 ? 'refused' : 'server');
  if (client.isOffline() || !client.isNetworkAvailable()) return 'offline';
  // fetch rejects with a TypeError when no answer came at all.
  return error instanceof TypeError ? 'network' : 'refused';
}
