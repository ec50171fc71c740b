/**
 * What the web half counts of itself since it started. The status page and the metrics read it; nothing decides by it.
 * Names and outcomes are fixed words, never anything out of a request.
 */

/** What became of deliveries, downloads and so on: outcome to count. */
export type Counts = Readonly<Record<string, number>>;

export const counterNames = {
  deliveries: 'Deliveries of Partner Center by outcome',
  dataverse: 'Deliveries of Dataverse by outcome',
  downloads: 'Downloads of certificates by outcome',
  forwards: 'Deliveries passed on to the former webhook by outcome',
  requests: 'Requests by status class',
  signIns: 'Sign-ins to the status page by outcome',
} as const;
export type CounterName = keyof typeof counterNames;

export interface Counters {
  count(name: CounterName, outcome: string): void;
  /** A copy. */
  snapshot(): Readonly<Record<CounterName, Counts>>;
}

export function createCounters(): Counters {
  const names = Object.keys(counterNames) as CounterName[];
  const counts = new Map(names.map((name) => [name, new Map<string, number>()]));
  return {
    count: (name, outcome) => {
      const of = counts.get(name);
      of?.set(outcome, (of.get(outcome) ?? 0) + 1);
    },
    snapshot: () =>
      Object.fromEntries(names.map((name) => [name, Object.fromEntries(counts.get(name) ?? [])])) as unknown as Record<
        CounterName,
        Counts
      >,
  };
}
