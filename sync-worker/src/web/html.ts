/**
 * HTML by template: every value that goes in is escaped unless it is HTML made by this same function.
 *
 * What a page shows comes from files and headers of others; a forgotten escape is therefore made impossible rather
 * than avoided.
 */
export class Html {
  constructor(readonly text: string) {}
}

export type Shown = Html | string | number | null | undefined | readonly Shown[];

/** Absent values show nothing; lists are put together. */
export function html(parts: TemplateStringsArray, ...values: readonly Shown[]): Html {
  return new Html(parts.map((part, at) => part + (at < values.length ? shown(values[at]) : '')).join(''));
}

function shown(value: Shown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(shown).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
