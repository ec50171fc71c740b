/**
 * Waits on this machine for the one redirect that ends a sign-in by browser (RFC 8252, loopback interface redirection).
 *
 * Listens on 127.0.0.1 only, answers nothing but the redirect that carries our state, and is gone afterwards. A request
 * with another state is told off and otherwise ignored: any web page can make the browser send one.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  /** http://localhost:<port>: Entra compares it as text with what is registered, and registers localhost by that name. */
  readonly redirectUri: string;
  /** What came with the redirect: `code`, or `error` and `error_description`. */
  readonly redirect: Promise<URLSearchParams>;
  close(): Promise<void>;
}

/** Rejects with the system's error (EADDRINUSE, EACCES) when the port is not to be had. @param port 0: any. */
export async function listenForRedirect(port: number, state: string): Promise<Loopback> {
  let arrived: (query: URLSearchParams) => void = () => undefined;
  const redirect = new Promise<URLSearchParams>((resolve) => (arrived = resolve));
  const server = createServer((request, response) => {
    const query = redirectOf(request, actual());
    if (query === null) return page(response, 404, 'Not found', 'There is nothing here.');
    if (!sameText(query.get('state') ?? '', state)) {
      return page(
        response,
        400,
        'Not this sign-in',
        'This page belongs to no sign-in that is under way. Start with the address that the console shows.',
      );
    }
    if (!query.has('code') && !query.has('error'))
      return page(response, 400, 'Nothing to take', 'The sign-in page sent no answer.');
    const failed = query.has('error');
    // Whoever takes the answer closes the server, and the page must be out by then.
    response.once('close', () => arrived(query));
    page(
      response,
      200,
      failed ? 'Not signed in' : 'Almost done',
      `The console says ${failed ? 'why' : 'whether it worked'}. You can close this window.`,
    );
  });
  const actual = (): number => (server.address() as AddressInfo).port;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    redirectUri: `http://localhost:${actual()}`,
    redirect,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // All of them: a browser opens connections in advance, and one on which nothing ever came does not count as idle.
        server.closeAllConnections();
      }),
  };
}

/** Null for everything but GET / under our own name: a foreign Host is a page that had its name point here. */
function redirectOf(request: IncomingMessage, port: number): URLSearchParams | null {
  const host = request.headers.host ?? '';
  if (request.method !== 'GET' || (host !== `localhost:${port}` && host !== `127.0.0.1:${port}`)) return null;
  const url = URL.canParse(request.url ?? '', 'http://localhost')
    ? new URL(request.url ?? '', 'http://localhost')
    : null;
  return url?.pathname === '/' ? url.searchParams : null;
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Fixed texts only: nothing of the request comes back. */
function page(response: ServerResponse, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    // The connection would otherwise keep the server, and with it the command, alive.
    connection: 'close',
  });
  response.end(`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`);
}
