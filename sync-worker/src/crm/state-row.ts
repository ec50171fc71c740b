/**
 * The state row of a connection: watermarks, lease, baseline. One write per change, conditional on its version.
 */
import { SyncError } from '../errors';
import { connectionIdOf } from '../ids';
import type { ConnectionState } from '../ports';
import type { Environment } from './environment';
import { isMissing, jsonOf, refusal } from './failures';
import { asRows, etagOf, query, rowPath, textOf, type Row } from './odata';
import { instantOf } from './record-columns';
import type { WebApi } from './web-api';

const columns = [
  'cosell_organizationid',
  'cosell_watermarks',
  'cosell_leaseowner',
  'cosell_leaseuntil',
  'cosell_baseline',
  'cosell_comparedon',
];
const selected = query({ select: columns.join(',') });

type StateChanges = Partial<Omit<ConnectionState, 'version'>>;

export function stateFromRow(row: Row): ConnectionState {
  return {
    version: etagOf(row),
    organizationId: textOf(row, 'cosell_organizationid'),
    watermarks: textOf(row, 'cosell_watermarks'),
    leaseOwner: textOf(row, 'cosell_leaseowner'),
    leaseUntil: instantOf(textOf(row, 'cosell_leaseuntil')),
    baseline: instantOf(textOf(row, 'cosell_baseline')) ?? '',
    comparedOn: instantOf(textOf(row, 'cosell_comparedon')),
  };
}

export function rowFromState(set: StateChanges): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  if (set.organizationId !== undefined) row['cosell_organizationid'] = set.organizationId || null;
  if (set.watermarks !== undefined) row['cosell_watermarks'] = set.watermarks || null;
  if (set.leaseOwner !== undefined) row['cosell_leaseowner'] = set.leaseOwner || null;
  if (set.leaseUntil !== undefined) row['cosell_leaseuntil'] = instantOf(set.leaseUntil);
  if (set.baseline !== undefined) row['cosell_baseline'] = instantOf(set.baseline);
  if (set.comparedOn !== undefined) row['cosell_comparedon'] = instantOf(set.comparedOn);
  return row;
}

/** A write that was sent again after a lost answer is refused for its own first time: then the row says what we wrote. */
function oursAfterAll(found: ConnectionState | null, set: StateChanges): ConnectionState | null {
  if (!found) return null;
  const now = rowFromState(found);
  return Object.entries(rowFromState(set)).every(([column, value]) => now[column] === value) ? found : null;
}

export interface StateRows {
  connection(name: string): Promise<ConnectionState>;
  save(name: string, state: ConnectionState, set: StateChanges): Promise<ConnectionState | null>;
}

export function createStateRows(api: WebApi, environment: () => Promise<Environment>): StateRows {
  const path = async (name: string): Promise<string> =>
    rowPath((await environment()).set('cosell_syncstate'), connectionIdOf(name));

  const read = async (name: string): Promise<ConnectionState | null> => {
    const answer = await api.one({ method: 'GET', path: `${await path(name)}${selected}` }, 'read');
    if (isMissing(answer)) return null;
    return stateFromRow(jsonOf(answer, 'state of the connection'));
  };

  /**
   * Links without a state row: it was deleted. What was not linked before the first of them came before the
   * connection; what was edited since must not be missed.
   */
  const oldestLink = async (): Promise<string | null> => {
    const set = (await environment()).set('cosell_referral');
    const path = `${set}${query({ select: 'createdon', orderby: 'createdon asc', top: 1 })}`;
    const answer = await api.one({ method: 'GET', path }, 'read');
    return instantOf(textOf(asRows(jsonOf(answer, 'the oldest link')['value'])[0], 'createdon'));
  };

  const connection = async (name: string): Promise<ConnectionState> => {
    const known = await read(name);
    if (known) return known;
    // The service's clock: referrals are compared with the baseline, and ours may be wrong.
    const baseline = (await oldestLink()) ?? api.serverTime();
    const body = { cosell_name: name.slice(0, 100), cosell_baseline: instantOf(baseline) };
    const answer = await api.one(
      { method: 'PATCH', path: await path(name), headers: { 'If-None-Match': '*' }, body },
      'conditional',
    );
    // 412: another worker was first, or our own lost answer. Either way it is there.
    if (answer.status >= 400 && answer.status !== 412) throw refusal(answer, 'creation of the state row');
    const made = await read(name);
    if (!made) throw new SyncError('UNEXPECTED_ANSWER', { detail: 'the state row is not there after its creation' });
    return made;
  };

  const save = async (name: string, state: ConnectionState, set: StateChanges): Promise<ConnectionState | null> => {
    const answer = await api.one(
      {
        method: 'PATCH',
        path: `${await path(name)}${selected}`,
        headers: { 'If-Match': state.version, Prefer: 'return=representation' },
        body: rowFromState(set),
      },
      'conditional',
    );
    if (isMissing(answer)) return null;
    if (answer.status === 412) return oursAfterAll(await read(name), set);
    if (answer.status === 204) return read(name);
    return stateFromRow(jsonOf(answer, 'state of the connection'));
  };

  return { connection, save };
}
