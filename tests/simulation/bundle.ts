/**
 * The worker with one place changed, as a module of its own.
 */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Change, Mutant } from './mutants';
import type { WorkerCode } from './wire';

const root = join(__dirname, '..', '..');

export function sourceOf({ file }: Pick<Change, 'file'>): string {
  return readFileSync(join(root, 'sync-worker', 'src', file), 'utf8');
}

export function changesOf(mutant: Mutant): readonly Change[] {
  return mutant.also ? [mutant, mutant.also] : [mutant];
}

/** Bundles the worker, changed as the mutant says, in memory: nothing is written. */
export async function mutated(mutant: Mutant): Promise<WorkerCode> {
  const changes = changesOf(mutant).map((change) => ({
    ...change,
    path: join(root, 'sync-worker', 'src', change.file),
  }));
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'worker-code.ts')],
    write: false,
    outfile: 'worker.cjs',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const here = changes.filter((change) => change.path === path);
            const [first] = here;
            if (!first) return undefined;
            const contents = here.reduce(
              (text, { find, replace }) => text.replace(find, () => replace),
              sourceOf(first),
            );
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const module = { exports: {} };
  const run = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '') as (...parts: unknown[]) => void;
  run(module, module.exports, createRequire(join(root, 'package.json')));
  return module.exports as WorkerCode;
}
