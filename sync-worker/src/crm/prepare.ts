/**
 * From a write in the core's words to the operations that carry it.
 *
 * Looks up what the operations need (users, contacts, catalogue rows, present children) and makes what must exist
 * beforehand. Sends nothing of the write itself.
 */
import { childIdOf } from '../ids';
import type { CrmWrite, RecordRef } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import type { Catalogue } from './catalogue';
import { idsMade, type ChildIds } from './child-ids';
import { connectionRow, solutionChanges } from './children';
import { recordCreation } from './creation';
import type { Currencies } from './currencies';
import type { DealReader, DealWithRows } from './deals';
import type { Environment } from './environment';
import { eventRow } from './events';
import { rowFromLink } from './link-row';
import { query, rowPath } from './odata';
import { ownerBind } from './owner';
import type { createMatcher } from './party';
import { makeParty } from './party-rows';
import { ownerOf, recordChanges } from './record-changes';
import { rowFromChanges, type Problem, type WritingContext } from './row-from-changes';
import type { AdapterSettings } from './settings';

export interface PrepareParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly settings: () => Promise<AdapterSettings>;
  readonly currencies: Currencies;
  readonly catalogue: Catalogue;
  readonly childIds: ChildIds;
  readonly matcher: ReturnType<typeof createMatcher>;
  readonly deals: DealReader;
  /** The record's rows as last read, or undefined. */
  readonly recent: (ref: RecordRef) => DealWithRows | undefined;
  /** ISO UTC: the service's clock, ours before its first answer. */
  readonly now: () => string;
}

export type Part = 'create' | 'row' | 'record' | 'close' | 'draft' | 'child' | 'archive' | 'event';

export interface Change {
  readonly part: Part;
  readonly operation: Operation;
  /** An event about a value that this very write replaces: afterwards nobody sees it any more. */
  readonly replaces?: boolean;
}

export type Prepared =
  | {
      readonly kind: 'ready';
      /** The write with what it makes itself: the row knows the children that come with it. */
      readonly write: CrmWrite;
      readonly changes: readonly Change[];
      readonly readBack: Operation;
      readonly token: string;
      readonly context: WritingContext;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Gone, or not what the plan was made of any more. */
  | { readonly kind: 'recordChanged' };

/** @param withOwner false: rows of ours stay with the worker's user, for an owner who may not own them */
export async function prepare(
  write: CrmWrite,
  token: string,
  withOwner: boolean,
  parts: PrepareParts,
): Promise<Prepared> {
  const environment = await parts.environment();
  const settings = await parts.settings();
  const context: WritingContext = {
    environment,
    settings,
    currencies: await parts.currencies.table(),
    now: parts.now(),
  };
  const problems: Problem[] = [];
  const before: Change[] = [];
  const after: Change[] = [];

  if (write.create) {
    const refused = await makeParty(write, context, parts.batcher);
    if (refused) return refused;
    before.push(...(await creations(write, context, problems, parts)));
  } else if (write.record) {
    const record = await recordChanges(write, context, problems, parts);
    if (!Array.isArray(record)) return record;
    after.push(...record);
  }
  const [problem] = problems;
  if (problem)
    return { kind: 'refused', code: problem.code, message: problems.map(({ message }) => message).join('; ') };

  const owner = withOwner ? ownerBind(write.create?.owner ?? ownerOf(write, parts), environment) : {};
  const full = withMade(write, [...before, ...after]);
  const changes = [
    ...before,
    rowChange(full, token, owner, environment),
    ...after,
    ...archiveChange(write, token, owner, environment),
    ...eventChanges(write, token, owner, context),
  ];
  const readBack: Operation = {
    method: 'GET',
    path: `${rowPath(environment.set('cosell_referral'), write.link.key)}${query({ select: 'cosell_claim' })}`,
  };
  return { kind: 'ready', write: full, changes, readBack, token, context };
}

/** Whoever takes such a child off again tells its id and no more: it must stand on the row, whose record it names. */
function withMade(write: CrmWrite, changes: readonly Change[]): CrmWrite {
  const made = changes.flatMap(({ part, operation }) =>
    part === 'child' || part === 'draft' ? idsMade(operation) : [],
  );
  if (made.length === 0) return write;
  const shadow = write.set.shadow ?? write.link.shadow;
  const children = [...new Set([...(shadow.children ?? []), ...made])];
  return { ...write, set: { ...write.set, shadow: { ...shadow, children } } };
}

function rowChange(
  write: CrmWrite,
  token: string,
  owner: Readonly<Record<string, string>>,
  environment: Environment,
): Change {
  const { link, set } = write;
  const create = link.version === '';
  const members = create ? { ...withoutIdentity(link), ...set } : set;
  const columns = rowFromLink({ key: link.key, set: members, claim: link.claim, token, create }, environment);
  const entitySet = environment.set('cosell_referral');
  return {
    part: 'row',
    operation: create
      ? { method: 'POST', path: entitySet, body: { cosell_referralid: link.key, ...columns, ...owner } }
      : { method: 'PATCH', path: rowPath(entitySet, link.key), headers: { 'If-Match': link.version }, body: columns },
  };
}

function withoutIdentity(link: CrmWrite['link']): CrmWrite['set'] {
  const members: Record<string, unknown> = { ...link };
  delete members['key'];
  delete members['version'];
  return members as CrmWrite['set'];
}

/** Behind the row, which gives up the referral's id first: the id is a unique key. */
function archiveChange(
  write: CrmWrite,
  token: string,
  owner: Readonly<Record<string, string>>,
  environment: Environment,
): Change[] {
  if (!write.archive) return [];
  const { key, claim } = write.archive;
  const columns = rowFromLink(
    { key, set: withoutIdentity(write.archive), claim, token, create: true, archive: true },
    environment,
  );
  return [
    {
      part: 'archive',
      operation: {
        method: 'POST',
        path: environment.set('cosell_referral'),
        body: { cosell_referralid: key, ...columns, ...owner },
      },
    },
  ];
}

/** Ids from the write's token: sent twice, they are still one event. */
function eventChanges(
  write: CrmWrite,
  token: string,
  owner: Readonly<Record<string, string>>,
  { environment, now }: WritingContext,
): Change[] {
  const { link, set } = write;
  const record = set.record === undefined ? link.record : set.record;
  const deleted = set.recordDeleted ?? link.recordDeleted;
  const context = {
    key: link.key,
    record: deleted ? null : record,
    correlationId: write.correlationId,
    occurredOn: now,
  };
  return write.events.map((event, index) => ({
    part: 'event',
    replaces: event.outcome === 'conflict' || event.outcome === 'putBack',
    operation: {
      method: 'POST',
      path: environment.set('cosell_syncevent'),
      body: {
        cosell_synceventid: childIdOf(link.key, `event ${token} ${index}`),
        ...eventRow(event, context, environment),
        ...owner,
      },
    },
  }));
}

/** Number of solutions for lists and views; a lead has no such column. */
function countOf({ ref, values }: NonNullable<CrmWrite['create']>): Record<string, unknown> {
  return ref.type === 'lead' ? {} : { cosell_solutioncount: (values.solutions ?? []).length };
}

/** The new record with its children; what it points to has been made before. */
async function creations(
  write: CrmWrite,
  context: WritingContext,
  problems: Problem[],
  parts: PrepareParts,
): Promise<Change[]> {
  const { create, record } = write;
  if (!create) return [];
  const { environment } = context;
  const { childIds } = parts;
  const made = recordCreation(create, context);
  const shown = record
    ? rowFromChanges(create.ref.type, record.changes, undefined, context)
    : { columns: {}, problems: [] };
  problems.push(...made.problems, ...shown.problems);
  const changes: Change[] = [
    {
      part: 'create',
      operation: {
        method: 'POST',
        path: environment.set(create.ref.type),
        body: { ...made.columns, ...shown.columns, ...countOf(create) },
      },
    },
  ];
  if (create.ref.type === 'lead') return changes;
  const child = (operation: Operation): void => void changes.push({ part: 'child', operation });
  const solutions = create.values.solutions ?? [];
  const catalogue = await parts.catalogue.ensure(solutions);
  solutionChanges(create.ref, solutions, [], {
    catalogue,
    environment,
    childIds,
    owner: ownerBind(create.owner, environment),
  }).forEach(child);
  const link = (kind: 'user' | 'contact', id: string, role: string | null): void => {
    if (role !== null)
      child({
        method: 'POST',
        path: environment.set('connection'),
        body: connectionRow(create.ref, kind, id, role, { environment, childIds }),
      });
  };
  const users = new Set(
    (create.values.team ?? []).flatMap((person) => create.party.users[person.email.trim().toLowerCase()] ?? []),
  );
  for (const id of users) if (create.owner !== `user:${id}`) link('user', id, environment.salesTeamRole);
  const [, ...others] = new Set(create.party.contacts.map((contact) => contact.id));
  for (const id of others) link('contact', id, environment.stakeholderRole);
  return changes;
}
