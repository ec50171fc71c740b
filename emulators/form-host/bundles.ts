/**
 * What the browser loads as "the platform": React, ReactDOM and Fluent as globals under the names that
 * code components expect, and the host page itself.
 *
 * Built from the npm packages with esbuild and cached by version, because Microsoft's own builds may
 * not be redistributed and a page without network must work.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(__dirname, '..', '..');
const cache = join(root, 'build', 'form-host');

/** Runtimes a control must work with: React version and Fluent version of the client. */
export const runtimes = {
  '17-9.46': { react: 'react', dom: 'react-dom', fluent: '@fluentui/react-components' },
  '17-9.68': { react: 'react', dom: 'react-dom', fluent: 'fluent-9-68' },
  '16-9.46': { react: 'react-16', dom: 'react-dom-16', fluent: '@fluentui/react-components' },
} as const;

/** Counts up when the way these are built changes, so that the cache forgets the old ones. */
const recipe = 1;

export type RuntimeName = keyof typeof runtimes;

export function isRuntime(name: string): name is RuntimeName {
  return Object.hasOwn(runtimes, name);
}

/** One script that sets window.React, ReactDOM, Reactv16 and FluentUIReactv940. */
export async function platformScript(name: RuntimeName): Promise<string> {
  const { react, dom, fluent } = runtimes[name];
  const versions = [react, dom, fluent].map((each) => versionOf(each)).join(' ');
  const key = createHash('sha256').update(`${recipe} ${name} ${versions}`).digest('hex').slice(0, 16);
  const file = join(cache, `platform-${name}-${key}.js`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const parts = [
    await bundle(
      `import * as React from '${react}'; import * as ReactDOM from '${dom}';
      window.React = React.default ?? React; window.Reactv16 = window.React; window.ReactDOM = ReactDOM.default ?? ReactDOM;`,
      { alias: { react, 'react-dom': dom } },
    ),
    await bundle(`import * as Fluent from '${fluent}'; window.FluentUIReactv940 = Fluent;`, {
      plugins: [globalsFor(/^(react|react-dom)$/)],
    }),
  ];
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, parts.join('\n'));
  return parts.join('\n');
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${name}@${version}`;
}

async function bundle(
  contents: string,
  extra: { alias?: Record<string, string>; plugins?: Plugin[] },
): Promise<string> {
  const made = await build({
    stdin: { contents, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    ...extra,
  });
  return made.outputFiles[0]?.text ?? '';
}

const globalOf: Readonly<Record<string, string>> = {
  react: 'React',
  'react-dom': 'ReactDOM',
  '@fluentui/react-components': 'FluentUIReactv940',
};

/** Sends imports of the platform's libraries to their globals, as pcf-scripts does for code components. */
function globalsFor(filter: RegExp): Plugin {
  return {
    name: 'platform-globals',
    setup(target) {
      target.onResolve({ filter }, ({ path }) => ({ path, namespace: 'platform' }));
      target.onLoad({ filter: /.*/, namespace: 'platform' }, ({ path }) => ({
        contents: `module.exports = window.${globalOf[path] ?? ''};`,
      }));
    },
  };
}

let page: Promise<string> | undefined;

/** The host page's own script, built once per process. */
export function pageScript(): Promise<string> {
  page ??= build({
    entryPoints: [join(__dirname, 'page', 'main.tsx')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    jsx: 'transform',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [globalsFor(/^(react|react-dom|@fluentui\/react-components)$/)],
  }).then((made) => made.outputFiles[0]?.text ?? '');
  return page;
}
