import { linkTarget, linkType } from '../links';
import type { ConsumerStrategy } from './consumer-strategy';
import type { Message } from './message';
import type { Choice } from './message-queue';
import type { Reader } from './reader';
import { xxHash32 } from './xxhash32';

const bucketCount = 1_024;

/**
 * Events of one source stream go to one reader as long as the readers stay the same: the stream's hash names a bucket,
 * a bucket belongs to the reader that had the fewest when it was first needed. A full reader's events wait while later
 * ones of other readers go on. A reader that comes takes over buckets, idle ones first; one that leaves frees its own.
 * `sourceOf` names what belongs together.
 */
export class Pinned implements ConsumerStrategy {
  private readonly owners: (Reader | undefined)[] = new Array<Reader | undefined>(bucketCount).fill(undefined);
  private readonly inFlight = new Int32Array(bucketCount);
  /** How many buckets each reader has, in the order they connected. */
  private readonly loads = new Map<Reader, number>();
  private readonly buckets = new WeakMap<Message, number>();

  constructor(private readonly sourceOf: (message: Message) => string = sourceStream) {}

  added(reader: Reader): void {
    this.loads.set(reader, 0);
    const assigned = [...this.loads.values()].reduce((sum, load) => sum + load, 0);
    const fairShare = Math.ceil(assigned / this.loads.size);
    for (const [other, load] of this.loads) {
      if (other === reader || load <= fairShare) continue;
      const surplus = this.bucketsOf(other)
        .toSorted((a, b) => (this.inFlight[a] ?? 0) - (this.inFlight[b] ?? 0))
        .slice(0, load - fairShare);
      for (const bucket of surplus) this.assign(bucket, reader);
    }
  }

  removed(reader: Reader): void {
    for (const bucket of this.bucketsOf(reader)) {
      this.owners[bucket] = undefined;
      this.inFlight[bucket] = 0;
    }
    this.loads.delete(reader);
  }

  choose(message: Message): Choice {
    if (!this.hasCapacity()) return 'no-more-capacity';
    const bucket = this.bucketOf(message);
    const owner = this.owners[bucket] ?? this.assign(bucket, this.leastLoaded());
    if (owner?.canTake !== true) return 'skipped';
    this.inFlight[bucket] = (this.inFlight[bucket] ?? 0) + 1;
    return owner;
  }

  released(reader: Reader, message: Message): void {
    const bucket = this.bucketOf(message);
    if (this.owners[bucket] === reader) this.inFlight[bucket] = (this.inFlight[bucket] ?? 1) - 1;
  }

  private hasCapacity(): boolean {
    for (const reader of this.loads.keys()) if (reader.canTake) return true;
    return false;
  }

  private bucketsOf(reader: Reader): number[] {
    const buckets: number[] = [];
    for (let bucket = 0; bucket < bucketCount; bucket += 1) if (this.owners[bucket] === reader) buckets.push(bucket);
    return buckets;
  }

  private leastLoaded(): Reader | undefined {
    let least: Reader | undefined;
    let leastLoad = Number.POSITIVE_INFINITY;
    for (const [reader, load] of this.loads) {
      if (load >= leastLoad) continue;
      least = reader;
      leastLoad = load;
    }
    return least;
  }

  private assign(bucket: number, reader: Reader | undefined): Reader | undefined {
    if (reader === undefined) return undefined;
    const before = this.owners[bucket];
    if (before !== undefined) this.loads.set(before, (this.loads.get(before) ?? 1) - 1);
    this.owners[bucket] = reader;
    this.inFlight[bucket] = 0;
    this.loads.set(reader, (this.loads.get(reader) ?? 0) + 1);
    return reader;
  }

  private bucketOf(message: Message): number {
    const known = this.buckets.get(message);
    if (known !== undefined) return known;
    const bucket = xxHash32(Buffer.from(this.sourceOf(message), 'utf8')) % bucketCount;
    this.buckets.set(message, bucket);
    return bucket;
  }
}

/** The stream an event came from first: for a link that was not followed, the one it points to. */
export function sourceStream({ resolved, original }: Message): string {
  const event = resolved.event ?? original;
  return event.type === linkType ? (linkTarget(event.data)?.streamId ?? event.streamId) : event.streamId;
}
