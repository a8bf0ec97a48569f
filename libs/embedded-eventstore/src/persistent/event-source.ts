import { type EventHead, type EventLog, type LogEvent, MAX64 } from '../event-log';
import type { EventFilter } from '../filter';
import { type ResolvedEvent, resolveLink } from '../links';

/** What a group meets next: an event for it, or a run of events that its filter leaves out. */
export type Step =
  { readonly resolved: ResolvedEvent; readonly place: bigint } | { readonly skipped: number; readonly place: bigint };

export interface SourcePage {
  /** In log order. */
  readonly steps: readonly Step[];
  /** Nothing committed is left after this page. */
  readonly atEnd: boolean;
  /** The stream is closed for ever: the group has nothing more to give. */
  readonly tombstoned: boolean;
}

/** A group's cursor over what it subscribes to. Each read goes on where the last one ended: no gap, no repeat. */
export interface EventSource {
  /**
   * At most `limit` events. `live`: the cursor had reached the end, so whatever follows has just been committed, and
   * stream metadata (`$maxAge`, `$maxCount`, `$tb`) does not hide it.
   */
  read(limit: number, live: boolean, nowMs: number): SourcePage;
}

const nothing = { steps: [], atEnd: true, tombstoned: false } as const;

/** One stream from revision `next` on. */
export class StreamSource implements EventSource {
  constructor(
    private readonly log: EventLog,
    private readonly streamId: string,
    private readonly resolveLinkTos: boolean,
    private next: bigint,
  ) {}

  read(limit: number, live: boolean, nowMs: number): SourcePage {
    const state = this.log.state(this.streamId);
    if (state.is === 'tombstoned') return { ...nothing, tombstoned: true };
    if (state.is === 'absent') return nothing;
    const end = state.last + 1n;
    const oldestMs = live || state.maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : nowMs - state.maxAgeMs;
    if (!live) {
      const first = state.softDeleted || state.first > end ? end : state.first;
      if (this.next < first) this.next = first;
    }
    if (this.next >= end) return nothing;
    const steps: Step[] = [];
    for (const event of this.log.readStreamForwards(this.streamId, this.next, limit)) {
      if (event.revision === MAX64) break;
      this.next = event.revision + 1n;
      if (event.createdMs < oldestMs) continue;
      const resolved = resolveLink(this.log, event, this.resolveLinkTos, nowMs);
      steps.push({ resolved, place: event.revision });
    }
    return { steps, atEnd: this.next >= end, tombstoned: false };
  }
}

/** The whole log after position `after`, without the streams hidden from `$all`; the filter sees links, not targets. */
export class AllSource implements EventSource {
  constructor(
    private readonly log: EventLog,
    private readonly filter: EventFilter | undefined,
    private readonly resolveLinkTos: boolean,
    private after: number,
  ) {}

  read(limit: number, _live: boolean, nowMs: number): SourcePage {
    const looked: { head: EventHead; wanted: boolean }[] = [];
    const page = this.log.scanAllForwards(this.after, limit, (head) => {
      const wanted = this.filter?.matches(head) ?? true;
      looked.push({ head, wanted });
      return wanted;
    });
    if (page.considered === 0) return nothing;
    this.after = page.upTo;
    return { steps: this.steps(page.events, looked, nowMs), atEnd: page.upTo >= this.log.head(), tombstoned: false };
  }

  private steps(
    events: readonly LogEvent[],
    looked: readonly { head: EventHead; wanted: boolean }[],
    nowMs: number,
  ): Step[] {
    const steps: Step[] = [];
    let next = 0;
    let skipped = 0;
    let skippedTo = 0;
    const flush = (): void => {
      if (skipped > 0) steps.push({ skipped, place: BigInt(skippedTo) });
      skipped = 0;
    };
    for (const { head, wanted } of looked) {
      if (head.position > this.after) break;
      const event = events[next];
      if (wanted && event?.position === head.position) {
        flush();
        steps.push({
          resolved: resolveLink(this.log, event, this.resolveLinkTos, nowMs),
          place: BigInt(event.position),
        });
        next += 1;
      } else {
        skipped += 1;
        skippedTo = head.position;
      }
    }
    flush();
    return steps;
  }
}
