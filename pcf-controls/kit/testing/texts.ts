/** The texts of a control for unit tests: the same JSON files that the build makes the resx of. Tests only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const controls = join(__dirname, '..', '..');

/** @param kebab folder of the control @param language Windows locale identifier */
export function textsOf(kebab: string, language = 1033): Record<string, string> {
  const prefixes = read(join(controls, kebab, 'strings', 'use-messages.json'), []) as readonly string[];
  const messages = prefixes.length === 0 ? {} : read(join(controls, '..', 'domain', 'messages', `${language}.json`));
  const wanted = Object.entries(messages).filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix)));
  return {
    ...(read(join(controls, 'kit', 'strings', `${language}.json`)) as Record<string, string>),
    ...(Object.fromEntries(wanted) as Record<string, string>),
    ...(read(join(controls, kebab, 'strings', `${language}.json`)) as Record<string, string>),
  };
}

function read(path: string, fallback?: unknown): object {
  if (fallback !== undefined && !existsSync(path)) return fallback as object;
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}
