/**
 * Own copies of the fonts, so that screenshots do not depend on the machine: Open Sans stands in for
 * Segoe UI (licensed to Windows only), Noto Sans TC for the Chinese one, under the one family name
 * that Fluent's themes ask for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', 'node_modules', '@fontsource');
/** Where ranges overlap the later face wins, so the Latin one comes last. */
const sources = [
  ['noto-sans-tc', ['400', '600', '700']],
  ['open-sans', ['400', '600', '700']],
] as const;

let sheet: string | undefined;

export function fontSheet(): string {
  sheet ??= sources.flatMap(([name, weights]) => weights.map((weight) => faces(name, weight))).join('\n');
  return sheet;
}

function faces(name: string, weight: string): string {
  const css = readFileSync(join(root, name, `${weight}.css`), 'utf8');
  const kept = css
    .split(/(?=\/\* )/)
    .filter((face) => name === 'open-sans' || !/-(latin|latin-ext|cyrillic|vietnamese)-\d/.test(face));
  return kept
    .join('')
    .replace(/font-family: '[^']+'/g, "font-family: 'Segoe UI'")
    .replace(/font-display: swap/g, 'font-display: block')
    .replace(/url\(\.\/files\//g, `url(/fonts/${name}/`)
    .replace(/, url\([^)]+\.woff\) format\('woff'\)/g, '');
}

/** The file behind `/fonts/<package>/<file>`, or undefined when there is none such. */
export function fontFile(path: string): Buffer | undefined {
  const [, name, file] = /^(open-sans|noto-sans-tc)\/([\w-]+\.woff2)$/.exec(path) ?? [];
  if (name === undefined || file === undefined) return undefined;
  try {
    return readFileSync(join(root, name, 'files', file));
  } catch {
    return undefined;
  }
}
