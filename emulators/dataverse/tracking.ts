/**
 * Change tracking: the initial read, its pages, and deltas.
 *
 * Source: Microsoft Learn "Use change tracking to synchronize data with external systems", plus the
 * organization setting `expirechangetrackingindays`. A token is `<row version>!<UTC time>`, as in
 * Microsoft's samples. What the page leaves open is a switch.
 */
import { json, plain, type Answer } from './answer';
import { DataverseError, unreadable } from './errors';
import type { Operation } from './operation';
import { linkQuery, pageSizeOf, readSkipToken, skipToken } from './paging';
import { applied } from './prefer';
import { demandGlobalRead } from './privileges';
import { checkOptions } from './query';
import { shapeOf, type Shape } from './select';
import type { Table } from './types';
import { changesBetween, type Change } from './tracking-log';
import { apiRoot } from './url';
import { contextUrl, renderRow, type Rendered } from './wire-out';
import type { World } from './world';

/** Where a read stands: everything after `since` up to `until`, of which `done` are shown. */
interface Cursor {
  readonly since: number;
  readonly until: number;
  readonly after: Pick<Change, 'kind' | 'version'> | null;
  readonly delta: boolean;
}

const allowed = new Set(['$select', '$deltatoken', '$skiptoken', 'tag']);

export function isTracked(operation: Operation): boolean {
  const { options } = operation.target;
  if (operation.preferences.trackChanges || options.has('$deltatoken')) return true;
  const token = options.get('$skiptoken');
  return token !== undefined && token.includes('istracking="True"');
}

export function trackedRead(operation: Operation, table: Table): Answer {
  const { world, caller, target, preferences } = operation;
  refuseOptions(target.options);
  if (operation.inBatch && world.switches.deltaInBatch === 'refuse') {
    throw new DataverseError(400, '0x80048d19', 'Change tracking requests are not supported inside a batch.');
  }
  mustBeEnabled(world, table);
  demandGlobalRead(world, caller, table.name);
  const shape = shapeOf(world, table, target.options);
  const { cursor, page } = cursorOf(operation);
  const size = pageSizeOf(preferences.maxPageSize);
  const range = { after: cursor.after, most: size + 1 };
  const rest = changesBetween(world, table, cursor, columnsOf(shape), range);
  const changes = rest.slice(0, size);
  const tail = cursor.delta ? '/$delta' : '';
  const body: Rendered = { '@odata.context': contextUrl(operation, table, shape, tail) };
  const last = changes.at(-1);
  if (last && rest.length > size) {
    const next: Cursor = { ...cursor, after: { kind: last.kind, version: last.version } };
    const query = linkQuery(target.options, { $deltatoken: undefined, $skiptoken: skipToken(page + 1, next, true) });
    body['@odata.nextLink'] = `${operation.origin}${apiRoot}/${table.setName}?${query}`;
  } else if (world.switches.deltaLinkMissingOnLastPage === 'off') {
    const $deltatoken = `${cursor.until}!${tokenTime(world.clock.now())}`;
    const query = linkQuery(target.options, { $skiptoken: undefined, $deltatoken });
    body['@odata.deltaLink'] = `${operation.origin}${apiRoot}/${table.setName}?${query}`;
  }
  body['value'] = changes.map((change) => renderChange(operation, table, change, shape));
  return json(200, body, applied(preferences.trackChanges && 'odata.track-changes', ...sizeApplied(operation)));
}

/** `<set>/$count?$deltatoken=...`: the number of changes as plain text. */
export function trackedCount(operation: Operation, table: Table): Answer {
  const { world, caller, target } = operation;
  checkOptions(target.options, allowed);
  mustBeEnabled(world, table);
  demandGlobalRead(world, caller, table.name);
  const { cursor } = cursorOf(operation);
  return plain(String(changesBetween(world, table, cursor, columnsOf(shapeOf(world, table, target.options))).length));
}

/** Status and code of a refused option aren't documented: 400 and 0x0. UNVERIFIED. */
function refuseOptions(options: ReadonlyMap<string, string>): void {
  const refused = ['$filter', '$orderby', '$expand', '$top'].find((name) => options.has(name));
  if (refused !== undefined) {
    throw new DataverseError(
      400,
      '0x0',
      `The "${refused}" query parameter isn't supported when Change Tracking is enabled.`,
    );
  }
  checkOptions(options, allowed);
}

function mustBeEnabled({ switches }: World, table: Table): void {
  const enabled = table.name === 'opportunity' ? switches.opportunityChangeTracking === 'on' : table.changeTracking;
  if (!enabled) {
    throw new DataverseError(
      switches.ctStatus,
      '0x80072491',
      `Entity ${table.name} isn't enabled for change tracking.`,
    );
  }
}

function sizeApplied({ preferences }: Operation): (string | false)[] {
  return [preferences.maxPageSize !== undefined && `odata.maxpagesize=${preferences.maxPageSize}`];
}

function columnsOf(shape: Shape): ReadonlySet<string> | null {
  return shape.selected ? new Set(shape.shown.map((shown) => shown.column.name)) : null;
}

function cursorOf({ target, world }: Operation): { cursor: Cursor; page: number } {
  const skip = target.options.get('$skiptoken');
  if (skip !== undefined) {
    const { state, page, tracking } = readSkipToken(skip);
    if (!tracking) throw unreadable('The paging cookie belongs to an ordinary read.');
    return { cursor: state as Cursor, page };
  }
  const until = world.store.version;
  const token = target.options.get('$deltatoken');
  // No token is the system's minimum version: everything is new.
  if (token === undefined) return { cursor: { since: 0, until, after: null, delta: false }, page: 1 };
  const since = versionOf(world, token);
  return { cursor: { since, until, after: null, delta: true }, page: 1 };
}

function versionOf(world: World, token: string): number {
  const match = /^(\d+)!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(token);
  const [, version, month, day, year, time] = match ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (!match || Number.isNaN(at) || Number(version) > world.store.version) {
    throw new DataverseError(400, '0x80044183', 'Invalid version stamp.');
  }
  if (world.clock.now() - at > world.switches.retentionDays * 24 * 60 * 60 * 1000) {
    const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
    throw new DataverseError(world.switches.ctStatus, '0x80044352', message);
  }
  return Number(version);
}

function tokenTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

/** A deleted row: its bare id and a reason, nothing else. */
function renderChange(operation: Operation, table: Table, change: Change, shape: Shape): Rendered {
  const row = change.kind === 'row' ? operation.world.store.get(table.name, change.id) : undefined;
  if (row) return renderRow(operation, table, row, shape);
  const context = `${operation.origin}${apiRoot}/$metadata#${table.setName}/$deletedEntity`;
  return { '@odata.context': context, id: change.id, reason: 'deleted' };
}
