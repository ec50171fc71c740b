/** What a list or a chart asked for: on its way, failed, or there; only the last is its own to draw. */
import * as React from 'react';
import { Button, Spinner } from '@fluentui/react-components';
import { useHost } from './host';
import type { Words } from './words';

export type Asked<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | ({ readonly state: 'done' } & T);

/** Microsoft Learn, "Web service error codes": PrivilegeDenied. */
const privilegeDenied = 0x80040220;

/** Names of privileges and ids of users are nothing that a list says. */
export function failed(error: unknown, words: Words): { readonly state: 'failed'; readonly message: string } {
  const { errorCode, message } = Object(error) as { errorCode?: number; message?: string };
  return {
    state: 'failed',
    message: errorCode === privilegeDenied ? words('notAllowed') : (message ?? String(error)),
  };
}

interface AskedProps<T> {
  readonly asked: Asked<T>;
  readonly isEmpty: (found: T) => boolean;
  readonly onRetry: () => void;
  readonly children: (found: T) => React.ReactElement;
}

export function AskedFor<T>({ asked, isEmpty, onRetry, children }: AskedProps<T>): React.ReactElement {
  const { words } = useHost();
  if (asked.state === 'loading') {
    return (
      <div className="grid-wait">
        <Spinner size="small" label={words('loading')} />
      </div>
    );
  }
  if (asked.state === 'failed') {
    return (
      <div className="grid-wait" role="alert">
        {asked.message}{' '}
        <Button size="small" onClick={onRetry}>
          {words('reload')}
        </Button>
      </div>
    );
  }
  return isEmpty(asked) ? <div className="grid-empty">{words('nothingHere')}</div> : children(asked);
}
