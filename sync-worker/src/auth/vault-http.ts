/**
 * The wire of Microsoft's Key Vault client over our own transport: one policy for proxy, certificates and time-outs,
 * and no second HTTP client. Knows nothing of secrets.
 */
import type { SecretClientOptions } from '@azure/keyvault-secrets';
import { isLoopback } from '../http/transport';
import type { Method, Send } from '../http/types';

export type VaultHttpClient = NonNullable<SecretClientOptions['httpClient']>;
type PipelineRequest = Parameters<VaultHttpClient['sendRequest']>[0];
type PipelineResponse = Awaited<ReturnType<VaultHttpClient['sendRequest']>>;
type PipelineHeaders = PipelineResponse['headers'];

/**
 * What Microsoft's client is told about a vault on loopback: it compares the vault's address with the resource that the
 * vault names, and refuses to send a token to any other host.
 */
const emulated = 'https://emulator.vault.azure.net';

export interface VaultAddress {
  /** https://<name>.vault.azure.net */
  readonly nominal: string;
  /** Where a request really goes. */
  route(url: string): string;
}

export function vaultAddress(configured: string): VaultAddress {
  if (!isLoopback(configured)) return { nominal: configured, route: (url) => url };
  return {
    nominal: emulated,
    route: (url) => (url.startsWith(`${emulated}/`) ? configured + url.slice(emulated.length) : url),
  };
}

export function vaultHttp(send: Send, at: VaultAddress): VaultHttpClient {
  return {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      const response = await send({
        method: request.method as Method,
        url: at.route(request.url),
        headers: withoutAgent(request.headers.toJSON()),
        responseType: 'text',
        ...(typeof request.body === 'string' ? { body: request.body } : {}),
      });
      return {
        request,
        status: response.status,
        headers: headersOf(response.headers),
        bodyAsText: response.body,
      };
    },
  };
}

/** The transport names us; the client's own line would tell the versions of everything that is installed. */
function withoutAgent(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'user-agent'));
}

function headersOf(plain: Readonly<Record<string, string>>): PipelineHeaders {
  const all = new Map(Object.entries(plain));
  return {
    get: (name) => all.get(name.toLowerCase()),
    has: (name) => all.has(name.toLowerCase()),
    set: (name, value) => void all.set(name.toLowerCase(), String(value)),
    delete: (name) => void all.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(all),
    [Symbol.iterator]: () => all.entries(),
  };
}
