/**
 * All commands in one program. Flat: one file per command, each with `register(program, io)`.
 *
 * Nothing is read or asked before a command runs: `--help` works without settings.
 */
import { Command } from 'commander';
import { workerVersion } from '../version';
import { register as forget } from './forget';
import type { CliIo } from './io';
import { register as signin } from './signin';
import { register as status } from './status';
import { register as webhooks } from './webhooks';

type Register = (program: Command, io: CliIo) => void;

const commands: readonly Register[] = [signin, webhooks, status, forget];

const exitCodes = `
Settings come from the environment or from the file that COSELL_SETTINGS_FILE names (docs/configuration.md).
Exit codes: 0 done, 1 refused or failed with a named reason, 2 wrong usage.`;

export function createProgram(io: CliIo): Command {
  const program = new Command('cosell')
    .description('Commands for the operator of the co-sell connector.')
    .version(workerVersion)
    .configureOutput({
      writeOut: (text) => io.out(text.replace(/\n$/, '')),
      writeErr: (text) => io.err(text.replace(/\n$/, '')),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows what there is)')
    .helpCommand(false)
    .addHelpText('after', exitCodes);
  for (const register of commands) register(program, io);
  return program;
}
