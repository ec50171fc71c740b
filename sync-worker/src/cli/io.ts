/**
 * What a command may touch: settings, files to read, the operator's terminal, time. Nothing else of the process.
 *
 * Answers go to standard output, everything about the run (questions, progress, errors, log) to standard error, so that
 * `--json` can be piped. Commands never end the process; they throw (see failure.ts).
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { destination } from 'pino';
import { systemClock } from '../clock';
import { createLog, logLevels } from '../log';
import type { LogLevel } from '../log';
import type { Clock, Log } from '../ports';

export interface CliIo {
  readonly env: NodeJS.ProcessEnv;
  /** UTF-8 text of a file. Throws when it cannot be read. */
  readFile(path: string): string;
  /** One or more lines for standard output, without the last line end. */
  out(text: string): void;
  /** The same for standard error. */
  err(text: string): void;
  /** What the operator answered, trimmed; empty when nobody is there to answer. */
  ask(question: string): Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
}

export function systemIo(env: NodeJS.ProcessEnv = process.env): CliIo {
  return {
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    ask,
    clock: systemClock,
    log: createLog({ level: logLevel(env), stream: destination({ fd: 2, sync: true }) }),
  };
}

/** A person at a console wants answers; what he has to know of a warning the command says itself. */
function logLevel(env: NodeJS.ProcessEnv): LogLevel {
  return logLevels.find((level) => level === env['COSELL_LOG_LEVEL']?.trim().toLowerCase()) ?? 'error';
}

function ask(question: string): Promise<string> {
  process.stderr.write(`${question} `);
  const lines = createInterface({ input: process.stdin });
  return new Promise((resolve) => {
    lines.once('line', (answer) => {
      resolve(answer.trim());
      lines.close();
    });
    // Without a line, `close` is all that comes: an empty pipe, a console without keyboard.
    lines.once('close', () => resolve(''));
  });
}

/** True for a clear yes; everything else, silence too, is a no. */
export async function confirmed(io: CliIo, question: string): Promise<boolean> {
  return /^(?:y|yes)$/i.test(await io.ask(`${question} [y/N]`));
}
