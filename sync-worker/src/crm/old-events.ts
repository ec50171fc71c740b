/**
 * Deletes sync events that are older than the retention, a few batches at a time.
 */
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { isMissing, jsonOf, refusal } from './failures';
import { asRows, query, rowPath, textOf } from './odata';
import { instantOf } from './record-columns';

/** @returns how many were deleted; those that somebody else deleted meanwhile do not count */
export async function deleteEvents(
  before: string,
  atMost: number,
  parts: { batcher: Batcher; environment: Environment },
): Promise<number> {
  const set = parts.environment.set('cosell_syncevent');
  const limit = instantOf(before);
  if (limit === null || atMost < 1) return 0;
  const answer = await parts.batcher.read({
    method: 'GET',
    path: `${set}${query({ select: 'cosell_synceventid', filter: `cosell_occurredon lt ${limit}`, orderby: 'cosell_occurredon asc', top: Math.min(atMost, 5000) })}`,
  });
  const ids = asRows(jsonOf(answer, 'old events')['value']).map((row) => textOf(row, 'cosell_synceventid'));
  const answers = await Promise.all(
    ids.map((id) => parts.batcher.repeatable({ method: 'DELETE', path: rowPath(set, id) })),
  );
  let deleted = 0;
  for (const each of answers) {
    if (each.status < 400) deleted += 1;
    else if (!isMissing(each)) throw refusal(each, 'deletion of an old event');
  }
  return deleted;
}
