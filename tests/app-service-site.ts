/**
 * A small stand-in for what App Service does with the site itself: on Linux it runs the package's start script with PORT
 * set; on Windows iisnode loads the file that web.config names from a script of its own, with PORT set too (a pipe there).
 *
 * Sources: Microsoft Learn, Configure a Node.js app for Azure App Service; tjanczuk/iisnode, src/iisnode/interceptor.js.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface RunningSite {
  readonly url: string;
  readonly output: string[];
  /** SIGTERM, as the platform sends it; the exit code and how long it took. */
  stop(): Promise<{ readonly code: number | null; readonly milliseconds: number }>;
}

export async function startSite(
  wwwroot: string,
  platform: 'linux' | 'windows',
  env: Readonly<Record<string, string>> = {},
): Promise<RunningSite> {
  const port = await freePort();
  const args = platform === 'linux' ? await startArguments(wwwroot) : await handlerArguments(wwwroot);
  const child = spawn(process.execPath, args, {
    cwd: wwwroot,
    env: { PATH: process.env['PATH'], PORT: String(port), WEBSITE_SITE_NAME: 'larkspur-sync', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => output.push(...text.split('\n').filter((line) => line !== '')));
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await listening(child, output, ended);
  return {
    url: `http://127.0.0.1:${port}`,
    output,
    stop: async () => {
      const began = performance.now();
      child.kill('SIGTERM');
      const code = await ended;
      return { code, milliseconds: performance.now() - began };
    },
  };
}

/** `node <file>` of the start script; anything else would need what is not on the machine. */
async function startArguments(wwwroot: string): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(wwwroot, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  const [node, ...args] = scripts.start.split(' ');
  if (node !== 'node') throw new Error(`this stand-in does not run ${scripts.start}`);
  return args;
}

/** iisnode is the main module and requires the handler's file, so `require.main` is not ours there. */
async function handlerArguments(wwwroot: string): Promise<string[]> {
  const config = await readFile(join(wwwroot, 'web.config'), 'utf8');
  const [, file] = /<add name="iisnode" path="([^"]+)" verb="\*" modules="iisnode" \/>/.exec(config) ?? [];
  if (file === undefined) throw new Error('web.config names no file for iisnode');
  return ['-e', `require(${JSON.stringify(join(wwwroot, file))})`];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when it says that it started; rejects when it ends before. */
async function listening(child: ChildProcess, output: string[], ended: Promise<unknown>): Promise<void> {
  const said = (): boolean => output.some((line) => line.includes('"msg":"started"'));
  const over = ended.then(() => Promise.reject(new Error(`the site ended:\n${output.join('\n')}`)));
  while (!said()) {
    await Promise.race([new Promise((resolve) => child.stdout?.once('data', () => setImmediate(resolve))), over]);
  }
  over.catch(() => undefined);
}
