/**
 * Planned misbehaviour. A fault waits for a matching request, fires the given number of times
 * and is gone; nothing random happens unless a test asks for it.
 */
export type FaultKind =
  /** Answers with `status`, `headers`, `body` instead of doing the work. */
  | 'answer'
  /** Cuts the connection before the work is done. */
  | 'resetBefore'
  /** Does the work, then cuts the connection: the lost answer. */
  | 'resetAfter'
  /** Does the work, answers with the first half of the body. */
  | 'truncate'
  /** Waits until released (see `FaultPlan.release`), then does the work. */
  | 'hold'
  /** Does the work at once but the answer waits until released: late answers. */
  | 'holdAnswer';

export interface Fault {
  readonly name?: string;
  readonly kind: FaultKind;
  readonly service?: string;
  readonly method?: string;
  /** Matched against path and query. */
  readonly url?: string | RegExp;
  /** Matched against the request body (for operations inside a batch). */
  readonly body?: string | RegExp;
  /** How often it fires; default once. */
  readonly times?: number;
  /** Lets this many matching requests pass first. */
  readonly skip?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: string;
}

interface Armed {
  readonly fault: Fault;
  left: number;
  skip: number;
}

export interface FaultSubject {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

export class FaultPlan {
  private armed: Armed[] = [];
  private waiting: (() => void)[] = [];

  next(fault: Fault): void {
    this.armed.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
  }

  clear(): void {
    this.armed = [];
    this.release();
  }

  /** How many planned faults have not fired yet. */
  pending(): number {
    return this.armed.reduce((sum, armed) => sum + armed.left, 0);
  }

  take(subject: FaultSubject): Fault | undefined {
    const found = this.armed.find((armed) => matches(armed.fault, subject));
    if (!found) return undefined;
    if (found.skip > 0) {
      found.skip -= 1;
      return undefined;
    }
    found.left -= 1;
    if (found.left <= 0) this.armed = this.armed.filter((armed) => armed !== found);
    return found.fault;
  }

  /** Resolves when `release` is called. */
  async held(): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  release(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  return (
    (fault.service === undefined || fault.service === subject.service) &&
    (fault.method === undefined || fault.method === subject.method) &&
    fits(fault.url, subject.url) &&
    fits(fault.body, subject.body)
  );
}

function fits(pattern: string | RegExp | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}
