import { Injectable } from '@nestjs/common';
import { MessageEvent } from '@hark/contracts';
import { EventStore, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Verdict, verdictFold } from '@hark/gate';
import { PushDelivery } from './push-delivery';

type Fired = Extract<MessageEvent, { type: 'message.fired' }>;

/**
 * Delivers a scheduled push when its time has come and its text has passed. Without a verdict by then, the verdict
 * delivers it. Has its own slots, so that many that are due at once do not delay what was just pushed.
 */
@Injectable()
export class DeliverFiredReactor implements Reactor<Fired> {
  readonly group = 'delivery.deliver-fired';
  readonly reactsTo = ['message.fired'];
  readonly concurrency = 64;
  readonly givesWay = true;
  readonly waitingMax = 384;
  private readonly verdicts: StateCache<Verdict | undefined>;

  constructor(
    private readonly pushes: PushDelivery,
    store: EventStore,
  ) {
    this.verdicts = store.streams('moderation', verdictFold, { entriesMax: 1_000 });
  }

  ownerOf(recorded: RecordedEvent<Fired>): string {
    return this.pushes.ownerOf(recorded);
  }

  async react(recorded: RecordedEvent<Fired>): Promise<void> {
    const { state: verdict } = await this.verdicts.get(recorded.id);
    if (verdict?.isPassed) await this.pushes.deliver(recorded, verdict.contentHash);
  }
}
