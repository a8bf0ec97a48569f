import { LogEvent } from './log-event';

/** Who is given every event of a category. */
export interface TailFollower {
  readonly category: string;
  /** The next event of the category. May come a second time; within a stream in order. */
  take(event: LogEvent): void;
  /** What was known is void: the tail lost its place, and events were passed over. */
  forget(): void;
}

/** What a tail reads of the log. */
export interface TailSource {
  /** The position of the log's last event at this moment. */
  head(): Promise<bigint>;
  /** The events of these categories after the position `after`, at most `eventsMax`: see `readTail`. */
  read(categories: readonly string[], after: bigint, eventsMax: number): Promise<readonly LogEvent[]>;
  /** The highest position that this process has seen in the log. */
  seen(): bigint;
}

/**
 * A moment of a decision. When `reached` resolves, every event that was acknowledged to anybody before `reached` was
 * first asked for has been given to the followers of its category, or they were told to forget.
 */
export interface Present {
  /** Rejects with what the read threw, for all who shared it; the next moment begins where that read began. */
  readonly reached: Promise<void>;
  /** The `performance.now()` before which nothing acknowledged can be missing. */
  readonly atMs: number;
}

const eventsMax = 1_000;
const pagesMax = 20;
/** A tail that nobody needed for so long begins anew at the log's end instead of reading all that came since. */
const idleMs = 15_000;

interface Reading {
  begun: boolean;
  result: Promise<void>;
}

/**
 * The end of the log, read whenever somebody must know the present. All who wait at a moment share one read, whatever
 * streams they ask about; a read serves only those who asked before it began.
 */
export class LogTail {
  private readonly followers = new Map<string, TailFollower[]>();
  private latest: Reading | undefined;
  /** Everything up to here was given to the followers; undefined before the first read. */
  private position: bigint | undefined;
  private readAtMs = -Infinity;
  /** When the last read that succeeded began. */
  private begunAtMs = -Infinity;
  private joined = 0;

  constructor(private readonly source: TailSource) {}

  /** From now on `follower` is given what comes. */
  follow(follower: TailFollower): void {
    this.followers.set(follower.category, [...(this.followers.get(follower.category) ?? []), follower]);
    this.joined += 1;
  }

  /** False when the next read will begin anew, so that what is learnt before it will be forgotten. */
  get isFollowed(): boolean {
    return this.position !== undefined && performance.now() - this.readAtMs <= idleMs;
  }

  /** A moment that begins when its `reached` is first asked for. */
  present(): Present {
    const catchUp = () => this.catchUp();
    let reached: Promise<void> | undefined;
    return {
      atMs: performance.now(),
      get reached() {
        return (reached ??= catchUp());
      },
    };
  }

  /**
   * A moment after the event at `position` and at most `ageMsMax` ago, without a read where one has just been that far;
   * else the present.
   */
  presentAfter(position: bigint, ageMsMax: number): Present {
    const isThere = this.position !== undefined && this.position >= position;
    const isRecent = performance.now() - this.begunAtMs <= ageMsMax;
    return isThere && isRecent ? { reached: Promise.resolve(), atMs: this.begunAtMs } : this.present();
  }

  private catchUp(): Promise<void> {
    const last = this.latest;
    // A read that has begun may have passed the place where the newest event now stands.
    if (last && !last.begun) return last.result;
    const reading: Reading = { begun: false, result: Promise.resolve() };
    reading.result = this.readAfter(last, reading);
    this.latest = reading;
    return reading.result;
  }

  private async readAfter(last: Reading | undefined, reading: Reading): Promise<void> {
    // Yields once even when there is no read to wait for, so that calls of the same tick share a read.
    await last?.result.catch(() => undefined);
    reading.begun = true;
    try {
      await this.read();
    } finally {
      if (this.latest === reading) this.latest = undefined;
    }
  }

  private async read(): Promise<void> {
    if (!this.isFollowed) return this.begin();
    const { joined } = this;
    const begunAtMs = performance.now();
    // Taken before the read begins, so that the read has passed it when it ends: the place to go on from, also when
    // nothing matched. Otherwise each read would look through more of the log than the one before.
    const seen = this.source.seen();
    const categories = [...this.followers.keys()];
    let after = this.position!;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const events = await this.source.read(categories, after, eventsMax);
      for (const event of events) this.give(event);
      after = events.at(-1)?.position ?? after;
      if (events.length >= eventsMax) continue;
      // A category that joined meanwhile was not in the filter: for its sake the next read begins where this one began.
      if (this.joined === joined) {
        this.position = after > seen ? after : seen;
        this.begunAtMs = begunAtMs;
      }
      this.readAtMs = performance.now();
      return;
    }
    await this.begin();
  }

  /** Begins at the log's end: what was known before is void, and what is learnt from now on is not older. */
  private async begin(): Promise<void> {
    const begunAtMs = performance.now();
    const head = await this.source.head();
    for (const follower of [...this.followers.values()].flat()) follower.forget();
    this.position = head;
    this.begunAtMs = begunAtMs;
    this.readAtMs = performance.now();
  }

  private give(event: LogEvent): void {
    for (const follower of this.followers.get(event.category) ?? []) follower.take(event);
  }
}
