/**
 * `cosell forget <e-mail>`: takes a person out of what the connector keeps in the CRM, and names what only people can
 * change. Safe beside a running worker: every write is conditional on the version that was looked at.
 */
import type { Command } from 'commander';
import { isOver } from '../ageing';
import { createBatcher } from '../crm/batcher';
import { readEnvironment } from '../crm/environment';
import { createPersonStore } from '../crm/person-store';
import type { HeldRecord, HeldTexts, PersonStore, Written } from '../crm/person-store';
import { requireWholeSolution } from '../crm/solution-check';
import { createWebApi } from '../crm/web-api';
import { isSyncError } from '../errors';
import type { Link } from '../ports';
import { openCrm } from './crm-settings';
import {
  columnsLeft,
  eventWithout,
  linkMentions,
  linkWithout,
  mentions,
  personOf,
  placesIn,
  recordWithout,
} from './forget-person';
import type { LinkSet, Person } from './forget-person';
import { forgetReport, type InUse } from './forget-report';
import { confirmed } from './io';
import type { CliIo } from './io';
import { Refusal } from './refusals';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** What is to be written, and what stays because it is not ours to change. */
export interface Findings {
  readonly links: readonly { readonly link: Link; readonly set: LinkSet }[];
  readonly events: readonly { readonly event: HeldTexts; readonly texts: Record<string, string> }[];
  readonly records: readonly { readonly record: HeldRecord; readonly texts: Record<string, string> }[];
  readonly inUse: readonly InUse[];
}

export function register(program: Command, io: CliIo): void {
  program
    .command('forget')
    .description('takes a person out of rows, events and columns of the connector in the CRM')
    .argument('<e-mail>', 'address of the person')
    .option('--dry-run', 'only show what would change')
    .option('--json', 'as JSON')
    .option('--yes', 'do not ask')
    .action((text: string, options: Options) => forget(io, text, options));
}

async function forget(io: CliIo, text: string, options: Options): Promise<void> {
  const person = personOf(text);
  const store = await open(io).catch(denied);
  const found = await look(store, person).catch(denied);
  const count = found.links.length + found.events.length + found.records.length;
  const show = (left: readonly InUse[]): void =>
    io.out(
      forgetReport(
        {
          links: found.links.length,
          events: found.events.length,
          records: found.records.length,
          inUse: left,
          dryRun: options.dryRun === true,
        },
        options.json === true,
      ),
    );
  if (options.dryRun || count === 0) {
    show(found.inUse);
    return end(found.inUse);
  }
  const question = `Take the person out of ${found.links.length} rows, ${found.events.length} events and ${found.records.length} records? This cannot be undone.`;
  if (!options.yes && !(await confirmed(io, question))) throw new Refusal('NOT_CONFIRMED');
  const refused = await cleaned(store, person, found).catch(denied);
  // Looked for once more: what was written while we worked, and proof that the rest is gone.
  const after = await look(store, person).catch(denied);
  const busy = leftOver(after).filter((one) => !refused.some((other) => other.id === one.id));
  const left = [...after.inUse, ...refused, ...busy];
  show(left);
  return end(left);
}

function end(inUse: readonly InUse[]): void {
  if (inUse.length > 0) throw new Refusal('PERSON_IN_USE', { detail: `in ${inUse.length} places, listed above` });
}

function denied(error: unknown): never {
  if (isSyncError(error, 'CRM_DENIED'))
    throw new Refusal('FORGET_DENIED', {
      detail: error.detail,
      ...(error.requestId ? { requestId: error.requestId } : {}),
    });
  throw error;
}

async function open(io: CliIo): Promise<PersonStore> {
  const { url, send } = openCrm(io);
  const random = Math.random;
  const api = createWebApi({ send, baseUrl: url, random });
  const environment = await readEnvironment(api);
  await requireWholeSolution(api, environment);
  return createPersonStore({ api, batcher: createBatcher(api, io.clock), environment, random });
}

async function look(store: PersonStore, person: Person): Promise<Findings> {
  const rows = await store.links(person.address);
  const damaged = rows.filter(({ unreadable }) => unreadable.length > 0);
  const links = rows.flatMap(({ link, unreadable }) =>
    unreadable.length === 0 && linkMentions(link, person) ? [link] : [],
  );
  const records = [
    ...(await store.records('opportunity', person.address)),
    ...(await store.records('lead', person.address)),
  ].filter((record) => Object.values(record.texts).some((text) => mentions(text, person)));
  const events = await store.events([person.address, person.masked], person.maskedStart);
  const settings = Object.entries(await store.settings()).filter(([, value]) => mentions(value, person));
  const atWork = await recordsAtWork(store, records);
  const over = (record: HeldRecord): boolean => !atWork.has(record.id);
  return {
    links: links.flatMap((link) => pair(linkWithout(link, person), (set) => ({ link, set }))),
    events: events.flatMap((event) => pair(eventWithout(event, person), (texts) => ({ event, texts }))),
    records: records.flatMap((record) =>
      pair(recordWithout(record, over(record), person), (texts) => ({ record, texts })),
    ),
    inUse: together([
      ...links.flatMap((link) => linkLeft(link, person)),
      ...damaged.map(({ link, unreadable }): InUse => ({
        what: 'row',
        id: link.key,
        name: link.name,
        places: [`damaged: ${unreadable.join(', ')}`],
      })),
      ...records.flatMap((record) => recordLeft(record, columnsLeft(record, over(record), person))),
      ...settings.map(([name]): InUse => ({ what: 'setting', id: name, name, places: ['value'] })),
    ]),
  };
}

/** A deal that holds the person in its row and on its record is one deal to the reader. */
function together(all: readonly InUse[]): InUse[] {
  const byId = new Map<string, InUse>();
  for (const one of all) {
    const before = byId.get(one.id);
    byId.set(one.id, before ? { ...before, places: [...before.places, ...one.places] } : one);
  }
  return [...byId.values()];
}

function pair<Change, Result>(change: Change | null, make: (change: Change) => Result): Result[] {
  return change === null ? [] : [make(change)];
}

/** Records whose row is not over: the worker writes them again whenever both sides say so. */
async function recordsAtWork(store: PersonStore, records: readonly HeldRecord[]): Promise<ReadonlySet<string>> {
  const rows = await store.linksOfRecords(records.map(({ id }) => id));
  return new Set(rows.filter((link) => !isOver(link)).map(({ record }) => record?.id ?? ''));
}

function linkLeft(link: Link, person: Person): InUse[] {
  const after = { ...link, ...linkWithout(link, person) };
  if (!linkMentions(after, person)) return [];
  const { record, referralId, name } = link;
  return [
    {
      what: record?.type ?? 'row',
      id: record?.id ?? link.key,
      name,
      ...(referralId ? { referralId } : {}),
      places: placesIn(after, person),
    },
  ];
}

function recordLeft({ type, id, name }: HeldRecord, columns: readonly string[]): InUse[] {
  return columns.length === 0 ? [] : [{ what: type, id, name, places: columns }];
}

/** Still there although it could be changed: somebody else writes it faster than we do. */
function leftOver({ links, events, records }: Findings): InUse[] {
  const busy = (what: InUse['what'], id: string): InUse => ({ what, id, name: '', places: ['changed meanwhile'] });
  return [
    ...links.map(({ link }) => busy('row', link.key)),
    ...events.map(({ event }) => busy('event', event.id)),
    ...records.map(({ record }) => busy(record.type, record.id)),
  ];
}

const rounds = 3;

/** Rows before records: a row that has forgotten does not take the emptied column for somebody's edit. */
async function cleaned(store: PersonStore, person: Person, first: Findings): Promise<InUse[]> {
  let found = first;
  for (let round = 1; ; round += 1) {
    const refused: InUse[] = [];
    const results: Written[] = [];
    for (const { link, set } of found.links) results.push(await store.writeLink(link, set));
    for (const { event, texts } of found.events) results.push(await store.writeEvent(event, texts));
    for (const { record, texts } of found.records) {
      const result = await store.writeRecord(record, texts).catch((error: unknown) => {
        // A closed record, a customer's plug-in: named, and the rest goes on.
        if (!isSyncError(error, 'CRM_REFUSED')) throw error;
        refused.push({
          what: record.type,
          id: record.id,
          name: record.name,
          places: [...Object.keys(texts), `refused: ${error.detail}`],
        });
        return 'written' as const;
      });
      results.push(result);
    }
    if (round === rounds || !results.includes('changed')) return refused;
    found = await look(store, person);
  }
}
