/**
 * Takes personal data and secrets out of a text before it is logged, shown or stored.
 *
 * Services repeat what they were sent in their error messages, so every foreign text passes here.
 * Errs on the side of taking out too much: a masked order number costs a look into the CRM, an
 * e-mail address in a log costs more.
 */

const longest = 2000;

/**
 * In this order: a token is masked whole before its parts could be taken for something else. Every repetition is
 * bounded or ends at a character that it cannot contain, so that hostile input does not cost quadratic time.
 */
const masks: readonly (readonly [RegExp, string])[] = [
  // private keys and certificates pasted into a setting
  [/-----BEGIN [A-Z0-9 ]{1,40}-----[^-]*(?:-----END [A-Z0-9 ]{1,40}-----)?/g, '<key>'],
  [/\beyJ[\w-]*(?:\.[\w-]*){0,4}/g, '<token>'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 <token>'],
  // name=value and "name": "value" of well-known secrets
  [
    /(\b(?:client_secret|client_assertion|refresh_token|access_token|id_token|assertion|password|secret|x-identity-header)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1<secret>',
  ],
  // in a query only: elsewhere a code is an error's
  [/([?&](?:code|sig)=)[^\s&#"']+/gi, '$1<secret>'],
];

/** An address, also without its first part when that is made of signs; OData's annotations look alike (@odata.type). */
const email =
  /[\p{L}\p{N}._%+!#$*^`{|}~-]{0,64}(?:@|%40)(?!odata\b|OData\b|mscrm\b|Microsoft\.)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}/gu;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A date, an instant, or an etag's number with its fraction: digits that help to find a fault. */
const instant = /^(?:19|20)\d{2}-[01]\d-[0-3]\d(?!\d)(?:[T ][\d:.]+Z?)?$/;
/** Unbroken runs as secrets have them: letters and digits mixed, 24 or more. Words and paths have neither. */
const run = /[A-Za-z0-9_~+/=.-]{24,}/g;
const phone =
  /[0-9a-f]{8}-[0-9a-f-]{27}|(?:19|20)\d{2}-[01]\d-[0-3]\d(?!\d)(?:[T ][\d:.]+Z?)?|(?:\+|\b00)?\d(?:[ ()./-]{0,3}\d){6,17}\b/gi;

/** The secrets of this process's own settings. Nobody can tell a chosen password by its looks, but we know ours. */
const own = new Set<string>();
/** Shorter ones would take out parts of ordinary words; no service makes such. */
const shortestSecret = 8;

/** From now on `scrub` takes this value out of every text, also as it stands in JSON or in a form. */
export function hide(secret: string): void {
  const plain = secret.trim();
  if (plain.length < shortestSecret) return;
  const inForm = new URLSearchParams([['', plain]]).toString().slice(1);
  for (const form of [plain, JSON.stringify(plain).slice(1, -1), inForm]) own.add(form);
}

function withoutOwn(text: string): string {
  let rest = text;
  for (const secret of own) if (rest.includes(secret)) rest = rest.split(secret).join('<secret>');
  return rest;
}

/** The text without e-mail addresses, phone numbers, tokens, keys and long secrets, at most 2000 characters. */
export function scrub(value: unknown): string {
  let text = typeof value === 'string' ? value : value instanceof Error ? value.message : stringify(value);
  // Cut before masking would leave half a secret behind; so twice: roughly first, exactly at the end.
  if (text.length > longest * 4) text = text.slice(0, longest * 4).replace(/[^\s]*$/, '');
  text = withoutOwn(text);
  for (const [pattern, mask] of masks) text = text.replace(pattern, mask);
  // Looked for only where there is a sign of one: this pattern is the dear one, and every request's path comes by.
  if (/@|%40/.test(text)) text = text.replace(email, '<email>');
  text = text.replace(run, (found) => (looksSecret(found) ? '<secret>' : found));
  text = text.replace(phone, (found) =>
    guid.test(found) || instant.test(found) || isPlainNumber(found) ? found : '<phone>',
  );
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function stringify(value: unknown): string {
  if (value === undefined) return '';
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

function looksSecret(found: string): boolean {
  if (guid.test(found)) return false;
  return found.split(/[/.]/).some((part) => part.length >= 24 && !guid.test(part) && mixed(part));
}

function mixed(part: string): boolean {
  if (/^(?:[a-z]+[-_])*[a-z]+$/i.test(part)) return false;
  const digits = part.replace(/\D/g, '').length;
  return digits >= 2 && /[a-z]/i.test(part);
}

/** Amounts, versions and ids of at most nine digits stay; phone numbers with country code have more, or separators. */
function isPlainNumber(found: string): boolean {
  return /^\d{1,9}$/.test(found);
}
