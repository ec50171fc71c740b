/** A worker's status in which all is well, for tests of what is made of it. */
import type { WorkerStatus } from '../ports';

/** @param now milliseconds since 1970 at which it was written */
export function workerStatus(now: number, changes: Partial<WorkerStatus> = {}): WorkerStatus {
  const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
  return {
    version: 1,
    connection: 'default',
    workerVersion: '0.1.0',
    startedOn: ago(260_000),
    writtenOn: ago(0),
    state: 'running',
    queue: { known: 3, running: 2, waiting: 0 },
    links: 12_480,
    parkedDeals: 0,
    parked: {},
    feeds: {
      crm: { lastPollOn: ago(5), lastCompleteOn: ago(5), failures: 0, watermarkAgeSeconds: 5 },
      partnerCenter: { lastPollOn: ago(15), lastCompleteOn: ago(15), failures: 0, watermarkAgeSeconds: 15 },
    },
    signIn: { renewedOn: ago(3_600), endsOn: new Date(now + 89.5 * 86_400_000).toISOString(), daysLeft: 89 },
    throttling: { dataverse: { refused: 0, waitingUntil: null }, partnerCenter: { refused: 0, waitingUntil: null } },
    balance: {
      seen: 100,
      endings: { applied: 60, noChange: 30, filtered: 5, parked: 4, retry: 1 },
      reasons: { 'parked:CRM_REFUSED': 4, 'retry:THROTTLED': 1 },
    },
    hints: { taken: 912, refused: 0 },
    ...changes,
  };
}
