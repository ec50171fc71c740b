/**
 * Every HTTP request that leaves this process through Node's own client, by the host that it goes to.
 *
 * The worker's transport stands on that client, so a host out of a payload would show here before a name is even
 * looked up. Requests that tests make themselves (fetch) take another way and are not counted.
 */
import { subscribe } from 'node:diagnostics_channel';

interface Started {
  readonly request: { readonly protocol?: string; getHeader(name: string): unknown };
}

const asked = new Set<string>();
const configured = new Set<string>();

subscribe('http.client.request.start', (message) => {
  const { request } = message as Started;
  asked.add(`${request.protocol ?? ''}//${String(request.getHeader('host') ?? '')}`.toLowerCase());
});

/** Hosts that a worker of this process was told of in its settings. */
export function configure(urls: readonly string[]): void {
  for (const url of urls) configured.add(new URL(url).origin.toLowerCase());
}

/** Origins that were asked and that nobody configured. */
export function strangers(): string[] {
  return [...asked].filter((origin) => !configured.has(origin));
}

/** For the test that makes one itself. */
export function forgetStrangers(): void {
  for (const origin of strangers()) asked.delete(origin);
}
