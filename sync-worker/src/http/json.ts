/**
 * JSON or a named refusal. Proxies, sign-in pages and gateways answer HTML with status 200; taken
 * for data, that would look like a record without values.
 *
 * No part of a body is ever quoted: it may hold customers' data.
 */
import { SyncError } from '../errors';
import { lostAnswer, safeOf } from './safe';
import type { HttpResponse, Policy } from './types';

/** The body as unknown, to be read by a schema. Rejects what is empty or no JSON with UNEXPECTED_ANSWER. */
export function parseJson(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.body) as unknown;
  } catch {
    throw new SyncError('UNEXPECTED_ANSWER', { status: response.status, detail: describe(response) });
  }
}

/**
 * Refuses pages and redirects where JSON was asked for. Answers of 400 and above pass: their status says enough, and
 * gateways send them without the service's envelope.
 */
export const expectJson: Policy = async (request, next) => {
  const response = await next(request);
  if (response.status >= 300 && response.status < 400 && response.status !== 304) {
    // Never followed: the bearer token would travel along.
    const detail = `redirected to ${originOf(response.headers['location'])}`;
    throw new SyncError('UNEXPECTED_ANSWER', { status: response.status, detail });
  }
  if (request.responseType === 'text' || response.status < 200 || response.status >= 300 || response.body === '')
    return response;

  const once = safeOf(request) === 'once';
  // A broken answer to a create is a lost answer, so here it is worth parsing twice.
  if (isJson(response) && (!once || parses(response.body))) return response;
  if (once) throw lostAnswer(request, describe(response), { status: response.status });
  throw new SyncError('UNEXPECTED_ANSWER', { status: response.status, detail: describe(response) });
};

function isJson(response: HttpResponse): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(response.headers['content-type'] ?? '');
}

function parses(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

function describe(response: HttpResponse): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,60}/.exec(response.headers['content-type'] ?? '')?.[0] ?? 'no content type';
  return `status ${response.status}, ${type}, ${response.body.length} characters that are not the expected JSON`;
}

function originOf(location: string | undefined): string {
  try {
    return new URL(location ?? '').origin;
  } catch {
    return 'an address on the same host';
  }
}
