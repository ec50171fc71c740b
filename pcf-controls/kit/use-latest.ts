/**
 * Runs an asynchronous read for a view: the latest question wins, a late answer to an older one is dropped.
 *
 * Reads only. What changes data is started by a click and must be waited for to its end, also when the view goes.
 */
import * as React from 'react';

export interface Latest<T> {
  readonly state: 'idle' | 'loading' | 'done' | 'failed';
  /** The last answer; kept while the next one is loading, so that a list does not flicker. */
  readonly value: T | undefined;
  /** What the read rejected with; undefined unless `failed`. */
  readonly error: unknown;
  /** Asks the same question again. */
  readonly retry: () => void;
}

type Known<T> = Omit<Latest<T>, 'retry'>;
const idle = { state: 'idle', value: undefined, error: undefined } as const;

/**
 * @param key  what is asked; another key asks anew, null asks nothing (hidden, offline, too few letters typed)
 * @param read is called once per key and retry; the signal is aborted when its answer is no longer wanted
 */
export function useLatest<T>(key: string | null, read: (signal: AbortSignal) => Promise<T>): Latest<T> {
  const [known, setKnown] = React.useState<Known<T>>(idle);
  const [attempt, setAttempt] = React.useState(0);
  // The caller's function is new with each render; only the key says that the question is another one.
  const latestRead = React.useRef(read);
  latestRead.current = read;

  React.useEffect(() => {
    if (key === null) {
      setKnown(idle);
      return undefined;
    }
    const abort = new AbortController();
    const settle = (next: (before: Known<T>) => Known<T>) => {
      if (!abort.signal.aborted) setKnown(next);
    };
    settle(({ value }) => ({ state: 'loading', value, error: undefined }));
    const answer = new Promise<T>((resolve) => resolve(latestRead.current(abort.signal)));
    answer.then(
      (value) => settle(() => ({ state: 'done', value, error: undefined })),
      (error: unknown) => settle(({ value }) => ({ state: 'failed', value, error })),
    );
    return () => abort.abort();
  }, [key, attempt]);

  const retry = React.useCallback(() => setAttempt((before) => before + 1), []);
  return { ...known, retry };
}
