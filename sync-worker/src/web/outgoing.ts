/**
 * The web half's own requests: a certificate in, a delivery on. Both go to addresses that were judged before, carry no
 * credential, follow nothing and take little. A proxy of the environment is used, except to this machine.
 */
import axios from 'axios';
import { isLoopback } from '../http/transport';
import type { Clock } from '../ports';

export interface Limits {
  readonly bytes: number;
  readonly ms: number;
}

/** Rejects with an Error whose message is a fixed word or a status, never an answer's text. */
export type Download = (url: string, limits: Limits) => Promise<Uint8Array>;

export interface Onward {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The status; rejects when there was no answer. */
export type SendOn = (request: Onward, limits: Limits) => Promise<number>;

const common = {
  adapter: 'http' as const,
  maxRedirects: 0,
  validateStatus: () => true,
  responseType: 'arraybuffer' as const,
  // An answer that unpacks to more than it weighs has no place here.
  decompress: false,
};

export function createDownload(clock: Clock): Download {
  return async (url, limits) => {
    const response = await within(clock, limits.ms, (signal) =>
      axios.get<ArrayBuffer>(url, {
        ...common,
        ...(isLoopback(url) ? { proxy: false as const } : {}),
        headers: {
          Accept: 'application/pkix-cert, */*',
          'Accept-Encoding': 'identity',
          'User-Agent': 'cosell-connector',
        },
        maxContentLength: limits.bytes,
        signal,
      }),
    );
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const bytes = new Uint8Array(response.data);
    if (bytes.length > limits.bytes) throw new Error('too large');
    return bytes;
  };
}

export function createSendOn(clock: Clock): SendOn {
  return async ({ url, headers, body }, limits) => {
    const response = await within(clock, limits.ms, (signal) =>
      axios.post(url, Buffer.from(body), {
        ...common,
        ...(isLoopback(url) ? { proxy: false as const } : {}),
        headers: { 'User-Agent': 'cosell-connector', ...headers },
        transformRequest: [(data: unknown) => data],
        maxContentLength: limits.bytes,
        maxBodyLength: Infinity,
        signal,
      }),
    );
    return response.status;
  };
}

/** Rejects with 'too slow', or with a word for what failed: an axios error carries whole requests. */
async function within<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(ms, done.signal).then(
    () => ending.abort(),
    () => undefined,
  );
  try {
    return await work(ending.signal);
  } catch (error) {
    if (ending.signal.aborted) throw new Error('too slow');
    throw new Error(wordFor(error));
  } finally {
    done.abort();
    await timer;
  }
}

function wordFor(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (/^maxContentLength/.test(String(message))) return 'too large';
  return typeof code === 'string' && /^[A-Z_0-9]{1,60}$/.test(code) ? code : 'failed';
}
