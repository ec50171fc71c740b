/**
 * What every service was asked and what it answered, in order: the evidence for "requests per
 * change" and for tests of silence. Authorization headers are cut before anything is kept.
 */
export interface JournalEntry {
  readonly sequence: number;
  readonly service: string;
  /** Emulator time, milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Path with query, as received. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  status: number;
  responseBody: string;
  /** Name of the fault that was injected, if any. */
  fault?: string;
  /** For a batch: one entry per operation inside, e.g. "PATCH opportunities(...) 204". */
  operations?: readonly BatchOperationRecord[];
}

export interface BatchOperationRecord {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly changeSet: boolean;
}

const secretHeaders = new Set(['authorization', 'x-identity-header', 'cookie']);

export class Journal {
  private readonly entries: JournalEntry[] = [];
  private next = 1;
  private readonly capacity: number;

  constructor(capacity = 200_000) {
    this.capacity = capacity;
  }

  add(entry: Omit<JournalEntry, 'sequence'>): JournalEntry {
    const kept: JournalEntry = {
      ...entry,
      requestHeaders: withoutSecrets(entry.requestHeaders),
      sequence: this.next++,
    };
    this.entries.push(kept);
    if (this.entries.length > this.capacity) this.entries.splice(0, this.entries.length - this.capacity);
    return kept;
  }

  /** Drops what was kept so far: an hour of a busy service fills the memory. Marks stay valid. */
  forget(): void {
    this.entries.length = 0;
  }

  /** A place in the journal to read on from. */
  mark(): number {
    return this.next;
  }

  /** Entries since a mark (all without one), optionally of one service. */
  since(mark = 0, service?: string): JournalEntry[] {
    return this.entries.filter((entry) => entry.sequence >= mark && (!service || entry.service === service));
  }

  clear(): void {
    this.entries.length = 0;
  }
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? '(cut)' : value]),
  );
}
