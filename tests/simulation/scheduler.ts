/**
 * Time and turns of a simulated world: everything that will happen stands in one line, by its time; what has the same
 * time comes in an order that the seed decides.
 *
 * Between two events all promises that are ready run out, so that an event sees a world at rest. Nothing waits for
 * the machine.
 */

/** Whoever is asked to do nothing any more when he is dead. */
export interface Owner {
  alive: boolean;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly owner: Owner | null;
  run(): void;
}

export class Scheduler {
  /** Milliseconds since the world's start. */
  now = 0;
  private readonly heap: Event[] = [];
  private sequence = 0;

  /** @param order [0, 1): decides between events of one time, by their number */
  constructor(private readonly order: (sequence: number) => number) {}

  /** Answers how to take it back. */
  at(time: number, run: () => void, owner: Owner | null = null): () => void {
    let live = true;
    this.push({
      at: Math.max(this.now, Math.round(time)),
      order: this.order(this.sequence++),
      owner,
      run: () => (live ? run() : undefined),
    });
    return () => {
      live = false;
    };
  }

  after(milliseconds: number, run: () => void, owner: Owner | null = null): () => void {
    return this.at(this.now + Math.max(0, milliseconds), run, owner);
  }

  /** Runs everything up to a time; `each` after each event, when the world is at rest again. */
  async runUntil(end: number, before: () => void, each: () => boolean): Promise<void> {
    for (let next = this.heap[0]; next && next.at <= end; next = this.heap[0]) {
      this.pop();
      if (next.owner && !next.owner.alive) continue;
      this.now = next.at;
      before();
      next.run();
      await atRest();
      if (!each()) return;
    }
    this.now = Math.max(this.now, end);
    before();
  }

  private push(event: Event): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (!earlier(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!earlier(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
  }
}

function earlier(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** The batcher of the worker gathers over one turn of the event loop; what it then starts needs another. */
const turns = 3;

async function atRest(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
