/**
 * One signal for every way in which a host says "stop": App Service writes the file named in
 * WEBJOBS_SHUTDOWN_FILE (on Windows there is no SIGTERM), containers and terminals send signals.
 * Microsoft Learn: WebJobs execution, graceful shutdown; projectkudu/kudu wiki: WebJobs.
 */
import { existsSync, watch } from 'node:fs';
import type { Log } from './ports';

export interface StopOptions {
  readonly log?: Log;
  /** Default: process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: process. */
  readonly signals?: Signals;
  /** Default: fs.watch. May throw or fail later: network shares do not always tell of changes. */
  readonly watch?: (folder: string, options: { persistent: boolean }, changed: () => void) => Watcher;
  /** Default: fs.existsSync. */
  readonly exists?: (path: string) => boolean;
  /** Default: process.exit. */
  readonly exit?: (code: number) => void;
  /** Calls `look` again and again until the returned function is called. Default: setInterval that holds up nothing. */
  readonly every?: (milliseconds: number, look: () => void) => () => void;
}

export interface Signals {
  on(name: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(name: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

export interface Watcher {
  close(): void;
  on(event: 'error', listener: () => void): unknown;
}

export interface Stopping {
  /** Aborts at the first sign; its `reason` names the sign. */
  readonly signal: AbortSignal;
  /** Stops watching and listening: the work is done. */
  dispose(): void;
}

const lookEveryMs = 500;

/** A second SIGINT or SIGTERM ends the process with code 1. */
export function stopSignal(options: StopOptions = {}): Stopping {
  const signals = options.signals ?? process;
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const controller = new AbortController();

  const stop = (sign: string): void => {
    if (controller.signal.aborted) return;
    stopWatching();
    options.log?.info('stopping', { sign });
    controller.abort(new DOMException(sign, 'AbortError'));
  };
  // When somebody insists, the work in hand is safe to lose: every step of it can be done again.
  const onSignal = (name: string) => () => (controller.signal.aborted ? exit(1) : stop(name));
  const listeners = (['SIGTERM', 'SIGINT'] as const).map((name) => ({ name, listener: onSignal(name) }));
  for (const { name, listener } of listeners) signals.on(name, listener);

  const file = (options.env ?? process.env)['WEBJOBS_SHUTDOWN_FILE'];
  const stopWatching = file ? watchFile(file, options, () => stop('WEBJOBS_SHUTDOWN_FILE')) : () => undefined;
  return {
    signal: controller.signal,
    dispose: () => {
      stopWatching();
      for (const { name, listener } of listeners) signals.off(name, listener);
    },
  };
}

/** Watches the folder, since the file is not there yet, and looks by itself too, where watching does not work. */
function watchFile(file: string, options: StopOptions, found: () => void): () => void {
  const exists = options.exists ?? existsSync;
  let done = false;
  let watcher: Watcher | undefined;
  const look = (): void => {
    if (!done && exists(file)) found();
  };
  const stopLooking = (options.every ?? interval)(lookEveryMs, look);
  try {
    watcher = (options.watch ?? watch)(folderOf(file), { persistent: false }, look);
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  // Later than this function returns, so that its caller has the signal before it fires.
  queueMicrotask(look);
  return () => {
    if (done) return;
    done = true;
    watcher?.close();
    stopLooking();
  };
}

/** Paths of both kinds, since the file's name comes from the host. */
function folderOf(file: string): string {
  const cut = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return cut <= 0 ? file.slice(0, cut + 1) || '.' : file.slice(0, cut);
}

function interval(milliseconds: number, look: () => void): () => void {
  const timer = setInterval(look, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
