/**
 * Entry point of the operator's commands: `npm run cosell -- <command>`, and cosell.js beside the deployed worker.
 *
 * Only runs one command and turns its end into an exit code. What the commands are is in program.ts.
 */
import { endingOf } from './failure';
import { systemIo } from './io';
import type { CliIo } from './io';
import { createProgram } from './program';

/** @param args without node and script. Resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    io.log.debug('the command ends with an error', { stack: error instanceof Error ? error.stack : undefined });
    const { exitCode, text } = endingOf(error);
    if (text) io.err(text);
    return exitCode;
  }
}

if (require.main === module) {
  void runCli(process.argv.slice(2), systemIo()).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
