/**
 * How a failed command ends: what is written, and with which exit code. The only place that decides either.
 *
 * 0: done. 1: refused or failed, with a named reason. 2: wrong usage. Never a stack: a defect of ours shows its name
 * and asks for the log, since a stack says nothing to an operator and foreign messages may hold personal data.
 */
import { CommanderError } from 'commander';
import { fixOf, isSyncError } from '../errors';
import { scrub } from '../scrub';
import { Refusal, UsageError } from './refusals';

export interface Ending {
  readonly exitCode: 0 | 1 | 2;
  /** Lines for standard error; empty when everything has been said. */
  readonly text: string;
}

/** What the worker repeats by itself, a person repeats by hand. */
const again = 'Run the command again in a while.';

export function endingOf(error: unknown): Ending {
  // commander has written help, version or its complaint already.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' };
  if (error instanceof UsageError) return { exitCode: 2, text: `error: ${error.message}` };
  if (error instanceof Refusal)
    return { exitCode: 1, text: lines(error.code, error.detail, error.fix, error.requestId) };
  if (isSyncError(error)) {
    const fix = error.action === 'retry' ? again : fixOf(error.code);
    return { exitCode: 1, text: lines(error.code, error.detail, fix, error.requestId) };
  }
  const found = error instanceof Error ? `${error.name}: ${scrub(error.message)}` : 'unknown';
  return {
    exitCode: 1,
    text: lines(
      'DEFECT',
      found,
      'This should not happen. Run it again with COSELL_LOG_LEVEL=debug and report what it writes.',
    ),
  };
}

function lines(code: string, detail: string, fix: string, requestId?: string): string {
  return [code, ...detail.split('\n').filter(Boolean), fix, ...(requestId ? [`request id: ${requestId}`] : [])]
    .map((line, index) => (index === 0 ? line : `  ${line}`))
    .join('\n');
}
