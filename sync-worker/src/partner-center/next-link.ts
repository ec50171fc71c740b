/**
 * What an `@odata.nextLink` says, without its address.
 *
 * Links in real answers and in Microsoft's samples carry http, lack path segments or are relative, so only the
 * continuation token is taken out, and which query options stand beside it. Source: Microsoft Learn "Get a list of
 * referrals" (sample of nextLink), seen answers.
 */
export interface NextLink {
  /** `$skiptoken` or `$skip`; null when the link has neither. */
  readonly continuation: readonly [name: string, value: string] | null;
  /** Options that the link repeats, lower case: a continuation repeats ours where the service does. */
  readonly options: ReadonlySet<string>;
}

/** Null for no link. */
export function readNextLink(link: unknown): NextLink | null {
  if (typeof link !== 'string' || link.trim() === '') return null;
  const options = new Map(parts(link).map(([name, value]) => [name.toLowerCase(), value]));
  const name = ['$skiptoken', '$skip'].find((option) => options.get(option));
  return {
    continuation: name === undefined ? null : [name, options.get(name) ?? ''],
    options: new Set(options.keys()),
  };
}

/** Not URLSearchParams: that takes the + of a base64 token for a blank. */
function parts(link: string): readonly (readonly [string, string])[] {
  const query = link.replace(/#.*$/s, '').split('?').slice(1).join('?');
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const sign = part.indexOf('=');
      return sign < 0 ? [decoded(part), ''] : [decoded(part.slice(0, sign)), decoded(part.slice(sign + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
