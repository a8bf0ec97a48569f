import type { LogEvent } from './event-log';

/** A page of large events ends early, so that no reader holds more than this (and one event) in memory. */
const pageBytesMax = 1_048_576;

/** Events on their way to a reader: full at `limit` of them, or when they are large. */
export class EventPage {
  readonly events: LogEvent[] = [];
  private bytes = 0;

  constructor(private readonly limit: number) {}

  /** How many more its number allows. */
  get room(): number {
    return this.limit - this.events.length;
  }

  get full(): boolean {
    return this.room <= 0 || this.bytes >= pageBytesMax;
  }

  /** `sizeOf`: what was read for it, where that is not the event itself. */
  add(event: LogEvent, sizeOf: LogEvent = event): void {
    this.events.push(event);
    this.bytes += sizeOf.data.length + sizeOf.metadata.length;
  }
}
