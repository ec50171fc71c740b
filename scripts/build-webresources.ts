/**
 * Builds the web resources: `npx tsx scripts/build-webresources.ts`.
 *
 * Scripts as one plain file each with a global of its own (form libraries cannot be modules), texts as RESX per
 * language, icons as they are. The paths below webresources/out are the names of the web resources. Fails when a
 * script outgrows its budget, and does nothing when no input has changed since the last run.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { stampWebResources, webResourceInputs, webResourcesFit, webResourcesOut } from '../solution/webresource-inputs';

const root = join(__dirname, '..');
export const outFolder = webResourcesOut(root);

/**
 * Scripts with their global, their budget in bytes (KB = 1000), so that a form does not get slow unnoticed, and the
 * English that they carry for an environment without RESX. Form libraries have their RESX as a dependency and carry
 * little; in a view's command bar, whether dependencies are there is UNVERIFIED, so commands carry all they say.
 */
export const scripts = [
  {
    name: 'opportunity',
    globalName: 'Cosell.Opportunity',
    raw: 64_000,
    gzip: 28_000,
    english:
      /^(?!bulk|share|accept|decline|sync|link|lead|again|finding|notice|error|crm|audit|notify|outcome|field)[a-z]+(_|$)/,
  },
  { name: 'lead', globalName: 'Cosell.Lead', raw: 16_000, gzip: 6_500, english: /^(lead|state|failure|action)_/ },
  {
    name: 'commands',
    globalName: 'Cosell.Commands',
    raw: 100_000,
    gzip: 37_000,
    english: /^(?!lead|notice|error|crm|state|audit|notify|outcome|field)/,
  },
] as const;

export const languages = [1033, 1036, 1053, 1028] as const;
/** Messages of the rules and the worker that a script may have to say. */
const spoken = /^(finding|notice|error|crm)_/;

export interface Built {
  readonly name: string;
  readonly raw: number;
  readonly gzip: number;
}

type Files = Map<string, string | Uint8Array>;

/** @param out folder to write to; it is emptied first, but only when everything could be built */
export async function buildWebresources(out = outFolder): Promise<Built[]> {
  const files: Files = new Map();
  const built = await Promise.all(scripts.map((script) => bundle(script, files)));
  for (const language of languages) files.set(`cosell_/strings/cosell.${language}.resx`, resx(textsOf(language)));
  for (const icon of readdirSync(join(root, 'webresources/icons'))) {
    files.set(`cosell_/icons/${icon}`, readFileSync(join(root, 'webresources/icons', icon)));
  }
  rmSync(out, { recursive: true, force: true });
  for (const [path, content] of files) write(out, path, content);
  return built;
}

async function bundle(script: (typeof scripts)[number], files: Files): Promise<Built> {
  const { name, globalName, raw, gzip, english } = script;
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(root, `webresources/${name}.ts`)],
    write: false,
    bundle: true,
    format: 'iife',
    globalName,
    target: 'es2020',
    platform: 'browser',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    tsconfig: join(root, 'webresources/tsconfig.json'),
    plugins: [fallbackTexts(english)],
    logLevel: 'silent',
  });
  const code = result.outputFiles[0]?.contents ?? new Uint8Array();
  const sizes = { name, raw: code.length, gzip: gzipSync(code).length };
  if (sizes.raw > raw || sizes.gzip > gzip) {
    throw new Error(`${name}.js has ${sizes.raw} bytes (gzip ${sizes.gzip}); its budget is ${raw} (gzip ${gzip})`);
  }
  files.set(`cosell_/scripts/${name}.js`, code);
  return sizes;
}

/** Leaves out of the English files what the script does not say, or need not say without RESX. */
const fallbackTexts = (wanted: RegExp): Plugin => ({
  name: 'fallback-texts',
  setup: ({ onLoad }) =>
    onLoad({ filter: /(messages|strings)[\\/]1033\.json$/ }, ({ path }) => ({
      contents: JSON.stringify(only(readTexts(path), wanted)),
      loader: 'json',
    })),
});

type Texts = Readonly<Record<string, string>>;

const readTexts = (path: string): Texts => JSON.parse(readFileSync(path, 'utf8')) as Texts;
const only = (texts: Texts, keys: RegExp): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => keys.test(key)));

/** Everything that a script says in a language: its own texts, and the messages of rules and worker. */
export function textsOf(language: number): Texts {
  return {
    ...only(readTexts(join(root, `domain/messages/${language}.json`)), spoken),
    ...readTexts(join(root, `webresources/strings/${language}.json`)),
  };
}

/** RESX as the platform reads it: header, then one data element per text (Microsoft Learn: "RESX web resources"). */
export function resx(texts: Texts): string {
  const header = ['text/microsoft-resx', '2.0', reader('Reader'), reader('Writer')];
  const names = ['resmimetype', 'version', 'reader', 'writer'];
  const heads = names.map(
    (name, at) => `  <resheader name="${name}"><value>${escape(header[at] ?? '')}</value></resheader>`,
  );
  const data = Object.entries(texts).map(
    ([key, value]) => `  <data name="${escape(key)}" xml:space="preserve"><value>${escape(value)}</value></data>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n<root>\n${[...heads, ...data].join('\n')}\n</root>\n`;
}

const reader = (what: string): string =>
  `System.Resources.ResX${what === 'Reader' ? 'ResourceReader' : 'ResourceWriter'}, System.Windows.Forms, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089`;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);

function write(out: string, path: string, content: string | Uint8Array): void {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

async function main(): Promise<void> {
  if (webResourcesFit(root)) return console.log('Web resources: unchanged');
  const inputs = webResourceInputs(root);
  for (const { name, raw, gzip } of await buildWebresources()) console.log(`${name}.js ${raw} bytes, gzip ${gzip}`);
  stampWebResources(root, inputs);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
