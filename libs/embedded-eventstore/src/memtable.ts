/** Where an event of a stream stands in the log. */
export interface IndexEntry {
  /** The stream's number. */
  readonly stream: number;
  readonly revision: number;
  readonly position: number;
}

/**
 * The part of the index that is not in its table yet: the newest events, by stream. Written to the table many at a time,
 * an event of a busy stream costs a share of a page instead of a page; after a kill it is read again from the log.
 */
export class Memtable {
  private entries: IndexEntry[] = [];
  private readonly byStream = new Map<number, IndexEntry[]>();

  get size(): number {
    return this.entries.length;
  }

  get streams(): number {
    return this.byStream.size;
  }

  /**
   * Positions ascend from call to call, and so do the revisions of a stream. Keeps the three numbers, not what it was
   * given: that may be a whole event.
   */
  add({ stream, revision, position }: IndexEntry): void {
    const entry = { stream, revision, position };
    this.entries.push(entry);
    const ofStream = this.byStream.get(stream);
    if (ofStream === undefined) this.byStream.set(stream, [entry]);
    else ofStream.push(entry);
  }

  /** Forgets what was added since `size` was this. */
  cutTo(size: number): void {
    while (this.entries.length > size) {
      const stream = this.entries.pop()?.stream ?? 0;
      const ofStream = this.byStream.get(stream);
      ofStream?.pop();
      if (ofStream?.length === 0) this.byStream.delete(stream);
    }
  }

  clear(): void {
    this.entries = [];
    this.byStream.clear();
  }

  /** All entries in the order of the table: by stream, then by revision. */
  inIndexOrder(): IndexEntry[] {
    const streams = [...this.byStream.keys()].sort((a, b) => a - b);
    return streams.flatMap((stream) => this.byStream.get(stream) ?? []);
  }

  at(stream: number, revision: number): IndexEntry | undefined {
    const ofStream = this.byStream.get(stream) ?? [];
    const entry = ofStream[firstFrom(ofStream, revision)];
    return entry?.revision === revision ? entry : undefined;
  }

  /** At most `limit` entries from revision `from` on, none beyond position `upTo`. */
  upwards(stream: number, from: number, upTo: number, limit: number): IndexEntry[] {
    const ofStream = this.byStream.get(stream) ?? [];
    const entries: IndexEntry[] = [];
    for (let at = firstFrom(ofStream, from); entries.length < limit; at += 1) {
      const entry = ofStream[at];
      if (entry === undefined || entry.position > upTo) break;
      entries.push(entry);
    }
    return entries;
  }

  /** At most `limit` entries from revision `from` downwards, those beyond position `upTo` left out. */
  downwards(stream: number, from: number, upTo: number, limit: number): IndexEntry[] {
    const ofStream = this.byStream.get(stream) ?? [];
    const entries: IndexEntry[] = [];
    for (let at = firstFrom(ofStream, from + 1) - 1; at >= 0 && entries.length < limit; at -= 1) {
      const entry = ofStream[at];
      if (entry !== undefined && entry.position <= upTo) entries.push(entry);
    }
    return entries;
  }
}

/** Place of the first entry with at least this revision. */
function firstFrom(entries: readonly IndexEntry[], revision: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.revision ?? 0) < revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
