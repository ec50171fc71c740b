/**
 * Where our tables and columns hold a person's address: finding it, and taking it away row by row.
 *
 * For the command that forgets a person. The service's filter only narrows down (its comparison ignores case and
 * accents); whether a text really holds the address the caller decides. Requests travel inside batches, so that an
 * address stands in no URL, since those are logged along the way. Decides nothing and deletes nothing.
 */
import type { Link, RecordType } from '../ports';
import type { Batcher } from './batcher';
import type { PartAnswer } from './batch';
import type { Environment } from './environment';
import { isMissing, jsonOf, refusal } from './failures';
import { linkColumns, linkFromRow, rowFromLink } from './link-row';
import { nextPath } from './links';
import { anyOf, asRows, etagOf, literal, query, rowPath, textOf, type Row } from './odata';
import { hasOwnColumn } from './record-columns';
import { readVariables } from './settings';
import { token, type WebApi } from './web-api';

/** A row that the search found: texts by column, with the version under which they may be changed. */
export interface HeldTexts {
  readonly id: string;
  readonly version: string;
  readonly texts: Readonly<Record<string, string>>;
}

export interface HeldRecord extends HeldTexts {
  readonly type: RecordType;
  readonly name: string;
}

export interface HeldLink {
  readonly link: Link;
  /** Columns whose JSON is damaged: nobody can say what belongs together there. */
  readonly unreadable: readonly string[];
}

/** `changed`: somebody else wrote meanwhile. `gone`: the row is not there any more. */
export type Written = 'written' | 'changed' | 'gone';

export interface PersonStore {
  /** Link rows that may hold one of these texts. */
  links(text: string): Promise<readonly HeldLink[]>;
  linksOfRecords(ids: readonly string[]): Promise<readonly Link[]>;
  events(texts: readonly string[], cutShort: string): Promise<readonly HeldTexts[]>;
  records(type: RecordType, text: string): Promise<readonly HeldRecord[]>;
  /** Settings of the connector by schema name. */
  settings(): Promise<Readonly<Record<string, string>>>;
  writeLink(link: Link, set: Partial<Omit<Link, 'key' | 'version'>>): Promise<Written>;
  writeEvent(event: HeldTexts, texts: Readonly<Record<string, string>>): Promise<Written>;
  writeRecord(record: HeldRecord, texts: Readonly<Record<string, string>>): Promise<Written>;
}

export interface PersonStoreParts {
  readonly api: WebApi;
  readonly batcher: Batcher;
  readonly environment: Environment;
  readonly random: () => number;
}

const pageSize = 500;
const eventTexts = ['cosell_name', 'cosell_oldvalue', 'cosell_newvalue', 'cosell_message'] as const;
/** Text columns of ours on a record; what a table does not have is left out. `name` and the like may name anybody too. */
const recordTexts = [
  'cosell_microsoftteam',
  'cosell_microsoftnotes',
  'cosell_microsoftreason',
  'cosell_audit',
  'cosell_syncmessage',
  'cosell_syncmessagecode',
  'cosell_dealnotes',
  'cosell_notestomicrosoft',
  'cosell_actionreason',
  'cosell_solutiondraft',
] as const;

export function createPersonStore(parts: PersonStoreParts): PersonStore {
  const { api, environment } = parts;
  const contains = (columns: readonly string[], text: string): string =>
    columns.map((column) => `contains(${column},${literal(text)})`).join(' or ');

  const all = async (table: string, select: readonly string[], filter: string): Promise<Row[]> => {
    const found: Row[] = [];
    let path: string | null = `${environment.set(table)}${query({ select: select.join(','), filter })}`;
    while (path !== null) {
      const headers = { Prefer: `odata.maxpagesize=${pageSize}` };
      const [answers] = await api.batch([{ method: 'GET', path, headers }], 'read');
      const body = jsonOf(answers?.[0] as PartAnswer, `search in ${table}`);
      found.push(...asRows(body['value']));
      path = nextPath(body, api);
    }
    return found;
  };

  const links = async (filter: string): Promise<HeldLink[]> =>
    (await all('cosell_referral', linkColumns, filter)).map((row) => {
      const unreadable: string[] = [];
      return { link: linkFromRow(row, (_key, column) => void unreadable.push(column)), unreadable };
    });

  const write = async (table: string, id: string, version: string, body: object): Promise<Written> => {
    const path = rowPath(environment.set(table), id);
    const answer = await api.one({ method: 'PATCH', path, headers: { 'If-Match': version }, body }, 'conditional');
    if (answer.status < 300) return 'written';
    if (answer.status === 412) return 'changed';
    if (isMissing(answer)) return 'gone';
    throw refusal(answer, `change of ${table}`);
  };

  return {
    links: (text) => links(contains(['cosell_shadow', 'cosell_pending', 'cosell_error', 'cosell_name'], text)),
    linksOfRecords: async (ids) => {
      const found: Link[] = [];
      for (let start = 0; start < ids.length; start += 50)
        for (const { link } of await links(anyOf('cosell_recordid', ids.slice(start, start + 50).map(literal))))
          found.push(link);
      return found;
    },
    events: async (texts, cutShort) => {
      const whole = texts.map((text) => contains(eventTexts, text));
      const cut = eventTexts.map(
        (column) => `(contains(${column},${literal(cutShort)}) and endswith(${column},${literal('…')}))`,
      );
      const rows = await all(
        'cosell_syncevent',
        ['cosell_synceventid', ...eventTexts],
        [...whole, ...cut].join(' or '),
      );
      return rows.map((row) => heldIn(row, 'cosell_synceventid', eventTexts));
    },
    records: async (type, text) => {
      const columns = recordTexts.filter((column) => hasOwnColumn(type, column));
      const title = type === 'lead' ? 'subject' : 'name';
      const rows = await all(type, [`${type}id`, title, ...columns], contains([...columns, title], text));
      return rows.map((row) => ({ ...heldIn(row, `${type}id`, [...columns, title]), type, name: textOf(row, title) }));
    },
    settings: async () => {
      const variables = await readVariables(parts.batcher, environment);
      return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`cosell_${name}`, value]));
    },
    writeLink: (link, set) => {
      const given = { key: link.key, set, claim: link.claim, token: token(parts.random), create: false };
      return write('cosell_referral', link.key, link.version, rowFromLink(given, environment));
    },
    writeEvent: (event, texts) => write('cosell_syncevent', event.id, event.version, texts),
    writeRecord: (record, texts) => write(record.type, record.id, record.version, texts),
  };
}

function heldIn(row: Row, id: string, columns: readonly string[]): HeldTexts {
  const texts = columns.map((column) => [column, textOf(row, column)] as const).filter(([, text]) => text !== '');
  return { id: textOf(row, id).toLowerCase(), version: etagOf(row), texts: Object.fromEntries(texts) };
}
