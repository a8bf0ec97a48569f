import { type CopiedEvent, isTombstone } from './copied-event';

/** Half of a server's default maximum, so that one more unit never makes an append too large. */
const runBytesMax = 524_288;
const runEventsMax = 500;

/** Consecutive events of one stream that go into one append; a tombstone goes alone. */
export type Run = readonly [CopiedEvent, ...CopiedEvent[]];

/** Collects units into runs without changing their order. A unit is never divided. */
export class AppendRuns {
  private events: CopiedEvent[] = [];
  private bytes = 0;

  /** Takes a unit; returns the run that this completes, if any. */
  add(unit: readonly CopiedEvent[]): Run | undefined {
    const first = unit[0];
    if (first === undefined) return undefined;
    const bytes = unit.reduce((sum, event) => sum + sizeOf(event), 0);
    const complete = this.goesOnWith(first, unit.length, bytes) ? undefined : this.end();
    this.events.push(...unit);
    this.bytes += bytes;
    return complete;
  }

  /** The run that is not complete yet, if any. */
  end(): Run | undefined {
    const [first, ...rest] = this.events;
    this.events = [];
    this.bytes = 0;
    return first && [first, ...rest];
  }

  private goesOnWith(event: CopiedEvent, events: number, bytes: number): boolean {
    const last = this.events.at(-1);
    return (
      last?.streamId === event.streamId &&
      !isTombstone(event) &&
      this.events.length + events <= runEventsMax &&
      this.bytes + bytes <= runBytesMax
    );
  }
}

/** Counted as servers do for their maximum append size. */
export const sizeOf = ({ data, metadata, type }: CopiedEvent): number =>
  data.length + metadata.length + 2 * type.length;
