/**
 * What the core needs from the outside: Partner Center, a CRM, time. Each port is small, named
 * for what the core asks, and its comments are the contract that every adapter is tested against.
 *
 * Nothing here knows a column name, an OData term or a JSON path. Versions, etags and watermarks
 * are opaque texts of the side that issued them.
 */
/** Time for the worker: leases, back-off and pauses. Ages of deals come from the services' clocks. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that never jump; for freshness of claims. */
  monotonic(): number;
  /** Rejects with an AbortError when the signal fires first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Where the worker writes what it does. Fields must hold no secrets and no personal data. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export type * from './partner-center-port';
export type * from './crm-deal';
export type * from './crm-port';
export type * from './link';
export type * from './hand-over-port';
