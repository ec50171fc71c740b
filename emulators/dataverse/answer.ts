/**
 * An answer before it is text: one shape for a plain response and for a part of a batch.
 */
import { DataverseError, NotModelledError } from './errors';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** JSON, unless it is text already. */
  readonly body?: object | string | undefined;
}

/** Microsoft Learn: "Compose HTTP requests and handle errors" (the error envelope). */
export function errorAnswer(error: unknown): Answer {
  if (error instanceof NotModelledError) {
    return failure(501, 'EmulatorNotModelled', `The emulator does not model: ${error.message}`);
  }
  if (!(error instanceof DataverseError)) throw error;
  // 401 comes with an empty body (its form is UNVERIFIED).
  if (error.status === 401) return { status: 401, headers: { ...error.headers } };
  const answer = failure(error.status, error.code, error.message);
  return { ...answer, headers: { ...answer.headers, ...error.headers } };
}

export function failure(status: number, code: string, message: string): Answer {
  return { status, headers: { 'Content-Type': jsonType }, body: { error: { code, message } } };
}

export const jsonType = 'application/json; odata.metadata=minimal';

export const odataHeaders: Readonly<Record<string, string>> = { 'OData-Version': '4.0' };

export function json(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': jsonType, ...odataHeaders, ...headers }, body };
}

export function noContent(headers: Record<string, string> = {}): Answer {
  return { status: 204, headers: { ...odataHeaders, ...headers } };
}

/** `$count` answers are plain text that starts with a byte order mark (Microsoft Learn: "Count rows"). */
export function plain(text: string): Answer {
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...odataHeaders }, body: `\uFEFF${text}` };
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
};

export function reasonOf(status: number): string {
  return reasons[status] ?? 'Unknown';
}
