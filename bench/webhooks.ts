/**
 * `npx tsx bench/webhooks.ts [per second] [seconds]`: what the web half stands, as a process of its own, over real HTTP.
 *
 * First forged deliveries of every kind, one after the other, so that what is measured is the receiver and not a queue
 * before it. Then good ones at a steady rate (default 500 a second for a minute), each about another referral, while
 * this process takes the hints every half second as the worker does. What is told to come back comes back. Every
 * referral must arrive as a hint. No test, since it measures the machine; ends with 1 when a budget is missed.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createAuthority } from '../emulators/kit/certificates';
import { hintFolder } from '../sync-worker/src/hand-over/hints';

const root = join(__dirname, '..');
const name = 'pcnotifications-dispatch.microsoft.com';
const forgedBudgetMs = 100;
const forgedEach = 400;
const [perSecond = 500, seconds = 60] = process.argv.slice(2).map(Number);

interface Bench {
  readonly folder: string;
  readonly url: string;
  readonly certificateUrl: string;
  readonly key: ReturnType<typeof createPrivateKey>;
  readonly site: ChildProcess;
  stop(): Promise<void>;
}

interface Delivery {
  readonly id: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function start(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'cosell-bench-'));
  const authority = await createAuthority({ commonName: 'Bench Root', organization: 'Bench' });
  const issuing = await authority.issueAuthority({
    commonName: 'Bench Issuing',
    organization: 'Microsoft Corporation',
  });
  const leaf = await issuing.issue({ commonName: name, organization: 'Microsoft Corporation', dnsNames: [name] });
  await writeFile(join(folder, 'root.pem'), authority.cert);
  await writeFile(join(folder, 'issuing.pem'), issuing.cert);
  const certificates = createServer((asked, response) =>
    asked.url === `/cert/${name}.cer` ? response.end(leaf.cert) : response.writeHead(404).end(),
  );
  await new Promise<void>((resolve) => certificates.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(certificates.address() as AddressInfo).port}`;
  const port = (certificates.address() as AddressInfo).port + 1;
  const outfile = join(folder, 'web.js');
  const entryPoints = [join(root, 'sync-worker/src/web-main.ts')];
  await build({
    absWorkingDir: root,
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  const site = spawn(process.execPath, [outfile], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      COSELL_SHARED_FOLDER: folder,
      COSELL_WEBHOOK_CERTIFICATE_HOSTS: host,
      COSELL_WEBHOOK_ROOTS_FILE: join(folder, 'root.pem'),
      COSELL_WEBHOOK_INTERMEDIATES_FILE: join(folder, 'issuing.pem'),
      COSELL_WEBHOOK_ISSUER_HOSTS: 'none',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    site.once('exit', (code) => reject(new Error(`the site ended with ${code}`)));
    site.stdout?.on('data', (text: Buffer) => text.includes('is trusted') && resolve());
  });
  return {
    folder,
    url: `http://127.0.0.1:${port}/webhooks/partner-center`,
    certificateUrl: `http://${host}/cert/${name}.cer`,
    key: createPrivateKey(leaf.key),
    site,
    stop: async () => {
      const ended = new Promise((resolve) => site.once('exit', resolve));
      site.kill('SIGTERM');
      await ended;
      certificates.closeAllConnections();
      certificates.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function delivery(bench: Bench, n: number): Delivery {
  const id = `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const body = JSON.stringify({
    EventName: 'referral-updated',
    ResourceUri: `https://api.partnercenter.microsoft.com/engagements/v1/referrals/${id}`,
    ResourceName: 'referral',
    AuditUri: null,
    ResourceChangeUtcDate: new Date().toISOString(),
  });
  const headers = {
    'content-type': 'application/json',
    'x-ms-certificate-url': bench.certificateUrl,
    'x-ms-signature-algorithm': 'rsa-sha256',
    'x-ms-signature': `Signature ${sign('sha256', Buffer.from(body), bench.key).toString('base64')}`,
  };
  return { id, body, headers };
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Milliseconds until the whole answer was there. */
function post(
  url: string,
  { body, headers }: Pick<Delivery, 'body' | 'headers'>,
): Promise<{ status: number; ms: number; retryAfter: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            ms: performance.now() - began,
            retryAfter: Number(answer.headers['retry-after'] ?? 1),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Each breaks another rule, the later ones after more and more work. */
const forgeries: Readonly<
  Record<string, (good: Delivery, bench: Bench, n: number) => Pick<Delivery, 'body' | 'headers'>>
> = {
  'no signature': ({ body, headers }) => ({ body, headers: { ...headers, 'x-ms-signature': '' } }),
  'wrong algorithm': ({ body, headers }) => ({ body, headers: { ...headers, 'x-ms-signature-algorithm': 'rsa-md5' } }),
  'foreign certificate host': ({ body, headers }) => ({
    body,
    headers: { ...headers, 'x-ms-certificate-url': 'https://attacker.example/a.cer' },
  }),
  'unknown certificate': ({ body, headers }, bench, n) => ({
    body,
    headers: { ...headers, 'x-ms-certificate-url': bench.certificateUrl.replace(name, String(n)) },
  }),
  'other body': ({ headers }) => ({ headers, body: `{"EventName":"referral-updated"}` }),
  'other body of 64 KiB': ({ headers }) => ({ headers, body: 'x'.repeat(65_536) }),
};

async function forged(bench: Bench): Promise<boolean> {
  let well = true;
  for (const [kind, forge] of Object.entries(forgeries)) {
    const times: number[] = [];
    for (let n = 0; n < forgedEach; n++) {
      const { status, ms } = await post(bench.url, forge(delivery(bench, n), bench, n));
      if (status === 200) throw new Error(`a forged delivery (${kind}) was accepted`);
      times.push(ms);
    }
    times.sort((a, b) => a - b);
    const most = times.at(-1) ?? 0;
    well &&= most < forgedBudgetMs;
    say(`forged, ${kind}: median ${of(times, 0.5)} ms, p99 ${of(times, 0.99)} ms, most ${most.toFixed(1)} ms`);
  }
  return well;
}

async function steady(bench: Bench): Promise<boolean> {
  const total = perSecond * seconds;
  say(`signing ${total} deliveries ...`);
  const all = Array.from({ length: total }, (_unused, n) => delivery(bench, 1_000_000 + n));
  const hints = hintFolder(bench.folder);
  const missing = new Set(all.map(({ id }) => id));
  const counts = { accepted: 0, 'told to come back': 0, refused: 0 };
  const times: number[] = [];
  let open = total;
  let isOver = false;

  const taking = (async () => {
    while (!isOver || missing.size > 0) {
      const taken = await hints.take();
      for (const { id } of taken) missing.delete(id);
      if (isOver && taken.length === 0) break;
      await pause(taken.length === 500 ? 0 : 500);
    }
  })();
  const deliver = async (one: Delivery): Promise<void> => {
    for (;;) {
      const { status, ms, retryAfter } = await post(bench.url, one);
      times.push(ms);
      if (status === 200) counts.accepted += 1;
      else if (status === 503 || status === 429) {
        counts['told to come back'] += 1;
        await pause(retryAfter * 1000);
        continue;
      } else counts.refused += 1;
      open -= 1;
      return;
    }
  };
  const began = performance.now();
  const sending: Promise<void>[] = [];
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond));
    while (sent < due) sending.push(deliver(all[sent++] as Delivery));
    await pause(5);
  }
  await Promise.all(sending);
  const took = (performance.now() - began) / 1000;
  isOver = true;
  await taking;
  times.sort((a, b) => a - b);
  say(
    `${total} deliveries in ${took.toFixed(1)} s: ${JSON.stringify(counts)}, answers open ${open}, hints missing ${missing.size}`,
  );
  say(`answer: median ${of(times, 0.5)} ms, p99 ${of(times, 0.99)} ms, most ${(times.at(-1) ?? 0).toFixed(0)} ms`);
  return missing.size === 0 && open === 0 && counts.refused === 0;
}

function of(sorted: readonly number[], part: number): string {
  return (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function main(): Promise<void> {
  say(`load before: ${loadavg()[0]?.toFixed(1)}`);
  const bench = await start();
  try {
    const results = [await forged(bench), await steady(bench)];
    if (results.includes(false)) process.exitCode = 1;
  } finally {
    agent.destroy();
    await bench.stop();
  }
}

void main();
