/**
 * Who owns an inbound deal: the seller whom Microsoft named, else a rule, else the default owner.
 */
import type { DealValues } from '../../../domain/deal';
import type { Party } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import type { CrmMapping } from './mapping';
import { asRows, literal, query, rowPath, textOf } from './odata';

export interface OwnerParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
}

/** Opaque above the adapter: `user:<id>` or `team:<id>`. */
export type Owner = string;

export async function ownerFor(
  values: DealValues,
  party: Party,
  mapping: CrmMapping,
  defaultOwner: string,
  parts: OwnerParts,
): Promise<Owner | null> {
  for (const person of values.team ?? []) {
    const id = party.users[person.email.trim().toLowerCase()];
    if (id) return `user:${id}`;
  }
  // The rule, then the default: whoever is found first, so that a rule that names a leaver does not lose the deal.
  for (const name of [ruleOwner(values, mapping), defaultOwner]) {
    const owner = name ? await ownerNamed(name, parts) : null;
    if (owner) return owner;
  }
  return null;
}

/** First rule of which every given condition holds. */
export function ruleOwner(values: DealValues, mapping: CrmMapping): string | null {
  const country = values.customer?.address.country.toUpperCase() ?? '';
  const solutions = new Set((values.solutions ?? []).map((solution) => solution.id.trim().toLowerCase()));
  const rule = mapping.owners.find(
    ({ countries, solutions: wanted }) =>
      (!countries || countries.some((each) => each.toUpperCase() === country)) &&
      (!wanted || wanted.some((each) => solutions.has(each.trim().toLowerCase()))),
  );
  return rule?.owner ?? null;
}

/** A user's e-mail address, or a team's name. Null: nobody who may own a deal is called so. */
export async function ownerNamed(name: string, { batcher, environment }: OwnerParts): Promise<Owner | null> {
  const isEmail = name.includes('@');
  const [table, select, filter] = isEmail
    ? ['systemuser', 'systemuserid', `internalemailaddress eq ${literal(name.trim())} and isdisabled eq false`]
    : ['team', 'teamid', `name eq ${literal(name.trim())} and teamtype eq 0`];
  const answer = await batcher.read({
    method: 'GET',
    path: `${(await environment()).set(table)}${query({ select, filter, top: 1 })}`,
  });
  const id = textOf(asRows(jsonOf(answer, `search of ${table}`)['value'])[0], select).toLowerCase();
  return id === '' ? null : `${isEmail ? 'user' : 'team'}:${id}`;
}

/** `@odata.bind` of an owner, or nothing when there is none to name. */
export function ownerBind(owner: Owner | null | undefined, environment: Environment): Record<string, string> {
  const [kind, id] = (owner ?? '').split(':');
  if (!id) return {};
  return { 'ownerid@odata.bind': rowPath(environment.set(kind === 'team' ? 'team' : 'systemuser'), id) };
}
