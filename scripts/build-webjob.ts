/**
 * Builds what an App Service runs as one zip that it takes as it is (zip deploy to wwwroot): the web half as the site,
 * the worker as a continuous WebJob, the commands beside them. Each is one CommonJS file; nothing is installed there.
 * The same sources give the same bytes, so a release can be checked.
 *
 * WebJob layout and settings.job: Microsoft Learn, WebJobs execution; projectkudu/kudu wiki, WebJobs. Site on Linux:
 * Microsoft Learn, Configure a Node.js app for App Service (`npm start`). On Windows: iisnode, see web.config.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';

export const jobFolder = 'App_Data/jobs/continuous/cosell-sync';

export interface BuildOptions {
  /** The repository. */
  readonly root: string;
  readonly outDir: string;
  /** Default: sync-worker/src/main.ts */
  readonly entry?: string;
}

export interface Webjob {
  /** Path of the zip. */
  readonly zip: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

/** The site's own files: what they are made from, by their names in wwwroot. */
const siteScripts = { 'web.js': 'sync-worker/src/web-main.ts', 'cosell.js': 'sync-worker/src/cli/main.ts' } as const;

export async function buildWebjob({ root, outDir, entry }: BuildOptions): Promise<Webjob> {
  const job = await bundle(root, entry ?? join(root, 'sync-worker/src/main.ts'));
  const files: Record<string, Uint8Array> = {
    [`${jobFolder}/run.js`]: job.script,
    [`${jobFolder}/settings.job`]: await readFile(join(root, 'sync-worker/webjob/settings.job')),
    [`${jobFolder}/LICENSES.txt`]: Buffer.from(await licenses(root, 'run.js', [job.metafile])),
    'web.config': await readFile(join(root, 'sync-worker/site/web.config')),
    'package.json': Buffer.from(await sitePackage(root)),
  };
  const metafiles: Metafile[] = [];
  for (const [name, source] of Object.entries(siteScripts)) {
    const { script, metafile } = await bundle(root, join(root, source));
    files[name] = script;
    metafiles.push(metafile);
  }
  files['LICENSES.txt'] = Buffer.from(await licenses(root, Object.keys(siteScripts).join(' and '), metafiles));
  const bytes = zip(files);
  const path = join(outDir, await webjobName(root));
  await mkdir(outDir, { recursive: true });
  await writeFile(path, bytes);
  return { zip: path, bytes };
}

/** The zip's name in a release. */
export async function webjobName(root: string): Promise<string> {
  return `cosell-webjob_${await version(root)}.zip`;
}

/** Without dependencies: a build during deployment, should somebody switch it on, finds nothing to install. */
async function sitePackage(root: string): Promise<string> {
  const { engines, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const about = { name: 'cosell-connector-site', version: await version(root), private: true, license, engines };
  return `${JSON.stringify({ ...about, scripts: { start: 'node web.js' } }, undefined, 2)}\n`;
}

async function bundle(root: string, entry: string): Promise<{ script: Uint8Array; metafile: Metafile }> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(root, 'dist/run.js'),
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The oldest that package.json admits; App Service offers newer ones.
    target: 'node20',
    minify: false,
    sourcemap: false,
    // Stack traces of a customer's log must be readable, so nothing is renamed; the licences have their own file.
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'silent',
  });
  const script = result.outputFiles[0]?.contents;
  if (!script) throw new Error(`esbuild made nothing of ${entry}`);
  return { script, metafile: result.metafile };
}

/** Packages whose code is in the bundle, with name, version and the text of their licence. */
async function licenses(root: string, where: string, metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap((one) => Object.keys(one.inputs));
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = await Promise.all([...folders].map((folder) => license(join(root, folder), root)));
  return `Third-party software in ${where}\n\n${texts.sort().join('\n')}`;
}

async function license(folder: string, root: string): Promise<string> {
  const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = (await readdir(folder)).sort().find((name) => /^(?:licen[cs]e|copying)(?:\.|$)/i.test(name));
  const text =
    file === undefined ? '(the package brings no text of its licence)' : await readFile(join(folder, file), 'utf8');
  if (!about.license && file === undefined)
    throw new Error(`${relative(root, folder).split(sep).join('/')} has no licence`);
  return `==== ${about.name} ${about.version} (${about.license ?? 'see below'})\n\n${text.replace(/\r\n/g, '\n').trim()}\n`;
}

function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    // By local parts: a zip stores local time, and the bytes must not depend on the builder's time zone.
    if (content) entries[name] = [content, { level: 9, mtime: new Date(2020, 0, 1), os: 3, attrs: 0o644 << 16 }];
  }
  return zipSync(entries);
}

async function version(root: string): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
