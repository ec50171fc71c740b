/**
 * Link rows as they were last seen, and reading those that were not.
 *
 * Only a cache: every write is conditional on the row's version, so an old copy costs a second try and never an
 * edit. Bounded, because a hundred thousand links do not fit beside each other with their shadows.
 */
import { SyncError } from '../errors';
import type { Link, LinkHead, Log } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { isMissing, jsonOf, refusal } from './failures';
import { headColumns, headFromRow, linkColumns, linkFromRow } from './link-row';
import { asRows, query, rowPath, textOf, type Row } from './odata';
import { Recent } from './recent';
import type { WebApi } from './web-api';

const maxKept = 2000;
const headPage = 5000;

export interface Links {
  link(key: string): Promise<Link | null>;
  heads(): AsyncIterable<readonly LinkHead[]>;
  /** A row that the service showed. With `asOf`, a copy written by ourselves after that moment stays. */
  seen(row: Row, asOf?: number): Link;
  /** What a commit made of the row. */
  written(link: Link): void;
  forget(key: string): void;
  /** The feed of the rows starts over, and tells nothing of a row that is gone: only a look at each shows that. */
  forgetAll(): void;
  /** A moment to hand to `seen`: what is written later is newer than what is being read now. */
  moment(): number;
}

export function createLinks(parts: {
  batcher: Batcher;
  api: WebApi;
  environment: () => Promise<Environment>;
  log: Log;
}): Links {
  const { batcher, api, log } = parts;
  const kept = new Recent<{ readonly link: Link; readonly at: number }>(maxKept);
  let moment = 0;
  const damaged = (key: string, column: string): void =>
    log.warn('a link row holds JSON that is cut or of another shape', { key, column });
  const set = async (): Promise<string> => (await parts.environment()).set('cosell_referral');

  const seen = (row: Row, asOf = moment): Link => {
    const link = linkFromRow(row, damaged);
    const own = kept.get(link.key);
    if (own && own.at > asOf) return own.link;
    kept.set(link.key, { link, at: asOf });
    return link;
  };

  const link = async (key: string): Promise<Link | null> => {
    const known = kept.get(key);
    if (known) return known.link;
    const asOf = moment;
    const answer = await batcher.read({
      method: 'GET',
      path: `${rowPath(await set(), key)}${query({ select: linkColumns.join(',') })}`,
    });
    if (isMissing(answer)) return null;
    if (answer.status >= 400) throw refusal(answer, 'read of link row');
    return seen(jsonOf(answer, 'read of link row'), asOf);
  };

  async function* heads(): AsyncIterable<readonly LinkHead[]> {
    let path: string | null = `${await set()}${query({ select: headColumns.join(',') })}`;
    while (path !== null) {
      const answer = await api.one(
        { method: 'GET', path, headers: { Prefer: `odata.maxpagesize=${headPage}` } },
        'read',
      );
      const body = jsonOf(answer, 'list of links');
      yield asRows(body['value']).map(headFromRow);
      path = nextPath(body, api);
    }
  }

  return {
    link,
    heads,
    seen,
    written: (written) => kept.set(written.key, { link: written, at: (moment += 1) }),
    forget: (key) => kept.delete(key),
    forgetAll: () => kept.clear(),
    moment: () => moment,
  };
}

/** Path of the next page; null on the last. A link to another origin would carry our token there. */
export function nextPath(body: Readonly<Record<string, unknown>>, api: WebApi): string | null {
  const link = textOf(body, '@odata.nextLink');
  if (link === '') return null;
  const path = api.ownPath(link);
  if (path === null) throw new SyncError('UNEXPECTED_ANSWER', { detail: 'a next link points to another origin' });
  return path;
}
