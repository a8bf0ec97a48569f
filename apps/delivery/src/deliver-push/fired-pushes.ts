import { Injectable } from '@nestjs/common';
import { MessageEvent } from '@hark/contracts';
import { EventStore, RecordedEvent, StateCache } from '@hark/eventstore';
import { Verdict, verdictFold } from '@hark/gate';
import { PushDelivery } from './push-delivery';

export type Fired = Extract<MessageEvent, { type: 'message.fired' }>;

/** Scheduled pushes whose time has come. Without a verdict by then, the verdict delivers them. */
@Injectable()
export class FiredPushes {
  private readonly verdicts: StateCache<Verdict | undefined>;

  constructor(
    private readonly pushes: PushDelivery,
    store: EventStore,
  ) {
    this.verdicts = store.streams('moderation', verdictFold, { entriesMax: 1_000 });
  }

  /** The app's owner, as far as the push is known without a read. */
  ownerOf(recorded: RecordedEvent<Fired>): string {
    return this.pushes.ownerOf(recorded);
  }

  /** Delivers it if its text has passed. */
  async deliver(recorded: RecordedEvent<Fired>): Promise<void> {
    const { state: verdict } = await this.verdicts.get(recorded.id);
    if (verdict?.isPassed) await this.pushes.deliver(recorded, verdict.contentHash);
  }
}
