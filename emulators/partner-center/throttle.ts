/**
 * Request quotas by the switch `throttle`, in fixed windows on the emulator clock. Every attempt
 * counts, refused ones too. Body and header: Microsoft Learn, "API throttling guidance" of Partner
 * Center; no limits of the referrals API are published, so there are none unless a test sets them.
 */
import type { Clock } from '../kit/clock';
import type { EmulatorResponse } from '../kit/server';
import type { Switches, ThrottleRule } from './switches';

export class Throttle {
  private readonly windows = new Map<ThrottleRule, { startedAt: number; count: number }>();
  private readonly clock: Clock;
  private readonly switches: Switches;

  constructor(clock: Clock, switches: Switches) {
    this.clock = clock;
    this.switches = switches;
  }

  /** Undefined when the request may pass. */
  check(method: string): EmulatorResponse | undefined {
    let refused: EmulatorResponse | undefined;
    for (const rule of this.switches.throttle) {
      if (rule.method !== undefined && rule.method !== method) continue;
      const waitMs = this.count(rule);
      if (waitMs > 0) refused ??= tooMany(waitMs, rule, this.clock.now());
    }
    return refused;
  }

  private count(rule: ThrottleRule): number {
    const now = this.clock.now();
    let window = this.windows.get(rule);
    if (!window || now - window.startedAt >= rule.windowMs || now < window.startedAt) {
      window = { startedAt: now, count: 0 };
      this.windows.set(rule, window);
    }
    window.count += 1;
    return window.count > rule.requests ? window.startedAt + rule.windowMs - now : 0;
  }
}

function tooMany(waitMs: number, rule: ThrottleRule, now: number): EmulatorResponse {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const retryAfter = rule.retryAfter === 'date' ? new Date(now + seconds * 1000).toUTCString() : String(seconds);
  return {
    status: 429,
    headers: { 'retry-after': retryAfter },
    body: { statusCode: 429, message: `Rate limit is exceeded. Try again in ${seconds} seconds.` },
  };
}
