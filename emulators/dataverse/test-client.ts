/**
 * A plain HTTP client and a started emulator for this folder's tests. Adds nothing to requests but
 * the token and the content type, so that tests say exactly what is on the wire.
 */
import { request } from 'node:http';
import { EmulatorClock } from '../kit/clock';
import { FaultPlan } from '../kit/faults';
import { Journal } from '../kit/journal';
import { fixtureSolution } from './fixture-solution';
import {
  defaultApplicationId,
  seedSales,
  startDataverse,
  type DataverseEmulator,
  type DataverseOptions,
  type SalesSeed,
} from './index';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body as JSON; empty object when there is none. */
  readonly json: Record<string, unknown> & {
    value?: Record<string, unknown>[];
    error?: { code: string; message: string };
  };
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Signed in by cookie as a browser is, in place of the application's token. */
  readonly session?: string;
}

export interface TestOrganization {
  readonly dataverse: DataverseEmulator;
  readonly clock: EmulatorClock;
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly seed: SalesSeed;
  /** Path below the API's root, or an absolute URL. */
  ask(method: string, path: string, ask?: Ask): Promise<Reply>;
}

export const startAt = '2026-03-02T08:00:00Z';

export async function startTestOrganization(
  switches: DataverseOptions['switches'] = {},
  solution: Uint8Array = fixtureSolution(),
): Promise<TestOrganization> {
  const clock = new EmulatorClock(startAt);
  const faults = new FaultPlan();
  const journal = new Journal();
  const authenticate: DataverseOptions['authenticate'] = (bearer) => {
    if (bearer === 'good') return { applicationId: defaultApplicationId };
    return bearer === 'stranger'
      ? { applicationId: '99999999-0000-4000-8000-000000000000' }
      : { refuse: 'unknown token' };
  };
  const dataverse = await startDataverse({ clock, journal, faults, switches, authenticate });
  dataverse.installSolution(solution);
  const seed = seedSales(dataverse);
  const ask = (method: string, path: string, wanted: Ask = {}): Promise<Reply> => {
    const url = path.startsWith('http') ? path : `${dataverse.url}/api/data/v9.2/${path}`;
    return send(method, url, wanted);
  };
  return { dataverse, clock, faults, journal, seed, ask };
}

function send(method: string, url: string, { headers = {}, body, session }: Ask): Promise<Reply> {
  const payload = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const who = session === undefined ? { authorization: 'Bearer good' } : { cookie: `other=1; CrmOwinAuth=${session}` };
  const sent = { ...who, ...type, ...headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: sent, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = (incoming.headers['content-type'] ?? '').includes('json')
          ? (JSON.parse(text) as Reply['json'])
          : {};
        const flat = Object.entries(incoming.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : value,
        ]);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(flat) as Reply['headers'],
          text,
          json,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

export interface BatchPart {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A batch of single operations (objects) and change sets (lists), CRLF throughout. */
export function batchBody(items: readonly (BatchPart | readonly BatchPart[])[], lineEnd = '\r\n'): string {
  const lines: string[] = [];
  items.forEach((item, at) => {
    lines.push('--batch_1');
    if (!Array.isArray(item)) return void lines.push(...partLines(item as BatchPart));
    lines.push(`Content-Type: multipart/mixed; boundary="changeset_${at}"`, '');
    (item as readonly BatchPart[]).forEach((part, index) =>
      lines.push(`--changeset_${at}`, ...partLines(part, index + 1)),
    );
    lines.push(`--changeset_${at}--`, '');
  });
  return [...lines, '--batch_1--', ''].join(lineEnd);
}

function partLines(part: BatchPart, contentId?: number): string[] {
  const headers = Object.entries({ ...(part.body ? { 'Content-Type': 'application/json' } : {}), ...part.headers });
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${part.method} ${part.url.startsWith('$') ? part.url : `/api/data/v9.2/${part.url}`} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    part.body ? JSON.stringify(part.body) : '',
  ];
}

export const batchHeaders = { 'content-type': 'multipart/mixed; boundary="batch_1"' };
