import { randomUUID } from 'node:crypto';
import { textOf } from '../codec';
import type { EventLog, LogEvent } from '../event-log';
import { linkTarget, linkType, type ResolvedEvent, visibleEvent } from '../links';
import { metastreamOf } from '../system-streams';
import type { Message } from './message';
import { groupKey } from './settings';
import { metadataEvent } from './system-events';

/**
 * A group's parked stream: a link to the original for every event it gave up on, and `$tb` at the first one that has
 * not been replayed.
 */
export class MessageParker {
  readonly streamId: string;

  constructor(
    private readonly log: EventLog,
    stream: string,
    group: string,
  ) {
    this.streamId = `$persistentsubscription-${groupKey(stream, group)}-parked`;
  }

  /** How many are parked and not replayed. */
  get count(): bigint {
    const { first, end } = this.range();
    return end - first;
  }

  /** Numbers of the parked events: from `first` up to but not including `end`. */
  range(): { first: bigint; end: bigint } {
    const state = this.log.state(this.streamId);
    if (state.is !== 'present') return { first: 0n, end: 0n };
    const end = state.last + 1n;
    return { first: state.softDeleted || state.first > end ? end : state.first, end };
  }

  /** Resolves once the link is durable; rejects when it is not, and then nothing was written. */
  async park({ resolved, original }: Message, reason: string, nowMs: number): Promise<void> {
    const { event } = resolved;
    const link = event === undefined ? textOf(original.data) : `${event.revision}@${event.streamId}`;
    const outcome = await this.log.append(this.streamId, { is: 'any' }, [
      {
        id: randomUUID(),
        type: linkType,
        isJson: false,
        data: Buffer.from(link, 'utf8'),
        metadata: Buffer.from(parkedMetadata(original, reason, nowMs), 'utf8'),
      },
    ]);
    if (outcome.is !== 'appended') throw new Error(`could not park: ${outcome.is}`);
  }

  /** Parked events `from` up to `end`, at most `limit` numbers; those whose target no longer resolves are left out. */
  read(from: bigint, end: bigint, limit: number, nowMs: number): { events: ResolvedEvent[]; next: bigint } {
    const count = end - from < BigInt(limit) ? Number(end - from) : limit;
    const links = this.log.readStreamForwards(this.streamId, from, count).filter(({ revision }) => revision < end);
    const events = links.flatMap((link) => {
      const target = linkTarget(link.data);
      const event = target && visibleEvent(this.log, target.streamId, target.revision, nowMs);
      return event === undefined ? [] : [{ event, link }];
    });
    return { events, next: (links.at(-1)?.revision ?? end - 1n) + 1n };
  }

  /** Moves `$tb`: everything below `end` counts as replayed. */
  async markReplayed(end: bigint): Promise<void> {
    await this.log.append(metastreamOf(this.streamId), { is: 'any' }, [metadataEvent(`{"$tb":${end}}`)]);
  }
}

/** The number is written as text is: a tombstone's revision does not survive JSON.stringify. */
const parkedMetadata = (original: LogEvent, reason: string, nowMs: number): string =>
  `{"added":${JSON.stringify(new Date(nowMs).toISOString())},"reason":${JSON.stringify(reason)},` +
  `"subscriptionEventNumber":${original.revision}}`;
