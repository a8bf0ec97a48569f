import { textOf } from '../codec';
import type { EventLog } from '../event-log';
import { lastEvent } from '../last-event';
import { metastreamOf } from '../system-streams';
import { formatPlace, groupKey, parsePlace } from './settings';
import { metadataEvent, systemEvent } from './system-events';

/**
 * A group's checkpoints: `$SubscriptionCheckpoint` events in a stream of their own, of which the last counts. One write
 * is under way at a time and the newest waiting place follows it; a failed one is tried again by `retry`.
 */
export class CheckpointStore {
  /** The last one that is durable. */
  checkpoint: bigint | undefined;
  readonly streamId: string;
  private wanted: bigint | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly stream: string,
    group: string,
  ) {
    this.streamId = `$persistentsubscription-${groupKey(stream, group)}-checkpoint`;
    this.checkpoint = this.load();
  }

  write(place: bigint): void {
    this.wanted = place;
    this.retry();
  }

  /** Starts writing what is wanted, if nothing is being written. */
  retry(): void {
    if (this.wanted === undefined || this.writing !== undefined) return;
    this.writing = this.drain().finally(() => (this.writing = undefined));
  }

  /** Resolves when no write is under way; never rejects. */
  async idle(): Promise<void> {
    await this.writing;
  }

  private async drain(): Promise<void> {
    // As many rounds as places are asked for meanwhile: each waits for a commit, and only the newest place is kept.
    while (this.wanted !== undefined) {
      const place = this.wanted;
      this.wanted = undefined;
      try {
        await this.append(place);
        this.checkpoint = place;
      } catch {
        this.wanted ??= place;
        return;
      }
    }
  }

  private async append(place: bigint): Promise<void> {
    const writes = [systemEvent('$SubscriptionCheckpoint', JSON.stringify(formatPlace(this.stream, place)))];
    if (this.log.state(this.streamId).is === 'absent') {
      await this.log.append(metastreamOf(this.streamId), { is: 'any' }, [metadataEvent('{"$maxCount":2}')]);
    }
    await this.log.append(this.streamId, { is: 'any' }, writes);
  }

  /** Somebody else's event that is no checkpoint counts as none: events repeat, but none is lost. */
  private load(): bigint | undefined {
    const event = lastEvent(this.log, this.streamId);
    try {
      return event && parsePlace(String(JSON.parse(textOf(event.data))));
    } catch {
      return undefined;
    }
  }
}
