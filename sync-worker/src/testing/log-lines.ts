/** A `Log` that keeps its lines, for tests that look at what was logged, and above all at what was not. */
import type { Log } from '../ports';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogLines extends Log {
  readonly lines: LogLine[];
  /** All lines as one text, to search for what must not be in it. */
  text(): string;
}

export function logLines(): LogLines {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    text: () => JSON.stringify(lines),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
