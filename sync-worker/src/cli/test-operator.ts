/**
 * An operator at a console, for tests: the emulators over real HTTP, a real receiver, a shared folder of its own, and
 * a clock that is moved by waiting. While somebody waits, Partner Center delivers what is due.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulators, wellKnown } from '../../../emulators';
import type { World } from '../../../emulators';
import type { FormerWebhook } from '../hand-over/former-webhook';
import type { Clock } from '../ports';
import { logLines } from '../testing/log-lines';
import type { LogLines } from '../testing/log-lines';
import type { CliIo } from './io';
import { runCli } from './main';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Operator {
  readonly world: World;
  readonly folder: string;
  readonly env: Record<string, string | undefined>;
  /** Answers to questions, in order. */
  readonly answers: string[];
  readonly asked: string[];
  readonly log: LogLines;
  /** Address of the receiver, fit for `--url`. */
  readonly url: string;
  readonly received: Received[];
  /** HTTP statuses of the receiver in order; then 200. */
  readonly statuses: number[];
  /** What `sleep` was asked for in all, milliseconds. */
  waited(): number;
  run(...args: readonly string[]): Promise<Ran>;
  memory(): FormerWebhook | null;
  /** Registers for another system, past the connector. */
  registerElsewhere(registration: object): Promise<void>;
  stop(): Promise<void>;
}

export async function startOperator(): Promise<Operator> {
  const world = await startEmulators({ startAt: '2026-03-02T09:00:00Z', seed: false });
  const home = mkdtempSync(join(tmpdir(), 'cosell-operator-'));
  const folder = join(home, 'shared');
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = await receiver(received, statuses);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/partner-center`;
  const log = logLines();
  const answers: string[] = [];
  const asked: string[] = [];
  const time = waitingClock(world);
  const env: Record<string, string | undefined> = {
    HOME: home,
    COSELL_SHARED_FOLDER: folder,
    COSELL_TENANT_ID: world.credentials.tenantId,
    COSELL_CLIENT_ID: world.credentials.clientId,
    COSELL_CLIENT_SECRET: world.credentials.clientSecret,
    COSELL_AUTHORITY_URL: world.urls.entra,
    PARTNER_CENTER_REFRESH_TOKEN: world.credentials.partnerCenterRefreshToken,
    PARTNER_CENTER_WEBHOOKS_URL: world.urls.partnerCenter,
  };

  return {
    world,
    folder,
    env,
    answers,
    asked,
    log,
    url,
    received,
    statuses,
    waited: () => time.waited,
    run: async (...args) => {
      const out: string[] = [];
      const err: string[] = [];
      const io: CliIo = {
        env,
        readFile: (path) => readFileSync(path, 'utf8'),
        out: (text) => void out.push(text),
        err: (text) => void err.push(text),
        ask: async (question) => {
          asked.push(question);
          return answers.shift() ?? '';
        },
        clock: time,
        log,
      };
      const exitCode = await runCli(args, io);
      return { exitCode, out: out.join('\n'), err: err.join('\n') };
    },
    memory: () => {
      try {
        return JSON.parse(readFileSync(join(folder, 'former-webhook.json'), 'utf8')) as FormerWebhook;
      } catch {
        return null;
      }
    },
    registerElsewhere: async (registration) => {
      const token = world.entra.mintUserToken({
        clientId: wellKnown.clientId,
        upn: wellKnown.partnerCenterUser,
        resource: wellKnown.webhooksAudience,
        mfa: true,
      });
      const method = world.partnerCenter.webhookRegistration() ? 'PUT' : 'POST';
      const response = await fetch(`${world.urls.partnerCenter}/webhooks/v1/registration`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(registration),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    stop: async () => {
      await world.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function receiver(received: Received[], statuses: number[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function waitingClock(world: World): Clock & { readonly waited: number } {
  let waited = 0;
  return {
    get waited() {
      return waited;
    },
    now: () => world.clock.now(),
    monotonic: () => waited,
    sleep: async (milliseconds) => {
      waited += milliseconds;
      world.clock.advance(milliseconds);
      await world.partnerCenter.deliveries.deliverDue();
    },
  };
}
