/**
 * The form host: a web server with an Opportunity page that looks and behaves like a model-driven form
 * of Dynamics 365 and runs the production bundles out of the packed managed zip.
 *
 * Test bed, demo and screenshot studio. Passes `/api/data/v9.2/` on to the Dataverse emulator in the
 * name of the chosen person; shows nothing of our solution that is not in the zip.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assemble, type Installed } from './assemble';
import { isRuntime, pageScript, platformScript, runtimes } from './bundles';
import { fontFile, fontSheet } from './fonts';
import type { StartModel } from './model';
import { pageHtml } from './page-html';
import { passOn } from './proxy';

export type { HostModel, StartModel } from './model';

export interface HostPerson {
  /** Id of the systemuser row. */
  readonly id: string;
  readonly name: string;
  /** What the page says about him, such as his role. */
  readonly title?: string;
  /** Value of the session cookie of the Dataverse emulator. */
  readonly cookie?: string;
  /** In place of a cookie: an `Authorization` header, asked for again on each request. */
  readonly authorization?: () => Promise<string> | string;
}

export interface FormHostOptions {
  readonly zip: Uint8Array;
  /** Origin of the Dataverse emulator. */
  readonly dataverseUrl: string;
  /** The first one is signed in unless the page asks for another. */
  readonly people: readonly HostPerson[];
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly clock?: { now(): number };
  /** The page's clock goes on by itself; false for a world whose clock stands still. Default true. */
  readonly clockRuns?: boolean;
  /** Folders of built controls that take the place of packed ones. */
  readonly controlFolders?: readonly string[];
}

export interface FormHost {
  readonly url: string;
  /** Address of a record's page; `query` adds switches such as `lang=1036`. */
  recordUrl(table: string, id?: string, query?: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

interface Site extends FormHostOptions {
  readonly installed: Installed;
}

export async function startFormHost(options: FormHostOptions): Promise<FormHost> {
  if (options.people.length === 0) throw new Error('The form host needs one person at least');
  const site: Site = { ...options, installed: assemble(options.zip, options.controlFolders) };
  const server = createServer((request, response) => {
    answer(site, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`Form host: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    recordUrl: (table, id, query = {}) => {
      const parameters = new URLSearchParams({
        pagetype: 'entityrecord',
        etn: table,
        ...(id === undefined ? {} : { id }),
        ...query,
      });
      return `${url}/main.aspx?${parameters.toString()}`;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
  const path = decodeURIComponent(pathname);
  if (path.startsWith('/api/data/')) return passOn(site, request, response);
  if (request.method !== 'GET') return send(response, 405, 'text/plain', 'GET only');
  if (path === '/' || path === '/main.aspx') {
    const runtime = searchParams.get('runtime') ?? '17-9.46';
    if (!isRuntime(runtime)) {
      return send(
        response,
        400,
        'text/plain',
        `Unknown runtime ${runtime}; there are ${Object.keys(runtimes).join(', ')}`,
      );
    }
    return send(response, 200, 'text/html; charset=utf-8', pageHtml(runtime));
  }
  if (path === '/host/start.json') return send(response, 200, 'application/json', JSON.stringify(startModel(site)));
  if (path === '/host/clock.json') return send(response, 200, 'application/json', JSON.stringify({ now: nowOf(site) }));
  if (path === '/host/page.js') return send(response, 200, 'text/javascript; charset=utf-8', await pageScript());
  if (path === '/host/fonts.css') return send(response, 200, 'text/css; charset=utf-8', fontSheet(), true);
  const runtime = /^\/host\/platform-([\w.-]+)\.js$/.exec(path)?.[1];
  if (runtime !== undefined && isRuntime(runtime)) {
    return send(response, 200, 'text/javascript; charset=utf-8', await platformScript(runtime), true);
  }
  if (path.startsWith('/fonts/')) return sendFile(response, fontFile(path.slice(7)), 'font/woff2');
  return sendFile(response, site.installed.files.get(path.slice(1)), typeOf(path, site));
}

function startModel(site: Site): StartModel {
  return {
    model: site.installed.model,
    people: site.people.map(({ id, name, title }) => ({ id, name, title: title ?? '' })),
    now: nowOf(site),
    clockRuns: site.clockRuns ?? true,
  };
}

function nowOf({ clock }: Site): number {
  return clock?.now() ?? Date.now();
}

const webResourceTypes: Readonly<Record<number, string>> = {
  1: 'text/html; charset=utf-8',
  2: 'text/css',
  3: 'text/javascript; charset=utf-8',
  4: 'text/xml',
  5: 'image/png',
  11: 'image/svg+xml',
  12: 'text/xml',
};

function typeOf(path: string, { installed }: Site): string {
  const resource = /^\/WebResources\/(.+)$/.exec(path)?.[1];
  const type = resource === undefined ? undefined : installed.model.webResources[resource];
  if (type !== undefined) return webResourceTypes[type] ?? 'application/octet-stream';
  if (path.endsWith('.js')) return 'text/javascript; charset=utf-8';
  if (path.endsWith('.css')) return 'text/css';
  return /\.(resx|xml)$/.test(path) ? 'text/xml' : 'application/octet-stream';
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array, keep = false): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': keep ? 'max-age=3600' : 'no-cache' });
  response.end(body);
}

function sendFile(response: ServerResponse, content: Uint8Array | undefined, type: string): void {
  if (!content) return send(response, 404, 'text/plain', 'Not found');
  send(response, 200, type, content, type === 'font/woff2');
}
