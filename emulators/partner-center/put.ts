/**
 * PUT, obsolete since 2020 but still answered: the whole referral is sent back and what is missing is
 * lost. Worked out as the patch that leads from the stored referral to the body, so that both ways
 * obey the same rules. Microsoft Learn (2019): "Update a referral".
 */
import { sameJson } from './json';
import type { PatchOperation } from './patch';
import { patchPaths } from './patch-paths';
import { invalid } from './refusal';
import { at, read, writableShape, type Draft } from './shape';
import type { Switches } from './switches';
import type { Referral } from './types';

const fixed = [
  'customerProfile.name',
  ...['addressLine1', 'addressLine2', 'city', 'state', 'postalCode', 'country'].map(
    (name) => `customerProfile.address.${name}`,
  ),
  'mpnId',
];

export function operationsOfPut(before: Referral, body: unknown, switches: Switches): PatchOperation[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('invalidType', 'body', 'The body must be a referral.');
  }
  if (Object.keys(body).some((name) => name.toLowerCase() === 'links')) {
    throw invalid('readOnlyField', 'links', 'links must be removed before the referral is sent back.');
  }
  const numbersAsText = switches['patch.stringNumbers'] === 'accept';
  const sent = read(body, writableShape, '', { numbersAsText }) as Draft;
  for (const path of fixed) {
    if ((at(sent, path) ?? null) !== (at(before, path) ?? null)) {
      throw invalid('readOnlyField', path, `${path} cannot be changed after creation.`);
    }
  }
  const operations: PatchOperation[] = [];
  for (const { path, group } of patchPaths) {
    if (group === 'all' || path.endsWith('/-')) continue;
    const dotted = path.slice(1).replaceAll('/', '.');
    const was = at(before, dotted);
    const value = at(sent, dotted) ?? (Array.isArray(was) ? [] : typeof was === 'boolean' ? false : null);
    if (!sameJson(value, was)) operations.push({ op: 'replace', path, value });
  }
  return withWholeState(operations, sent);
}

/** A changed status or substatus travels with its partner, or the pair rule would refuse both. */
function withWholeState(operations: PatchOperation[], sent: Draft): PatchOperation[] {
  const has = (path: string): boolean => operations.some((operation) => operation.path === path);
  for (const [one, other] of [
    ['/status', '/substatus'],
    ['/substatus', '/status'],
  ] as const) {
    if (has(one) && !has(other)) operations.push({ op: 'replace', path: other, value: sent[other.slice(1)] ?? null });
  }
  return operations;
}
