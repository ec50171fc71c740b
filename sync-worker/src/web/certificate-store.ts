/**
 * Keys that deliveries may be signed with, by the address of their certificate.
 *
 * Loads seldom and never on a stranger's demand: one load at a time per address, one try a minute, a small common
 * budget for addresses that never gave a good certificate. A delivery waits for a load only a moment and is else told to
 * come back, so that forged ones cost next to nothing, whatever they name.
 */
import type { KeyObject } from 'node:crypto';
import type { Clock, Log } from '../ports';
import type { CertificateFault } from './certificate';
import type { Counters } from './counters';

export interface TrustedKey {
  readonly key: KeyObject;
  readonly fingerprint: string;
  /** Milliseconds since 1970: the chain's end. */
  readonly validTo: number;
}

export type LoadFault = CertificateFault | 'certificate not trusted' | 'certificate not loaded';

export type Loaded = TrustedKey | { readonly fault: LoadFault };

/** later: not known yet, ask again. */
export type Answer = TrustedKey | { readonly fault: LoadFault } | { readonly later: true };

export interface CertificateStoreParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Loads and judges. Never rejects. */
  readonly load: (url: string) => Promise<Loaded>;
  /** Addresses with a budget of their own from the start. */
  readonly usual: readonly string[];
}

interface Entry {
  readonly url: string;
  good?: TrustedKey;
  fault?: LoadFault;
  loadedAt: number;
  triedAt: number;
  loading?: Promise<void>;
}

/** How long a delivery waits for a load. */
const patienceMs = 50;
const retryMs = 60_000;
const freshMs = 6 * 60 * 60_000;
/** Beyond this a certificate that cannot be loaded again is no longer believed. */
const staleMs = 48 * 60 * 60_000;
const strangersPerMinute = 6;
const mostStrangers = 32;

export class CertificateStore {
  private readonly entries = new Map<string, Entry>();
  private strangerLoads: number[] = [];

  constructor(private readonly parts: CertificateStoreParts) {}

  /** Loads what the first delivery will most likely need. */
  async warmUp(): Promise<void> {
    await Promise.all(this.parts.usual.map((url) => this.load(this.entry(url))));
  }

  /** `url` must have passed certificateUrl(). */
  async get(url: string): Promise<Answer> {
    const entry = this.entry(url);
    const { good } = entry;
    if (good && this.usable(entry, good)) {
      if (this.age(entry) > freshMs && this.mayTry(entry)) void this.load(entry);
      return good;
    }
    if (entry.loading || this.mayTry(entry)) await this.waitFor(entry);
    return this.answer(entry);
  }

  /** After a signature did not fit: another key than `than`, if there is a newer certificate. */
  async renew(url: string, than: TrustedKey): Promise<Answer> {
    const entry = this.entry(url);
    if (entry.good && entry.good.fingerprint !== than.fingerprint) return entry.good;
    if (!entry.loading && !this.mayTry(entry)) return than;
    await this.waitFor(entry);
    return entry.loading ? { later: true } : this.answer(entry);
  }

  private answer(entry: Entry): Answer {
    if (entry.good && this.usable(entry, entry.good)) return entry.good;
    // What could not be loaded may be good all the same; only what was seen and is bad is refused.
    if (entry.loading || entry.fault === undefined || entry.fault === 'certificate not loaded') return { later: true };
    return { fault: entry.fault };
  }

  private usable(entry: Entry, good: TrustedKey): boolean {
    return this.parts.clock.now() <= good.validTo && this.age(entry) <= staleMs;
  }

  private age(entry: Entry): number {
    return this.parts.clock.monotonic() - entry.loadedAt;
  }

  private mayTry(entry: Entry): boolean {
    const now = this.parts.clock.monotonic();
    if (entry.loading || now - entry.triedAt < retryMs) return false;
    if (entry.good || this.parts.usual.includes(entry.url)) return true;
    this.strangerLoads = this.strangerLoads.filter((at) => now - at < retryMs);
    return this.strangerLoads.length < strangersPerMinute;
  }

  private async waitFor(entry: Entry): Promise<void> {
    const loading = entry.loading ?? this.load(entry);
    const enough = new AbortController();
    const patience = this.parts.clock.sleep(patienceMs, enough.signal).catch(() => undefined);
    await Promise.race([loading, patience]);
    enough.abort();
  }

  private load(entry: Entry): Promise<void> {
    const now = this.parts.clock.monotonic();
    entry.triedAt = now;
    if (!entry.good && !this.parts.usual.includes(entry.url)) this.strangerLoads.push(now);
    const loading = this.parts.load(entry.url).then((loaded) => {
      delete entry.loading;
      this.take(entry, loaded);
    });
    entry.loading = loading;
    return loading;
  }

  private take(entry: Entry, loaded: Loaded): void {
    if ('key' in loaded) {
      const isNew = entry.good?.fingerprint !== loaded.fingerprint;
      entry.good = loaded;
      entry.loadedAt = this.parts.clock.monotonic();
      delete entry.fault;
      this.parts.counters.count('downloads', 'trusted');
      if (isNew)
        this.parts.log.info('a certificate for deliveries is trusted', {
          fingerprint: loaded.fingerprint.slice(0, 23),
        });
      return;
    }
    // A bad or missing file in its place does not make the certificate bad that we have.
    entry.fault = loaded.fault;
    this.parts.counters.count('downloads', loaded.fault);
    this.parts.log.warn('a certificate for deliveries was not taken', { why: loaded.fault });
  }

  private entry(url: string): Entry {
    const known = this.entries.get(url);
    if (known) return known;
    const strangers = [...this.entries.values()].filter(
      (one) => !one.good && !one.loading && !this.parts.usual.includes(one.url),
    );
    const [oldest] = strangers;
    if (strangers.length >= mostStrangers && oldest) this.entries.delete(oldest.url);
    const entry: Entry = { url, loadedAt: -Infinity, triedAt: -Infinity };
    this.entries.set(url, entry);
    return entry;
  }
}
