/**
 * A small stand-in for Kudu, App Service's deployment and WebJob engine: takes the zip as a deploy
 * would, finds the script by Kudu's order, starts it with Kudu's variables, stops it by the shutdown
 * file and restarts it by Kudu's rules.
 *
 * Sources: projectkudu/kudu, Kudu.Core/Jobs (ContinuousJobRunner, BaseJobRunner, JobSettings, script
 * hosts) and its wiki page WebJobs; Microsoft Learn, WebJobs execution.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Kudu's script hosts in their order. */
const extensions = ['.cmd', '.bat', '.exe', '.ps1', '.sh', '.py', '.php', '.js'];

export interface JobSettings {
  /** Kudu's code takes false when the file says nothing, whatever the documentation says. */
  readonly isSingleton: boolean;
  /** Seconds from the shutdown file to the kill; 5 for continuous jobs by default. */
  readonly stoppingWaitTime: number;
}

export interface Stopped {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly milliseconds: number;
  readonly killed: boolean;
}

export class Kudu {
  private readonly wwwroot: string;

  constructor(private readonly folder: string) {
    this.wwwroot = join(folder, 'site', 'wwwroot');
  }

  /** What a zip deploy does: the tree goes below wwwroot. */
  async deploy(zip: Uint8Array): Promise<void> {
    for (const [name, content] of Object.entries(unzipSync(zip))) {
      const path = normalize(join(this.wwwroot, name));
      if (!path.startsWith(this.wwwroot + sep)) throw new Error(`${name} leaves wwwroot`);
      await mkdir(dirname(path), { recursive: true });
      if (!name.endsWith('/')) await writeFile(path, content);
    }
  }

  /** Names of the continuous jobs that were found. */
  async jobs(): Promise<string[]> {
    return (await readdir(this.jobsFolder())).sort();
  }

  /** Starts a job; it is started again whenever it ends, until it is stopped. `env`: the application settings. */
  async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<RunningJob> {
    const path = join(this.jobsFolder(), name);
    const script = findScript(await readdir(path));
    if (script === null) throw new Error(`${name} has no script that Kudu would run`);
    if (!script.endsWith('.js')) throw new Error(`this stand-in runs Node.js only, not ${script}`);
    const dataPath = join(this.folder, 'data', 'jobs', 'continuous', name);
    await mkdir(dataPath, { recursive: true });
    return new RunningJob({ name, path, script, dataPath, home: this.folder, settings: await readSettings(path), env });
  }

  private jobsFolder(): string {
    return join(this.wwwroot, 'App_Data', 'jobs', 'continuous');
  }
}

interface Job {
  readonly name: string;
  readonly path: string;
  readonly script: string;
  readonly dataPath: string;
  readonly home: string;
  readonly settings: JobSettings;
  readonly env: Readonly<Record<string, string>>;
}

export class RunningJob {
  /** Lines of standard output, of all runs. */
  readonly output: string[] = [];
  readonly errors: string[] = [];
  /** How each run ended, oldest first. */
  readonly exits: (number | null)[] = [];
  readonly settings: JobSettings;
  private process: ChildProcess | null = null;
  private restart: NodeJS.Timeout | null = null;
  private stopping = false;
  private shutdownFile = '';
  private waiting: (() => void)[] = [];
  private ready: Promise<void>;

  constructor(private readonly job: Job) {
    this.settings = job.settings;
    this.ready = this.run();
  }

  /** Resolves when a line of the output makes the predicate true; rejects when it takes too long. */
  async line(
    matches: (line: Readonly<Record<string, unknown>>) => boolean,
    milliseconds = 15_000,
  ): Promise<Readonly<Record<string, unknown>>> {
    return this.until(() => this.lines().find(matches), 'the expected line', milliseconds);
  }

  /** Resolves when so many runs have ended. */
  async ended(times: number, milliseconds = 15_000): Promise<void> {
    await this.until(() => this.exits.length >= times || undefined, `end number ${times}`, milliseconds);
  }

  lines(): Readonly<Record<string, unknown>>[] {
    return this.output.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** Pulls the plug, as a machine that dies does. The job is started again. */
  kill(): void {
    this.process?.kill('SIGKILL');
  }

  /** Stops as Kudu does: shutdown file, stopping_wait_time, kill. */
  async stop(): Promise<Stopped> {
    this.stopping = true;
    if (this.restart) clearTimeout(this.restart);
    await this.ready;
    const child = this.process;
    const started = performance.now();
    if (!child) return { code: this.exits.at(-1) ?? null, milliseconds: 0, killed: false };
    await writeFile(this.shutdownFile, '');
    let killed = false;
    const timer = setTimeout(() => {
      killed = true;
      child.kill('SIGKILL');
    }, this.settings.stoppingWaitTime * 1000);
    while (this.process === child) await new Promise<void>((resolve) => this.waiting.push(resolve));
    clearTimeout(timer);
    await rm(dirname(this.shutdownFile), { recursive: true, force: true });
    return { code: this.exits.at(-1) ?? null, milliseconds: performance.now() - started, killed };
  }

  private async run(): Promise<void> {
    const { job } = this;
    // A new name for each run, in a folder that is there before the script looks.
    this.shutdownFile = join(job.home, 'temp', 'JobsShutdown', job.name, randomUUID());
    await mkdir(dirname(this.shutdownFile), { recursive: true });
    const started = performance.now();
    const child = spawn(process.execPath, [job.script], {
      cwd: job.path,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    collect(child.stdout, (line) => this.heard(this.output, line));
    collect(child.stderr, (line) => this.heard(this.errors, line));
    child.on('close', (code) => {
      this.process = null;
      this.exits.push(code);
      this.wake();
      if (this.stopping) return;
      const wait = restartDelay(performance.now() - started, Number(job.env['WEBJOBS_RESTART_TIME'] ?? 60) * 1000);
      this.restart = setTimeout(() => {
        this.ready = this.run();
      }, wait);
    });
  }

  private environment(): NodeJS.ProcessEnv {
    const { job } = this;
    return {
      PATH: process.env['PATH'],
      SystemRoot: process.env['SystemRoot'],
      HOME: job.home,
      ...job.env,
      WEBJOBS_NAME: job.name,
      WEBJOBS_TYPE: 'Continuous',
      WEBJOBS_PATH: job.path,
      WEBJOBS_DATA_PATH: job.dataPath,
      WEBJOBS_RUN_ID: randomUUID(),
      WEBJOBS_SHUTDOWN_FILE: this.shutdownFile,
    };
  }

  private heard(list: string[], line: string): void {
    list.push(line);
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  private async until<T>(find: () => T | undefined, what: string, milliseconds: number): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.wake();
    }, milliseconds);
    try {
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        if (late) throw new Error(`${what} did not come:\n${[...this.output, ...this.errors].slice(-20).join('\n')}`);
        await new Promise<void>((resolve) => this.waiting.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

/** run.<ext> in the order of the hosts; without one, the first file of the first host that has any. */
export function findScript(files: readonly string[]): string | null {
  const ofHost = (extension: string): string[] => files.filter((name) => name.toLowerCase().endsWith(extension)).sort();
  const run = extensions.flatMap((extension) =>
    ofHost(extension).filter((name) => name.toLowerCase() === `run${extension}`),
  );
  return run[0] ?? extensions.flatMap(ofHost)[0] ?? null;
}

/** At once when it ran for two minutes or more; else after WEBJOBS_RESTART_TIME. */
export function restartDelay(ranMs: number, restartTimeMs: number): number {
  return ranMs >= 120_000 ? 0 : restartTimeMs;
}

async function readSettings(path: string): Promise<JobSettings> {
  let text = '{}';
  try {
    text = await readFile(join(path, 'settings.job'), 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const read = JSON.parse(text) as { is_singleton?: unknown; stopping_wait_time?: unknown };
  return {
    isSingleton: read.is_singleton === true,
    stoppingWaitTime: typeof read.stopping_wait_time === 'number' ? read.stopping_wait_time : 5,
  };
}

function collect(stream: NodeJS.ReadableStream, heard: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) heard(line);
  });
  stream.on('end', () => {
    if (rest) heard(rest);
  });
}
