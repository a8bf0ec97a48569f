/** An event's place in the order in which its group met events. */
export interface CheckpointMark {
  /** From 1; skipped events have taken numbers in between. */
  readonly sequence: number;
  /** The place of whatever the group met just before, `undefined` when there was nothing. */
  readonly before: bigint | undefined;
  finished: boolean;
}

/** When a checkpoint is due; counts of events, and milliseconds. */
export interface CheckpointBounds {
  readonly minCheckPointCount: number;
  readonly maxCheckPointCount: number;
  /** 0: never by time. */
  readonly checkPointAfterMs: number;
}

const compactAfter = 1_024;

/**
 * The arithmetic of a group's checkpoint: just below the lowest event that is not finished, or at the last one met when
 * all are. Finishing is amortised constant time; what it keeps is bounded by the events met since the lowest unfinished.
 */
export class CheckpointTracker {
  private readonly marks: CheckpointMark[] = [];
  private lowest = 0;
  private sequence = 0;
  private checkpointedSequence = 0;
  private checkpointedAtMs = Number.NEGATIVE_INFINITY;

  /** `place`: the checkpoint the group resumes from. */
  constructor(
    private readonly bounds: CheckpointBounds,
    private place: bigint | undefined,
  ) {}

  /** The next event in log order, unfinished from now on. */
  begin(place: bigint): CheckpointMark {
    this.sequence += 1;
    const mark = { sequence: this.sequence, before: this.place, finished: false };
    this.place = place;
    this.marks.push(mark);
    return mark;
  }

  /** `count` events the group's filter left out, the last of them at `place`: finished as soon as they are met. */
  skip(count: number, place: bigint): void {
    this.sequence += count;
    this.place = place;
  }

  finish(mark: CheckpointMark): void {
    mark.finished = true;
    while (this.marks[this.lowest]?.finished === true) this.lowest += 1;
    if (this.lowest < compactAfter && this.lowest < this.marks.length) return;
    this.marks.splice(0, this.lowest);
    this.lowest = 0;
  }

  /** The place to write now, or `undefined`; asking counts as writing. Time alone makes it due only at a tick. */
  due(nowMs: number, isTick: boolean): bigint | undefined {
    const lowest = this.marks[this.lowest];
    const sequence = lowest === undefined ? this.sequence : lowest.sequence - 1;
    const place = lowest === undefined ? this.place : lowest.before;
    const difference = sequence - this.checkpointedSequence;
    if (difference <= 0 || place === undefined) return undefined;
    const { minCheckPointCount, maxCheckPointCount, checkPointAfterMs } = this.bounds;
    const byTime =
      isTick &&
      checkPointAfterMs > 0 &&
      difference >= minCheckPointCount &&
      nowMs - this.checkpointedAtMs >= checkPointAfterMs;
    if (difference < maxCheckPointCount && !byTime) return undefined;
    this.checkpointedSequence = sequence;
    this.checkpointedAtMs = nowMs;
    return place;
  }
}
