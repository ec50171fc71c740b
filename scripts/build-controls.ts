/**
 * Builds the controls of pcf-controls/ for deployment: `npx tsx scripts/build-controls.ts [folder...] [--force] [--watch]`.
 *
 * Wraps Microsoft's pcf-scripts, because since 1.48 that exits with 0 when a build fails: here a failed build leaves
 * nothing behind and says why. Afterwards the gates are checked. A control whose inputs did not change is not built
 * again. Must not decide anything about a solution: solution/stage.ts takes what fits its stamp.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { filesBelow } from '../solution/build-stamp';
import {
  controlFits,
  controlFolders,
  inputHash,
  kitSources,
  sourceFiles,
  stampControl,
} from '../solution/control-inputs';
import type { ControlFolder } from '../solution/control-inputs';
import { bundleFaults, budgets as shippedBudgets, sizeOf } from './controls-gates';
import type { Budget } from './controls-gates';
import { withLock } from './controls-lock';
import { checkKeyUse, languages, readTexts, resx } from './controls-strings';

export interface BuildOptions {
  /** The repository. */
  readonly root: string;
  /** Folders of pcf-controls to build; default: all. */
  readonly only?: readonly string[];
  /** Builds even when nothing changed. */
  readonly force?: boolean;
  readonly budgets?: Readonly<Record<string, Budget>>;
  readonly log?: (line: string) => void;
}

export interface BuiltControl {
  readonly kebab: string;
  /** Constructor; deployed as cosell_Cosell.<name>. */
  readonly name: string;
  /** Absolute path of the folder that is deployed. */
  readonly folder: string;
  /** Paths in it with forward slashes, sorted: bundle.js, ControlManifest.xml, strings/... */
  readonly files: readonly string[];
}

/** @throws Error naming the controls that failed, each with its reason; those have no output afterwards */
export async function buildControls(options: BuildOptions): Promise<BuiltControl[]> {
  const chosen = controlFolders(options.root, options.only);
  const failures: string[] = [];
  const built = new Map<string, BuiltControl>();
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let control = waiting.shift(); control; control = waiting.shift()) {
      try {
        built.set(control.kebab, await buildControl(control, options));
      } catch (error) {
        failures.push(`${control.kebab}: ${(error as Error).message}`);
      }
    }
  };
  // A build keeps one core busy and takes 300 MB; the machines that build this have two.
  await Promise.all([work(), work()]);
  if (failures.length > 0) throw new Error(failures.sort().join('\n'));
  return chosen.flatMap(({ kebab }) => built.get(kebab) ?? []);
}

async function buildControl(control: ControlFolder, options: BuildOptions): Promise<BuiltControl> {
  const { root, log = () => undefined } = options;
  // Tests and `npm run pack` may want the same control at the same time.
  return withLock(join(root, 'build', `control-${control.kebab}.lock`), async () => {
    const inputs = inputHash(root, control);
    if (!options.force && isFresh(root, control)) {
      log(`${control.kebab}: unchanged`);
      return payload(control);
    }
    rmSync(join(control.folder, 'out'), { recursive: true, force: true });
    try {
      await make(control, options);
    } catch (error) {
      rmSync(join(control.folder, 'out'), { recursive: true, force: true });
      throw error;
    }
    stampControl(control, inputs);
    const { raw, gzip } = sizeOf(readFileSync(join(control.out, 'bundle.js')));
    log(`${control.kebab}: ${raw} bytes, ${gzip} after gzip`);
    return payload(control);
  });
}

async function make(control: ControlFolder, { root, budgets = shippedBudgets }: BuildOptions): Promise<void> {
  const manifest = readFileSync(join(control.folder, control.name, 'ControlManifest.Input.xml'), 'utf8');
  const texts = readTexts(control.folder, join(root, 'pcf-controls', 'kit'), join(root, 'domain'));
  const sources = [...sourceFiles(control), ...kitSources(root)];
  const keys = [...manifest.matchAll(/(?:display-name|description)-key="([^"]*)"/g)].map(([, key]) => key ?? '');
  checkKeyUse(texts, new Map(sources.map((path) => [path, readFileSync(path, 'utf8')])), keys);
  for (const language of languages) {
    const path = `strings/${control.name}.${language}.resx`;
    // A language that the manifest does not list is not known to be found by the server.
    if (!manifest.includes(`path="${path}"`)) throw new Error(`ControlManifest.Input.xml does not list ${path}`);
    write(join(control.folder, control.name, path), resx(texts.all[language]));
  }
  const output = await runPcfScripts(root, control.folder);
  const missing = [
    'bundle.js',
    'ControlManifest.xml',
    ...languages.map((language) => `strings/${control.name}.${language}.resx`),
  ];
  const absent = missing.filter((path) => !existsSync(join(control.out, path)));
  if (absent.length > 0) throw new Error(`pcf-scripts wrote no ${absent.join(', ')}\n${output}`);
  const faults = bundleFaults(control.name, readFileSync(join(control.out, 'bundle.js')), budgets[control.name]);
  if (faults.length > 0) throw new Error(faults.join('; '));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @throws Error with the lines of pcf-scripts that say what failed */
async function runPcfScripts(root: string, cwd: string): Promise<string> {
  // Linting is left to `npm run lint`, which keeps the same rules and more.
  const args = ['build', '--buildMode', 'production', '--noColor', '--skipBuildLinting', 'true'];
  const child = spawn(process.execPath, [join(root, 'node_modules/pcf-scripts/bin/pcf-scripts.js'), ...args], {
    cwd,
    env: { ...process.env, PP_TOOLS_TELEMETRY_OPTOUT: '1', NODE_ENV: 'production', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  if (code !== 0 || /\[Error\]|Failed:|ERROR in /.test(output)) throw new Error(`pcf-scripts failed\n${output.trim()}`);
  return output;
}

/** The types that a build writes belong to no package, but without them the sources do not compile. */
function isFresh(root: string, control: ControlFolder): boolean {
  const types = join(control.folder, control.name, 'generated', 'ManifestTypes.d.ts');
  return existsSync(types) && controlFits(root, control);
}

function payload(control: ControlFolder): BuiltControl {
  // The licence file of webpack belongs to no component of a solution; its texts are in our own notices.
  const files = filesBelow(control.out).map((path) => relative(control.out, path).split(sep).join('/'));
  const shipped = files.filter((path) => !path.endsWith('.LICENSE.txt')).sort();
  return { kebab: control.kebab, name: control.name, folder: control.out, files: shipped };
}

/**
 * What is built and fits the sources, by constructor.
 *
 * @throws Error naming every control that is not built or whose sources changed since
 */
export function controlsBuilt(root: string): Map<string, BuiltControl> {
  const all = controlFolders(root);
  const stale = all.filter((control) => !isFresh(root, control)).map(({ kebab }) => kebab);
  if (stale.length > 0) throw new Error(`not built, or changed since: ${stale.join(', ')}; run npm run pack`);
  return new Map(all.map((control) => [control.name, payload(control)]));
}

async function main(args: readonly string[]): Promise<void> {
  const root = resolve(__dirname, '..');
  const only = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.find((arg) => arg.startsWith('--') && !['--force', '--watch'].includes(arg));
  if (unknown) throw new Error(`${unknown} is not an option; there are --force and --watch`);
  const build = (): Promise<unknown> =>
    buildControls({ root, only, force: args.includes('--force'), log: console.log });
  if (args.includes('--watch')) watchAndBuild(root, build);
  else await build();
}

/** Builds again when sources were quiet for a moment; a failure is shown and the watch goes on. */
function watchAndBuild(root: string, build: () => Promise<unknown>): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(build).then(
        () => console.log('waiting for changes'),
        (error: Error) => console.error(error.message),
      );
    }, 200);
  };
  const made = /(^|[\\/])(out|generated)([\\/]|$)|\.resx$/;
  for (const folder of ['pcf-controls', 'domain']) {
    watch(join(root, folder), { recursive: true }, (_event, name) => (name && made.test(name) ? undefined : soon()));
  }
  soon();
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
