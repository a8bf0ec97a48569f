import { HarkError } from '@hark/kernel';
import { type CopiedEvent, isTombstone, metastreamOf } from './copied-event';
import { isSoftDeletion } from './soft-deletion';

/** The most soft-deleted and rewritten streams at one time. */
const heldEventsMax = 100_000;

/**
 * The source's events in the order in which they are written to the target, each unit in one append: the order of the
 * source's log, with one exception.
 *
 * EventStoreDB answers a write to a soft-deleted stream by writing an event of its own (`$metadata` that undoes the
 * deletion), which would take the place of the source's. So the deletion of a stream that is written again later waits,
 * and goes into one append with the event that undoes it: the target never has the stream deleted in between. All
 * events keep their ids, bytes and revisions.
 */
export class CopyPlan {
  private readonly held = new Map<string, CopiedEvent[]>();
  private heldEvents = 0;
  private latest: CopiedEvent | undefined;

  /** `isLatest`: whether the source has no later metadata of that stream. */
  constructor(
    private readonly source: AsyncIterable<CopiedEvent>,
    private readonly isLatest: (metadata: CopiedEvent) => Promise<boolean>,
  ) {}

  /** Whether everything in the source up to this event, the last one of a unit, has been returned. */
  isCompleteUpTo(event: CopiedEvent): boolean {
    return this.held.size === 0 && event === this.latest;
  }

  /** Every event once. Can be read only once. */
  async *units(): AsyncGenerator<CopiedEvent[]> {
    for await (const event of this.source) {
      this.latest = event;
      if (isTombstone(event)) {
        const waiting = this.release(metastreamOf(event.streamId)) ?? this.release(event.streamId);
        if (waiting !== undefined) yield waiting;
        yield [event];
      } else if (isSoftDeletion(event) && !(await this.isLatest(event))) this.hold(event);
      else yield [...(this.release(event.streamId) ?? []), event];
    }
    for (const streamId of [...this.held.keys()]) yield this.release(streamId) ?? [];
  }

  private hold(event: CopiedEvent): void {
    this.heldEvents += 1;
    if (this.heldEvents > heldEventsMax) {
      throw new HarkError(
        'refused',
        'migrate.too-many-deletions',
        `the source has more than ${heldEventsMax} streams that were soft-deleted and written again`,
      );
    }
    const waiting = this.held.get(event.streamId);
    if (waiting === undefined) this.held.set(event.streamId, [event]);
    else waiting.push(event);
  }

  private release(streamId: string): CopiedEvent[] | undefined {
    const waiting = this.held.get(streamId);
    this.held.delete(streamId);
    this.heldEvents -= waiting?.length ?? 0;
    return waiting;
  }
}
