/**
 * MSAL's network port over our own transport, so that one policy for proxy, certificates and
 * time-outs covers tokens too, and so that MSAL brings no second HTTP client.
 */
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { isSyncError, SyncError } from '../errors';
import type { Send } from '../http/types';
import type { Authority } from './authority';

export interface MsalNetwork {
  readonly module: INetworkModule;
  /** MSAL hides what its network port threw behind "network_error"; this is what it was. Forgotten when read. */
  takeFailure(): SyncError | undefined;
}

export function msalNetwork(send: Send, at: Authority): MsalNetwork {
  let failure: SyncError | undefined;

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
      if (isSyncError(error)) failure = error;
      throw error;
    }
  }

  return {
    module: {
      sendGetRequestAsync: (url, options) => request('GET', url, options),
      sendPostRequestAsync: (url, options) => request('POST', url, options),
    },
    takeFailure: () => {
      const taken = failure;
      failure = undefined;
      return taken;
    },
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
