/** Ids in the order of a text key, kept sorted on insert: lists of thousands need no sort per request. */
export class SortedIndex {
  private readonly keys: string[] = [];

  add(key: string, id: string): void {
    const entry = compose(key, id);
    this.keys.splice(this.lowerBound(entry), 0, entry);
  }

  remove(key: string, id: string): void {
    const entry = compose(key, id);
    const position = this.lowerBound(entry);
    if (this.keys[position] === entry) this.keys.splice(position, 1);
  }

  /** Ids whose key is at least `from`, ascending; or all that are there, descending. */
  *ids(options: { from?: string; descending?: boolean }): Generator<string> {
    const start = options.from === undefined ? 0 : this.lowerBound(options.from);
    if (options.descending) {
      for (let at = this.keys.length - 1; at >= start; at -= 1) yield idOf(this.keys[at] ?? '');
    } else {
      for (let at = start; at < this.keys.length; at += 1) yield idOf(this.keys[at] ?? '');
    }
  }

  private lowerBound(entry: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? '') < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compose(key: string, id: string): string {
  return `${key}|${id}`;
}

function idOf(entry: string): string {
  return entry.slice(entry.lastIndexOf('|') + 1);
}
