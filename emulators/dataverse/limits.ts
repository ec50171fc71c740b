/**
 * Service protection limits, per user over a sliding window, on the emulator's clock.
 *
 * Source: Microsoft Learn "Service protection API limits". Real limits are per web server and the
 * number of servers isn't known; here there is one. Hammering lengthens Retry-After.
 */
import { DataverseError } from './errors';
import type { LimitSwitches } from './switches';

interface Use {
  readonly at: number;
  readonly requests: number;
  readonly milliseconds: number;
}

interface Meter {
  uses: Use[];
  /** Sums of `uses`, kept so that a long window costs nothing to ask. */
  requests: number;
  milliseconds: number;
  inFlight: number;
  refused: number;
}

export class ServiceLimits {
  private readonly meters = new Map<string, Meter>();

  constructor(private readonly now: () => number) {}

  /** Counts a request in, or refuses it with 429. Call the answer when it is done. */
  enter(user: string, limits: LimitSwitches): () => void {
    const meter = this.meter(user);
    this.forget(meter, limits);
    if (limits.enforce === 'on') this.check(meter, limits);
    meter.inFlight += 1;
    return () => {
      meter.inFlight -= 1;
    };
  }

  /** Books what a request turned out to cost. */
  spend(user: string, operations: number, limits: LimitSwitches): void {
    const requests = limits.batchCounts === 'each' ? operations : 1;
    const milliseconds = operations * limits.millisecondsPerOperation;
    const meter = this.meter(user);
    meter.uses.push({ at: this.now(), requests, milliseconds });
    meter.requests += requests;
    meter.milliseconds += milliseconds;
  }

  /** For debugging only, as the documents say; the time has a thousands comma in real answers. */
  headers(user: string, limits: LimitSwitches): Record<string, string> {
    const { requests, milliseconds } = this.meter(user);
    const seconds = Math.max(0, limits.executionMilliseconds - milliseconds) / 1000;
    const time = seconds.toFixed(2).replace(/\B(?=(\d{3})+\.)/, ',');
    return {
      'x-ms-dop-hint': '48',
      'x-ms-ratelimit-time-remaining-xrm-requests': time,
      'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, limits.requests - requests)),
    };
  }

  private check(meter: Meter, limits: LimitSwitches): void {
    const { requests, milliseconds } = meter;
    if (meter.inFlight >= limits.concurrency) {
      const message = `Number of concurrent requests exceeded the limit of ${limits.concurrency}.`;
      throw tooMany('0x80072326', message, 1 + meter.refused++);
    }
    if (requests >= limits.requests) {
      const message = `Number of requests exceeded the limit of ${limits.requests} over time window of ${limits.windowSeconds} seconds.`;
      throw tooMany(
        '0x80072322',
        message,
        this.wait(meter, limits, (use) => use.requests, limits.requests),
      );
    }
    if (milliseconds >= limits.executionMilliseconds) {
      const message =
        `Combined execution time of incoming requests exceeded limit of ${limits.executionMilliseconds.toLocaleString('en-US')} ` +
        `milliseconds over time window of ${limits.windowSeconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`;
      throw tooMany(
        '0x80072321',
        message,
        this.wait(meter, limits, (use) => use.milliseconds, limits.executionMilliseconds),
      );
    }
    meter.refused = 0;
  }

  /** Seconds until enough of the window has passed, a little more for each refusal before. */
  private wait(meter: Meter, limits: LimitSwitches, amount: (use: Use) => number, limit: number): number {
    let left = meter.uses.reduce((sum, use) => sum + amount(use), 0);
    let until = this.now();
    for (const use of meter.uses) {
      if (left < limit) break;
      left -= amount(use);
      until = use.at + limits.windowSeconds * 1000;
    }
    return Math.max(1, Math.ceil((until - this.now()) / 1000)) + meter.refused++;
  }

  private forget(meter: Meter, limits: LimitSwitches): void {
    const oldest = this.now() - limits.windowSeconds * 1000;
    let gone = 0;
    for (const use of meter.uses) {
      if (use.at > oldest) break;
      gone += 1;
      meter.requests -= use.requests;
      meter.milliseconds -= use.milliseconds;
    }
    if (gone > 0) meter.uses = meter.uses.slice(gone);
  }

  private meter(user: string): Meter {
    const present = this.meters.get(user);
    if (present) return present;
    const made: Meter = { uses: [], requests: 0, milliseconds: 0, inFlight: 0, refused: 0 };
    this.meters.set(user, made);
    return made;
  }
}

function tooMany(code: string, message: string, seconds: number): DataverseError {
  return new DataverseError(429, code, message, { 'Retry-After': String(seconds) });
}
