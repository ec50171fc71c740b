/**
 * MSAL's network port over our own transport, so that one policy for proxy, certificates and
 * time-outs covers tokens too, and so that MSAL brings no second HTTP client.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { isSyncError, SyncError } from '../errors';
import type { Send } from '../http/types';
import type { Authority } from './authority';

/**
 * What the network port threw, by who asked. Not kept in the port itself: for managed identities MSAL keeps the port of
 * the first one in the process, whoever asks later.
 */
const asking = new AsyncLocalStorage<{ failure?: SyncError }>();

/** Asks MSAL for something. Rejects with what its network port threw, which MSAL hides behind "network_error". */
export async function askMsal<T>(ask: () => Promise<T>): Promise<T> {
  const heard: { failure?: SyncError } = {};
  try {
    return await asking.run(heard, ask);
  } catch (error) {
    throw heard.failure ?? error;
  }
}

export function msalNetwork(send: Send, at: Authority): INetworkModule {
  async function request<T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions | undefined,
  ): Promise<NetworkResponse<T>> {
    try {
      const response = await send({
        method,
        url: at.route(url),
        headers: options?.headers ?? {},
        responseType: 'text',
        ...(options?.body === undefined ? {} : { body: options.body }),
      });
      return {
        headers: { ...response.headers },
        status: response.status,
        body: parse(response.body, response.status) as T,
      };
    } catch (error) {
      const heard = asking.getStore();
      if (heard && isSyncError(error)) heard.failure = error;
      throw error;
    }
  }

  return {
    sendGetRequestAsync: (url, options) => request('GET', url, options),
    sendPostRequestAsync: (url, options) => request('POST', url, options),
  };
}

/** A page instead of JSON would end inside MSAL as a missing property; here it has its name. */
function parse(body: string, status: number): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new SyncError('UNEXPECTED_ANSWER', { status, detail: `the token service answered ${status} without JSON` });
  }
}
