/** What a PUT or PATCH of a secret may hold. Strict: a member that is not modelled is refused by name with 501. */
import { refusals } from './refusals';
import type { SecretChanges } from './secrets';

export class NotModelled extends Error {}

const members = new Set(['value', 'contentType', 'tags', 'attributes']);
const attributes = new Set(['enabled', 'exp', 'nbf']);

export interface SecretBody extends SecretChanges {
  readonly value?: string;
}

export function secretBody(body: Buffer, contentType: string): SecretBody {
  if (!contentType.startsWith('application/json'))
    throw refusals.badParameter('The content type must be application/json.');
  const all = objectOf(parse(body.toString('utf8')), 'the body');
  for (const name of Object.keys(all)) if (!members.has(name)) throw new NotModelled(`${name} in a secret`);
  const given = all['attributes'] === undefined ? {} : objectOf(all['attributes'], 'attributes');
  for (const name of Object.keys(given))
    if (!attributes.has(name)) throw new NotModelled(`attribute ${name} of a secret`);
  return {
    ...optional('value', all['value'], 'string'),
    ...optional('contentType', all['contentType'], 'string'),
    ...(all['tags'] === undefined ? {} : { tags: textsOf(all['tags']) }),
    ...optional('enabled', given['enabled'], 'boolean'),
    ...optional('exp', given['exp'], 'number'),
    ...optional('nbf', given['nbf'], 'number'),
  };
}

function optional(name: string, value: unknown, type: 'string' | 'boolean' | 'number'): object {
  if (value === undefined || value === null) return {};
  if (typeof value !== type) throw refusals.badParameter(`${name} must be a ${type}.`);
  return { [name]: value };
}

function textsOf(value: unknown): Record<string, string> {
  const tags = objectOf(value, 'tags');
  for (const tag of Object.values(tags))
    if (typeof tag !== 'string') throw refusals.badParameter('Tags must be texts.');
  return tags as Record<string, string>;
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refusals.badParameter(`${what} must be an object.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusals.badParameter('The body is no JSON.');
  }
}
