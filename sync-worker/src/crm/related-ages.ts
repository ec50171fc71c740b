/**
 * Fingerprints of the records that a deal's findings can name: account, contacts, users, currency, solutions.
 *
 * A person mends them on their own forms, which no feed of the deal shows; joined each poll for the parked deals.
 */
import type { RecordRef, RecordType } from '../ports';
import type { Operation } from './batch';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { anyOf, asRows, etagOf, expanded, lookupOf, query, textOf, type Row } from './odata';
import { idColumn } from './record-columns';

/** Rows that lead to related records: the records themselves, and the children that point to others. */
interface Source {
  readonly table: string;
  /** Column with the record's id. */
  readonly owner: string;
  readonly only?: string;
  /** Lookup column and target table. */
  readonly relations: readonly (readonly [column: string, target: string])[];
}

const sources: Readonly<Record<RecordType, readonly Source[]>> = {
  opportunity: [
    {
      table: 'opportunity',
      owner: 'opportunityid',
      relations: [
        ['parentaccountid', 'account'],
        ['parentcontactid', 'contact'],
        ['customerid', 'account'],
        ['customerid', 'contact'],
        ['owninguser', 'systemuser'],
        ['transactioncurrencyid', 'transactioncurrency'],
      ],
    },
    {
      table: 'connection',
      owner: '_record1id_value',
      only: 'statecode eq 0',
      relations: [
        ['record2id', 'systemuser'],
        ['record2id', 'contact'],
      ],
    },
    {
      table: 'cosell_opportunitysolution',
      owner: '_cosell_opportunityid_value',
      relations: [['cosell_solutionid', 'cosell_solution']],
    },
  ],
  lead: [
    {
      table: 'lead',
      owner: 'leadid',
      relations: [
        ['owninguser', 'systemuser'],
        ['transactioncurrencyid', 'transactioncurrency'],
      ],
    },
  ],
};

const recordsPerQuery = 50;

/** Texts by record id; a record that is gone has none. Rides in one batch with whatever else is asked at the moment. */
export async function relatedAges(
  refs: readonly RecordRef[],
  batcher: Batcher,
  environment: Environment,
): Promise<ReadonlyMap<string, string>> {
  const reads: Promise<(readonly [id: string, age: string])[]>[] = [];
  for (const type of ['opportunity', 'lead'] as const) {
    const ids = refs.filter((ref) => ref.type === type).map((ref) => ref.id);
    for (let at = 0; at < ids.length; at += recordsPerQuery) {
      for (const source of sources[type]) {
        const read = batcher.read(agesRead(source, ids.slice(at, at + recordsPerQuery), environment));
        reads.push(
          read.then((answer) =>
            asRows(jsonOf(answer, `ages of what a ${source.table} points to`)['value']).map((row) => [
              ownerOf(source, row),
              ageOf(source, row, environment),
            ]),
          ),
        );
      }
    }
  }
  const ages = new Map<string, string[]>();
  for (const [id, age] of (await Promise.all(reads)).flat()) ages.set(id, [...(ages.get(id) ?? []), age]);
  return new Map([...ages].map(([id, texts]) => [id, texts.sort().join('|')]));
}

function agesRead(
  { table, owner, only, relations }: Source,
  ids: readonly string[],
  environment: Environment,
): Operation {
  const expand = relations
    .map(([column, target]) => `${environment.nav(table, column, target)}($select=modifiedon)`)
    .join(',');
  const filter = [anyOf(owner, ids), ...(only ? [only] : [])].join(' and ');
  return { method: 'GET', path: `${environment.set(table)}${query({ select: owner, filter, expand })}` };
}

function ownerOf({ owner, table }: Source, row: Row): string {
  return owner === idColumn(table as RecordType)
    ? textOf(row, owner).toLowerCase()
    : lookupOf(row, owner.slice(1, -'_value'.length));
}

/**
 * Any change of a related record, or another one in its place, makes another text. The version beside the time, because
 * times have whole seconds.
 */
function ageOf({ table, relations }: Source, row: Row, environment: Environment): string {
  const ages = relations.map(([column, target]) => {
    const related = expanded(row, environment.nav(table, column, target));
    return related ? `${textOf(related, `${target}id`)}@${textOf(related, 'modifiedon')}@${etagOf(related)}` : '';
  });
  return ages.join();
}
