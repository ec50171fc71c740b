import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopSignal } from './shutdown';
import { logLines } from './testing/log-lines';
import type { Stopping, StopOptions, Watcher } from './shutdown';

class Host {
  readonly signals = new EventEmitter();
  readonly exits: number[] = [];
  readonly folders: string[] = [];
  closed = 0;
  present = false;
  changed: () => void = () => undefined;
  look: () => void = () => undefined;
  looking = true;
  watcherErrors = new EventEmitter();

  stop(options: Partial<StopOptions> = {}): AbortSignal {
    return this.start(options).signal;
  }

  start(options: Partial<StopOptions> = {}): Stopping {
    return stopSignal({
      env: { WEBJOBS_SHUTDOWN_FILE: 'C:\\local\\Temp\\JobsShutdown\\abc' },
      signals: this.signals,
      watch: (folder, _options, changed): Watcher => {
        this.folders.push(folder);
        this.changed = changed;
        return {
          close: () => void (this.closed += 1),
          on: (event, listener) => this.watcherErrors.on(event, listener),
        };
      },
      exists: () => this.present,
      exit: (code) => void this.exits.push(code),
      every: (_ms, look) => {
        this.look = look;
        return () => void (this.looking = false);
      },
      ...options,
    });
  }
}

let host: Host;
beforeEach(() => {
  host = new Host();
});

test('App Service stops the worker by a file, seen by the watch on its folder', () => {
  const signal = host.stop();
  expect(host.folders).toEqual(['C:\\local\\Temp\\JobsShutdown']);
  host.changed();
  expect(signal.aborted).toBe(false);
  host.present = true;
  host.changed();
  expect(signal.aborted).toBe(true);
  expect([host.closed, host.looking]).toEqual([1, false]);
});

test('the file is seen by looking too, where a network share tells nothing', () => {
  const signal = host.stop({
    watch: () => {
      throw new Error('not supported');
    },
  });
  host.present = true;
  host.look();
  expect(signal.aborted).toBe(true);
  expect((signal.reason as Error).message).toBe('WEBJOBS_SHUTDOWN_FILE');
});

test('a watch that breaks later does not end the worker', () => {
  const signal = host.stop();
  host.watcherErrors.emit('error', new Error('gone'));
  expect(signal.aborted).toBe(false);
  host.present = true;
  host.look();
  expect(signal.aborted).toBe(true);
});

test('a file that is already there stops at once, but not before the signal is handed out', async () => {
  host.present = true;
  const signal = host.stop();
  expect(signal.aborted).toBe(false);
  await Promise.resolve();
  expect(signal.aborted).toBe(true);
});

test.each(['SIGTERM', 'SIGINT'])('%s stops, and a second signal ends the process', (name) => {
  const signal = host.stop({ env: {} });
  host.signals.emit(name);
  expect([signal.aborted, (signal.reason as Error).name, host.exits]).toEqual([true, 'AbortError', []]);
  host.signals.emit('SIGINT');
  expect(host.exits).toEqual([1]);
});

test('a signal after the file ends the process too', () => {
  host.stop();
  host.present = true;
  host.look();
  host.signals.emit('SIGTERM');
  expect(host.exits).toEqual([1]);
});

test('works on a real folder with the functions of Node', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-stop-'));
  const file = join(folder, 'shutdown');
  const { signal, dispose } = stopSignal({ env: { WEBJOBS_SHUTDOWN_FILE: file }, signals: new EventEmitter() });
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
  writeFileSync(file, '');
  await stopped;
  dispose();
  rmSync(folder, { recursive: true });
  expect(signal.aborted).toBe(true);
});

test('leaves nothing behind when the work is done', () => {
  const { signal, dispose } = host.start();
  dispose();
  dispose();
  host.present = true;
  host.look();
  host.signals.emit('SIGTERM');
  expect([signal.aborted, host.closed, host.looking, host.exits]).toEqual([false, 1, false, []]);
});

test('the log says which sign it was', () => {
  const log = logLines();
  host.start({ log });
  host.signals.emit('SIGTERM');
  expect(log.lines).toEqual([{ level: 'info', message: 'stopping', fields: { sign: 'SIGTERM' } }]);
});
