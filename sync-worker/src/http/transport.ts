/**
 * axios as a plain wire: every status is an answer, bodies stay texts, nothing is followed, kept or
 * retried. All behaviour is in the policies, where it can be read in order.
 *
 * Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY (https goes through the proxy's CONNECT, so
 * it never sees the token), an extra root certificate from NODE_EXTRA_CA_CERTS: both by themselves.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { AxiosHeaders } from 'axios';
import { abortError } from '../clock';
import { isSyncError, SyncError } from '../errors';
import { scrub } from '../scrub';
import { lostAnswer, safeOf } from './safe';
import type { HttpRequest, HttpResponse, Send } from './types';

/** Fewer than the services' own idle limits, so that a kept connection is rarely one that they just closed. */
const kept = { keepAlive: true, keepAliveMsecs: 15_000, timeout: 60_000, scheduling: 'lifo' } as const;

export interface TransportOptions {
  /** Largest answer in bytes. Default 256 MB: a full page of 5,000 Dataverse rows is far below. */
  readonly maxAnswerBytes?: number;
}

export function createTransport(options: TransportOptions = {}): Send {
  const keptAgents = { httpAgent: new HttpAgent(kept), httpsAgent: new HttpsAgent(kept) };
  // A create on a connection that the service is just closing has an unknown outcome and costs the deal minutes of
  // quarantine. A connection of its own costs one handshake.
  const freshAgents = {
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
  };
  const client = axios.create({
    adapter: 'http',
    maxRedirects: 0,
    maxBodyLength: Infinity,
    maxContentLength: options.maxAnswerBytes ?? 256 * 1024 * 1024,
    responseType: 'text',
    validateStatus: () => true,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });

  return async (request) => {
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.url,
        headers: { 'User-Agent': 'cosell-connector', 'Content-Type': false, ...request.headers },
        ...(request.body === undefined ? {} : { data: request.body }),
        ...(request.signal ? { signal: request.signal } : {}),
        ...(safeOf(request) === 'once' ? freshAgents : keptAgents),
        // Loopback is an emulator or a managed identity's endpoint; a proxy cannot reach either.
        ...(isLoopback(request.url) ? { proxy: false as const } : {}),
      });
      if (response.status === 407) throw new SyncError('NETWORK_FAILED', { detail: 'the proxy wants a sign-in' });
      if (isOfProxy(request.url, response.request)) {
        const detail = `the proxy answered ${response.status} and opened no tunnel to ${hostOf(request.url)}`;
        throw new SyncError('NETWORK_FAILED', { detail });
      }
      return { status: response.status, headers: plainHeaders(response.headers), body: response.data ?? '' };
    } catch (error) {
      if (isSyncError(error)) throw error;
      throw failure(request, error);
    }
  };
}

/**
 * A proxy that opens no tunnel answers CONNECT with a page of its own, and the agent hands that on as if the service had
 * said it. It did not come by TLS.
 */
function isOfProxy(url: string, asked: unknown): boolean {
  const { socket } = (asked ?? {}) as { socket?: { readonly encrypted?: boolean } | null };
  return /^https:/i.test(url) && socket !== null && socket !== undefined && socket.encrypted !== true;
}

export function isLoopback(url: string): boolean {
  try {
    return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
  } catch {
    return false;
  }
}

function plainHeaders(headers: unknown): HttpResponse['headers'] {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(
    AxiosHeaders.from(headers as Parameters<typeof AxiosHeaders.from>[0]).toJSON(),
  )) {
    if (value !== null && value !== undefined)
      plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return plain;
}

/** System calls that come before the first byte of a request: what fails there was never sent. */
const beforeSending = new Set(['connect', 'getaddrinfo']);
/** The handshake failed on the service's certificate: not a byte of the request left. */
const badCertificate = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

function failure(request: HttpRequest, error: unknown): Error {
  // The cause is rebuilt: an axios error carries the whole request, with its token.
  const root = rootsOf(error)[0] ?? {};
  const detail = [root.code ?? '', hostOf(request.url)].filter(Boolean).join(', ');
  const cause = new Error(scrub(root.message ?? 'unknown'));
  if (axios.isCancel(error) && safeOf(request) !== 'once') return abortError();
  if (safeOf(request) !== 'once' && /^maxContentLength/.test(root.message ?? '')) {
    return new SyncError('UNEXPECTED_ANSWER', { detail: `the answer is too large, ${detail}`, cause });
  }
  return neverSent(error) ? new SyncError('NETWORK_FAILED', { detail, cause }) : lostAnswer(request, detail, { cause });
}

interface Root {
  readonly code?: string;
  readonly syscall?: string;
  readonly message?: string;
}

/**
 * axios wraps the system's error, and Node wraps one error per address that it tried to connect to. Looked at by
 * shape: an error of another realm (a test's, a plug-in's) is no instance of our Error.
 */
function rootsOf(error: unknown): readonly Root[] {
  if (typeof error !== 'object' || error === null) return [];
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap(rootsOf);
  return typeof cause === 'object' && cause !== null ? rootsOf(cause) : [error as Root];
}

function neverSent(error: unknown): boolean {
  const roots = rootsOf(error);
  return (
    roots.length > 0 &&
    roots.every((root) => beforeSending.has(root.syscall ?? '') || badCertificate.test(root.code ?? ''))
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '';
  }
}
