import type { LogEvent } from './event-log';

/** What is kept, in events and in bytes of their data and metadata. */
const eventsMax = 2_048;
const bytesMax = 4 * 1_048_576;

/** An event with what the table says of it and a reader is not told. */
export interface RecentEvent {
  readonly event: LogEvent;
  /** The stream's number. */
  readonly stream: number;
  /** Left out of `$all`. */
  readonly hidden: boolean;
}

/**
 * The newest events of this run in memory: those who follow the log, and those who read its end again and again, need
 * nothing from the file. What is not durable yet is among them; the caller minds where readers end.
 */
export class RecentEvents {
  /** An event's place is its position modulo the size. */
  private readonly places = new Array<RecentEvent | undefined>(eventsMax);
  private first = Infinity;
  private next = Infinity;
  private bytes = 0;

  /** From this position on, every event is here. */
  get begin(): number {
    return this.first;
  }

  /** Positions follow each other without gaps. */
  add(recent: RecentEvent): void {
    if (this.first === Infinity) this.first = this.next = recent.event.position;
    if (this.next - this.first === eventsMax) this.forgetFirst();
    this.places[this.next % eventsMax] = recent;
    this.next += 1;
    this.bytes += bytesOf(recent);
    while (this.bytes > bytesMax) this.forgetFirst();
  }

  /** To be called when a transaction was undone: its positions come again. */
  clear(): void {
    this.places.fill(undefined);
    this.first = this.next = Infinity;
    this.bytes = 0;
  }

  at(position: number): RecentEvent | undefined {
    return position >= this.first && position < this.next ? this.places[position % eventsMax] : undefined;
  }

  private forgetFirst(): void {
    const place = this.first % eventsMax;
    const recent = this.places[place];
    if (recent !== undefined) this.bytes -= bytesOf(recent);
    this.places[place] = undefined;
    this.first += 1;
  }
}

const bytesOf = ({ event }: RecentEvent): number => event.data.length + event.metadata.length;
