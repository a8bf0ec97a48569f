import type { IncomingHttpHeaders } from 'node:http';
import { Fifo } from './fifo';

/** Longer bodies are cut in the journal (the provider still sees all of it). In characters. */
export const journalBodyMax = 16_384;

export const providers = ['bark', 'mail', 'wechat', 'webhook', 'webpush'] as const;
export type ProviderName = (typeof providers)[number];

/** One request that reached a provider, whatever became of it. */
export interface JournalEntry {
  /** Strictly rising over all providers; never reused, not even after a reset. */
  readonly seq: number;
  readonly provider: ProviderName;
  /** When its last byte was read: milliseconds since 1970, with fractions. */
  readonly receivedAtMs: number;
  /** HTTP method; for mail `RCPT` (a recipient that was refused or tampered with) or `DATA` (a whole message). */
  readonly method: string;
  /** Path with query; for mail the recipients. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The fault that was injected, if any. */
  fault?: string;
  /** HTTP status or SMTP code of the answer, `cut` when the connection was broken off, null until answered. */
  answered: number | 'cut' | null;
}

/** Everything that came in, in order. Keeps the newest `max` entries and counts the others as dropped. */
export class Journal {
  private readonly entries = new Fifo<JournalEntry>();
  private seq = 0;
  private droppedCount = 0;

  constructor(private readonly max: number) {}

  /** How many entries were let go since the start or the last reset. */
  get dropped(): number {
    return this.droppedCount;
  }

  record(entry: Omit<JournalEntry, 'seq' | 'answered'>): JournalEntry {
    const body = entry.body.length > journalBodyMax ? entry.body.slice(0, journalBodyMax) : entry.body;
    const kept: JournalEntry = { ...entry, body, seq: ++this.seq, answered: null };
    this.entries.push(kept);
    if (this.entries.size > this.max) {
      this.entries.shift();
      this.droppedCount++;
    }
    return kept;
  }

  /** `match`: only entries whose path or body contains it, as a fault's does. */
  list({ provider, after = 0, match }: { provider?: ProviderName; after?: number; match?: string }): JournalEntry[] {
    return this.entries
      .toArray()
      .filter(
        (entry) =>
          entry.seq > after &&
          (!provider || entry.provider === provider) &&
          (match === undefined || `${entry.path} ${entry.body}`.includes(match)),
      );
  }

  reset(): void {
    while (this.entries.shift());
    this.droppedCount = 0;
  }
}
