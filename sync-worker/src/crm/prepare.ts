/**
 * From a write in the core's words to the operations that carry it.
 *
 * Looks up what the operations need (users, contacts, catalogue rows, present children) and makes what must exist
 * beforehand. Sends nothing of the write itself.
 */
import { SyncError } from '../errors';
import { childIdOf } from '../ids';
import type { CrmWrite, Deal, Party, RecordRef } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import type { Catalogue } from './catalogue';
import { connectionChanges, connectionRow, solutionChanges } from './children';
import { closingAction } from './closing';
import { contactCreations, partyCreations, recordCreation } from './creation';
import type { Currencies } from './currencies';
import type { DealReader, DealWithRows } from './deals';
import type { Environment } from './environment';
import { eventRow } from './events';
import { faultOf, printedCode, refusal } from './failures';
import { rowFromLink } from './link-row';
import { lookupOf, query, rowPath } from './odata';
import { ownerBind } from './owner';
import type { createMatcher } from './party';
import { idColumn } from './record-columns';
import { rowFromChanges, type Problem, type WritingContext } from './row-from-changes';
import type { AdapterSettings } from './settings';

export interface PrepareParts {
  readonly batcher: Batcher;
  readonly environment: () => Promise<Environment>;
  readonly settings: () => Promise<AdapterSettings>;
  readonly currencies: Currencies;
  readonly catalogue: Catalogue;
  readonly matcher: ReturnType<typeof createMatcher>;
  readonly deals: DealReader;
  /** The record's rows as last read, or undefined. */
  readonly recent: (ref: RecordRef) => DealWithRows | undefined;
  /** ISO UTC: the service's clock, ours before its first answer. */
  readonly now: () => string;
}

export type Part = 'create' | 'row' | 'record' | 'close' | 'child' | 'archive' | 'event';

export interface Change {
  readonly part: Part;
  readonly operation: Operation;
}

export type Prepared =
  | { readonly kind: 'ready'; readonly changes: readonly Change[]; readonly readBack: Operation; readonly token: string; readonly context: WritingContext }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'recordGone' };

/** @param withOwner false: rows of ours stay with the worker's user, for an owner who may not own them */
export async function prepare(write: CrmWrite, token: string, withOwner: boolean, parts: PrepareParts): Promise<Prepared> {
  const environment = await parts.environment();
  const settings = await parts.settings();
  const context: WritingContext = { environment, settings, currencies: await parts.currencies.table(), now: parts.now() };
  const problems: Problem[] = [];
  const before: Change[] = [];
  const after: Change[] = [];

  if (write.create) {
    const refused = await makeParty(write, context, parts);
    if (refused) return refused;
    before.push(...(await creations(write, context, problems, parts)));
  } else if (write.record) {
    const record = await recordChanges(write, context, problems, parts);
    if (!Array.isArray(record)) return record;
    after.push(...record);
  }
  const [problem] = problems;
  if (problem) return { kind: 'refused', code: problem.code, message: problems.map(({ message }) => message).join('; ') };

  const owner = withOwner ? ownerBind(write.create?.owner ?? ownerOf(write, parts), environment) : {};
  const changes = [...before, rowChange(write, token, owner, environment), ...after, ...archiveChange(write, token, owner, environment), ...eventChanges(write, token, owner, context)];
  const readBack: Operation = { method: 'GET', path: `${rowPath(environment.set('cosell_referral'), write.link.key)}${query({ select: 'cosell_claim' })}` };
  return { kind: 'ready', changes, readBack, token, context };
}

/** The deal's owner owns its rows, so that he sees them. */
function ownerOf(write: CrmWrite, parts: PrepareParts): string | null {
  const ref = write.record?.ref ?? write.set.record ?? write.link.record;
  const row = ref ? parts.recent(ref)?.row : undefined;
  const owner = lookupOf(row, 'ownerid');
  if (owner === '') return null;
  return lookupOf(row, 'owninguser') === owner ? `user:${owner}` : `team:${owner}`;
}

function rowChange(write: CrmWrite, token: string, owner: Readonly<Record<string, string>>, environment: Environment): Change {
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
function archiveChange(write: CrmWrite, token: string, owner: Readonly<Record<string, string>>, environment: Environment): Change[] {
  if (!write.archive) return [];
  const { key, claim } = write.archive;
  const columns = rowFromLink({ key, set: withoutIdentity(write.archive), claim, token, create: true, archive: true }, environment);
  return [{ part: 'archive', operation: { method: 'POST', path: environment.set('cosell_referral'), body: { cosell_referralid: key, ...columns, ...owner } } }];
}

/** Ids from the write's token: sent twice, they are still one event. */
function eventChanges(write: CrmWrite, token: string, owner: Readonly<Record<string, string>>, { environment, now }: WritingContext): Change[] {
  const { link, set } = write;
  const record = set.record === undefined ? link.record : set.record;
  const deleted = set.recordDeleted ?? link.recordDeleted;
  const context = { key: link.key, record: deleted ? null : record, correlationId: write.correlationId, occurredOn: now };
  return write.events.map((event, index) => ({
    part: 'event',
    operation: {
      method: 'POST',
      path: environment.set('cosell_syncevent'),
      body: { cosell_synceventid: childIdOf(link.key, `event ${token} ${index}`), ...eventRow(event, context, environment), ...owner },
    },
  }));
}

async function makeParty({ create }: CrmWrite, context: WritingContext, parts: PrepareParts): Promise<Prepared | null> {
  if (!create || create.ref.type === 'lead') return null;
  return makeAll(partyCreations(create.values, create.party, create.owner, context), parts);
}

/** The account first: contacts point to it. */
async function makeAll(creations: readonly Operation[], parts: PrepareParts): Promise<Prepared | null> {
  const [account, ...contacts] = creations;
  for (const group of [account ? [account] : [], contacts]) {
    const answers = await Promise.all(group.map((operation) => parts.batcher.repeatable(operation)));
    for (const answer of answers) {
      if (answer.status < 400 || answer.status === 412) continue;
      const error = refusal(answer, 'creation of account or contact');
      if (error.code !== 'CRM_REFUSED') throw error;
      const fault = faultOf(answer);
      return { kind: 'refused', code: printedCode(fault.code), message: fault.message };
    }
  }
  return null;
}

async function creations(write: CrmWrite, context: WritingContext, problems: Problem[], parts: PrepareParts): Promise<Change[]> {
  const { create, record } = write;
  if (!create) return [];
  const { environment } = context;
  const made = recordCreation(create, context);
  const shown = record ? rowFromChanges(create.ref.type, record.changes, undefined, context) : { columns: {}, problems: [] };
  problems.push(...made.problems, ...shown.problems);
  const changes: Change[] = [{ part: 'create', operation: { method: 'POST', path: environment.set(create.ref.type), body: { ...made.columns, ...shown.columns } } }];
  if (create.ref.type === 'lead') return changes;
  const child = (operation: Operation): void => void changes.push({ part: 'child', operation });
  const solutions = create.values.solutions ?? [];
  const catalogue = await parts.catalogue.ensure(solutions);
  solutionChanges(create.ref, solutions, [], { catalogue, environment, owner: ownerBind(create.owner, environment) }).forEach(child);
  const link = (kind: 'user' | 'contact', id: string, role: string | null): void => {
    if (role !== null) child({ method: 'POST', path: environment.set('connection'), body: connectionRow(create.ref, kind, id, role, environment) });
  };
  const users = new Set((create.values.team ?? []).flatMap((person) => create.party.users[person.email.trim().toLowerCase()] ?? []));
  for (const id of users) if (create.owner !== `user:${id}`) link('user', id, environment.salesTeamRole);
  for (const id of new Set(create.party.contacts.slice(1).map((contact) => contact.id))) link('contact', id, environment.stakeholderRole);
  return changes;
}

async function recordChanges(write: CrmWrite, context: WritingContext, problems: Problem[], parts: PrepareParts): Promise<Change[] | Prepared> {
  const { record } = write;
  if (!record) return [];
  const { ref, version, changes } = record;
  const { environment, settings } = context;
  let { before } = record;
  const { solutions, team, contacts } = changes.values ?? {};
  let rows: DealWithRows | null = null;
  if (solutions ?? team ?? contacts ?? (needsBefore(record.changes) && !before)) {
    rows = await presentRows(ref, before, parts);
    if (!rows) return { kind: 'recordGone' };
    before ??= rows.deal;
  }
  const row = rowFromChanges(ref.type, changes, before, context);
  problems.push(...row.problems);
  const result: Change[] = [
    { part: 'record', operation: { method: 'PATCH', path: rowPath(environment.set(ref.type), ref.id), headers: { 'If-Match': version || '*' }, body: { ...row.columns } } },
  ];
  if (Object.keys(row.columns).length === 0) result.pop();
  const closing = before?.stage === changes.stage ? null : closingAction(ref, changes.stage, settings, environment);
  if (closing) result.push({ part: 'close', operation: closing });
  if (!rows || ref.type === 'lead') return result;

  const child = (operation: Operation): void => void result.push({ part: 'child', operation });
  if (solutions) {
    const catalogue = await parts.catalogue.ensure(solutions);
    solutionChanges(ref, solutions, rows.children.solutions, { catalogue, environment, owner: ownerBind(ownerOf(write, parts), environment) }).forEach(child);
  }
  if (team) {
    const ids = await parts.matcher.users(team.map((person) => person.email));
    const owner = new Set(Object.keys(ids).filter((email) => ids[email] === lookupOf(rows.row, 'owninguser')));
    connectionChanges(ref, 'user', team, rows.children.connections, { environment, ids, implied: owner }).forEach(child);
  }
  if (contacts) {
    const party: Party = { ...(await parts.matcher.match({ contacts })), account: lookupOf(rows.row, 'parentaccountid') || null };
    const refused = await makeAllContacts(party, context, parts);
    if (refused) return refused;
    const ids = Object.fromEntries(party.contacts.map(({ person, id }) => [person.email.trim().toLowerCase(), id]));
    const primary = lookupOf(rows.row, 'parentcontactid');
    const implied = new Set(Object.keys(ids).filter((email) => primary !== '' && ids[email] === primary));
    connectionChanges(ref, 'contact', contacts, rows.children.connections, { environment, ids, implied }).forEach(child);
  }
  return result;
}

function makeAllContacts(party: Party, context: WritingContext, parts: PrepareParts): Promise<Prepared | null> {
  const [first, ...rest] = contactCreations(party, null, context);
  return first ? makeAll([first, ...rest], parts) : Promise.resolve(null);
}

/** An audit line is put before the present text, a mark beside the present name. */
function needsBefore(changes: NonNullable<CrmWrite['record']>['changes']): boolean {
  return (changes.audit?.length ?? 0) > 0 || changes.mark !== undefined;
}

/** The rows behind the deal that the core has seen; read again when they are not at hand. */
async function presentRows(ref: RecordRef, before: Deal | undefined, parts: PrepareParts): Promise<DealWithRows | null> {
  const kept = parts.recent(ref);
  if (kept && before && kept.deal.version === before.version && kept.deal.children.join() === before.children.join()) return kept;
  const read = await parts.deals.read(ref);
  if (read && textId(read, ref) !== ref.id.toLowerCase()) throw new SyncError('UNEXPECTED_ANSWER', { detail: 'another record than the one asked for' });
  return read;
}

function textId({ row }: DealWithRows, ref: RecordRef): string {
  return String(row[idColumn(ref.type)] ?? '').toLowerCase();
}
