/**
 * The Prefer header, and other request headers, as the Web API reads them.
 * Microsoft Learn: "Compose HTTP requests and handle errors" (Prefer, If-None-Match: null).
 */
import { NotModelledError, unreadable } from './errors';

export interface Preferences {
  readonly trackChanges: boolean;
  readonly maxPageSize?: number;
  readonly representation: boolean;
  readonly annotations: readonly string[];
  readonly continueOnError: boolean;
}

export function readPreferences(header: string | undefined): Preferences {
  let trackChanges = false;
  let representation = false;
  let continueOnError = false;
  let maxPageSize: number | undefined;
  let annotations: readonly string[] = [];
  for (const [name, value] of tokens(header ?? '')) {
    if (name === 'odata.track-changes') trackChanges = true;
    else if (name === 'odata.maxpagesize') maxPageSize = pageSize(value);
    else if (name === 'return') representation = value === 'representation';
    else if (name === 'odata.include-annotations') annotations = value.split(',').map((each) => each.trim());
    else if (name === 'odata.continue-on-error') continueOnError = value !== 'false';
    else if (name !== 'respond-async') throw new NotModelledError(`Prefer: ${name}`);
  }
  const size = maxPageSize === undefined ? {} : { maxPageSize };
  return { trackChanges, representation, annotations, continueOnError, ...size };
}

/** `Preference-Applied` for what was honoured. */
export function applied(...preferences: readonly (string | false | undefined)[]): Record<string, string> {
  const list = preferences.filter((each) => typeof each === 'string');
  return list.length > 0 ? { 'Preference-Applied': list.join(',') } : {};
}

export function wantsAnnotation(preferences: Preferences, name: string): boolean {
  return preferences.annotations.some((pattern) => {
    if (pattern === '*' || pattern === name) return true;
    return pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1));
  });
}

/** The literal text "null" means "no condition"; Microsoft's samples send it on every verb. */
export function condition(
  headers: Readonly<Record<string, string>>,
  name: 'if-match' | 'if-none-match',
): string | undefined {
  const value = headers[name]?.trim();
  return value === undefined || value === '' || value === 'null' ? undefined : value;
}

function pageSize(value: string): number {
  const size = Number(value);
  if (!Number.isInteger(size) || size < 1) throw unreadable(`odata.maxpagesize=${value} is not valid`);
  return size;
}

function tokens(header: string): [string, string][] {
  const parts = header.match(/[^,;="\s]+(\s*=\s*("[^"]*"|[^,;\s]+))?/g) ?? [];
  return parts.map((part) => {
    const equals = part.indexOf('=');
    if (equals < 0) return [part.toLowerCase(), ''];
    return [
      part.slice(0, equals).trim().toLowerCase(),
      part
        .slice(equals + 1)
        .trim()
        .replace(/^"|"$/g, ''),
    ];
  });
}
