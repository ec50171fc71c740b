/**
 * The record's part of a write: its columns, its closing, its solutions and people.
 *
 * Compares with the rows behind the deal that the core has seen, and makes contacts that the change names.
 */
import type { Person } from '../../../domain/deal';
import { personKey } from '../../../domain/normalise';
import { SyncError } from '../errors';
import type { CrmWrite, Deal, RecordRef } from '../ports';
import type { Operation } from './batch';
import { connectionChanges, editedSince, solutionChanges, type PersonKind } from './children';
import { closingAction } from './closing';
import { draftColumn, draftCreations } from './draft';
import { contactCreations } from './creation';
import type { DealWithRows } from './deals';
import { lookupOf, rowPath, type Row } from './odata';
import { ownerBind } from './owner';
import { makeAll } from './party-rows';
import type { Change, Prepared, PrepareParts } from './prepare';
import { idColumn } from './record-columns';
import { rowFromChanges, type Problem, type WritingContext } from './row-from-changes';

type Ids = Readonly<Record<string, string>>;

/** The deal's owner owns its rows, so that he sees them. */
export function ownerOf(write: CrmWrite, parts: PrepareParts): string | null {
  const ref = write.record?.ref ?? write.set.record ?? write.link.record;
  const row = ref ? parts.recent(ref)?.row : undefined;
  const owner = lookupOf(row, 'ownerid');
  if (owner === '') return null;
  return lookupOf(row, 'owninguser') === owner ? `user:${owner}` : `team:${owner}`;
}

/** Changes of the record, or why there are none to send. */
export async function recordChanges(
  write: CrmWrite,
  context: WritingContext,
  problems: Problem[],
  parts: PrepareParts,
): Promise<Change[] | Prepared> {
  const { record } = write;
  if (!record) return [];
  const { ref, version, changes } = record;
  const { environment, settings } = context;
  const { childIds } = parts;
  let { before } = record;
  const { solutions, team, contacts } = changes.values ?? {};
  let rows: DealWithRows | null = null;
  if (solutions ?? team ?? contacts ?? changes.takeDraft ?? (needsBefore(record.changes) && !before)) {
    rows = await presentRows(ref, before, parts);
    if (!rows) return { kind: 'recordChanged' };
    before ??= rows.deal;
  }
  const owner = ownerBind(ownerOf(write, parts), environment);
  const present = rows?.children.solutions ?? [];
  // Picks of a draft are known of the deal and no rows yet.
  const knew = changes.takeDraft ? undefined : knownOf(write, 'solutions');
  if (solutions && knew && editedSince(knew, present)) return { kind: 'recordChanged' };
  const picks =
    rows && solutions && ref.type !== 'lead'
      ? solutionChanges(ref, solutions, present, {
          catalogue: await parts.catalogue.ensure(solutions),
          environment,
          childIds,
          owner,
          knew,
        })
      : null;
  const row = rowFromChanges(ref.type, changes, before, context);
  problems.push(...row.problems);
  const result: Change[] = [
    {
      part: 'record',
      operation: {
        method: 'PATCH',
        path: rowPath(environment.set(ref.type), ref.id),
        headers: { 'If-Match': version || '*' },
        body: { ...row.columns, ...countColumns(record, picks ? present.length + growth(picks) : countOf(before)) },
      },
    },
  ];
  if (Object.keys(row.columns).length === 0) result.pop();
  const closing = before?.stage === changes.stage ? null : closingAction(ref, changes.stage, settings, environment);
  if (closing) result.push({ part: 'close', operation: closing });
  if (!rows || ref.type === 'lead') return result;

  const child = (operation: Operation): void => void result.push({ part: 'child', operation });
  // What the write says about solutions includes the picks, because the deal does.
  if (changes.takeDraft && !solutions)
    for (const operation of draftCreations(ref, rows.drafted, present, { environment, childIds, owner }))
      result.push({ part: 'draft', operation });
  picks?.forEach(child);
  const people = (kind: PersonKind, wanted: readonly Person[], ids: Ids, onRecord: string): void => {
    // The owner and the primary contact are on the record without a connection.
    const implied = new Set(Object.keys(ids).filter((key) => onRecord !== '' && ids[key] === onRecord));
    const knew = knownOf(write, kind === 'user' ? 'team' : 'contacts');
    connectionChanges(ref, kind, wanted, rows.children.connections, {
      environment,
      childIds,
      ids,
      implied,
      knew,
    }).forEach(child);
  };
  if (team)
    people(
      'user',
      team,
      await parts.matcher.users(team.map((person) => person.email)),
      lookupOf(rows.row, 'owninguser'),
    );
  if (contacts) {
    const account = lookupOf(rows.row, 'parentaccountid');
    const known = new Set(knownOf(write, 'contacts')?.map(personKey));
    // Who is on the deal is a contact already, also one who is not found for want of an e-mail address.
    const newcomers = contacts.filter((person) => !known.has(personKey(person)));
    const party = await parts.matcher.match({ contacts: newcomers }, account);
    const refused = await makeAll(
      contactCreations({ ...party, account: account || null }, null, context),
      parts.batcher,
    );
    if (refused) return refused;
    const ids = Object.fromEntries(party.contacts.map(({ person, id }) => [personKey(person), id]));
    people('contact', contacts, ids, lookupOf(rows.row, 'parentcontactid'));
  }
  return result;
}

/** The record's list as it was when the write was planned: seen, or as it was last agreed on. */
function knownOf<F extends 'solutions' | 'team' | 'contacts'>(
  { link, record }: CrmWrite,
  field: F,
): Deal['values'][F] | undefined {
  if (!record?.before) return undefined;
  return record.before.values[field] ?? (link.shadow.fields[field]?.crm as Deal['values'][F] | undefined);
}

/** The number of solutions for lists and views, kept true whenever the record is written and they are known. */
function countColumns({ ref, changes }: NonNullable<CrmWrite['record']>, count: number | undefined): Row {
  if (ref.type === 'lead') return {};
  return {
    ...(count === undefined ? {} : { cosell_solutioncount: count }),
    ...(changes.takeDraft ? { [draftColumn]: null } : {}),
  };
}

function countOf(before: Deal | undefined): number | undefined {
  return before?.complete ? before.values.solutions?.length : undefined;
}

function growth(picks: readonly Operation[]): number {
  const made = picks.filter(({ method }) => method === 'POST').length;
  return made - picks.filter(({ method }) => method === 'DELETE').length;
}

/** An audit line is put before the present text, a mark beside the present name. */
function needsBefore(changes: NonNullable<CrmWrite['record']>['changes']): boolean {
  return (changes.audit?.length ?? 0) > 0 || changes.mark !== undefined;
}

/** The rows behind the deal that the core has seen; read again when they are not at hand. */
async function presentRows(
  ref: RecordRef,
  before: Deal | undefined,
  parts: PrepareParts,
): Promise<DealWithRows | null> {
  const kept = parts.recent(ref);
  if (kept && before && kept.deal.version === before.version && kept.deal.children.join() === before.children.join())
    return kept;
  const read = await parts.deals.read(ref);
  if (read && textId(read, ref) !== ref.id.toLowerCase())
    throw new SyncError('UNEXPECTED_ANSWER', { detail: 'another record than the one asked for' });
  return read;
}

function textId({ row }: DealWithRows, ref: RecordRef): string {
  return String(row[idColumn(ref.type)] ?? '').toLowerCase();
}
