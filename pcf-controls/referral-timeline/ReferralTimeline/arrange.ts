/** Which events are shown, and in which order and groups. Pure. */
import type { Outcome, TimelineEvent } from './read-events';

export const filters = ['all', 'changes', 'problems'] as const;
export type Filter = (typeof filters)[number];

const wanted: Readonly<Record<Exclude<Filter, 'all'>, readonly Outcome[]>> = {
  changes: ['applied', 'putBack', 'conflict'],
  // A conflict is in both: a value was changed, and somebody's word was lost.
  problems: ['parked', 'notSent', 'conflict', 'other'],
};

export interface Day {
  /** Label of the day in the user's language and time zone; empty for events without a time. */
  readonly label: string;
  readonly events: readonly TimelineEvent[];
}

/**
 * Newest first, whatever the view's order is: the history of a deal is read from its end.
 *
 * @param dayOf label of the day on which a moment falls for this person
 */
export function arrange(events: readonly TimelineEvent[], filter: Filter, dayOf: (when: Date) => string): Day[] {
  const chosen = filter === 'all' ? [...events] : events.filter(({ outcome }) => wanted[filter].includes(outcome));
  const days = new Map<string, TimelineEvent[]>();
  for (const event of chosen.sort((a, b) => time(b) - time(a))) {
    const label = event.when ? dayOf(event.when) : '';
    days.set(label, [...(days.get(label) ?? []), event]);
  }
  return [...days].map(([label, ofDay]) => ({ label, events: ofDay }));
}

const time = ({ when }: TimelineEvent): number => when?.getTime() ?? 0;
