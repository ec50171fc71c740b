/**
 * The emulators' clock. One per world, shared by all services, moved only by whoever owns the
 * world, so that "fourteen days later" is one call and never a wait.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

export class EmulatorClock implements Clock {
  private offset = 0;
  private frozenAt: number | null;

  /** Without a start time the clock runs with the machine's; with one it stands still until moved. */
  constructor(startAt?: string | number) {
    this.frozenAt = startAt === undefined ? null : new Date(startAt).getTime();
  }

  now(): number {
    return (this.frozenAt ?? Date.now()) + this.offset;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Moves the clock by a number of milliseconds (may be negative: a wrong clock is a fault we test). */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }

  set(at: string | number): void {
    this.offset += new Date(at).getTime() - this.now();
  }

  /** A service's clock that goes ahead of this one (or behind, if negative): clocks of two services are never equal. */
  skewed(milliseconds: number): EmulatorClock {
    const clock = new EmulatorClock();
    clock.now = () => this.now() + milliseconds;
    return clock;
  }

  freeze(): void {
    this.frozenAt ??= Date.now();
  }
}
