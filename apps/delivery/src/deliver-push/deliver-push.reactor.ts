import { Injectable } from '@nestjs/common';
import { ModerationEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { PushDelivery } from './push-delivery';

type Passed = Extract<ModerationEvent, { type: 'moderation.passed' | 'moderation.approved' }>;

/** Delivers a push whose text has passed, unless it waits for its time. */
@Injectable()
export class DeliverPushReactor implements Reactor<Passed> {
  readonly group = 'delivery.deliver-push';
  readonly reactsTo = ['moderation.passed', 'moderation.approved'];
  /** A reaction mostly waits for a provider. Many at once, so that a few that hang delay nobody else. */
  readonly concurrency = 128;
  /** So that who sends a thousand at once holds up nobody else. */
  readonly waitingMax = 384;

  constructor(private readonly pushes: PushDelivery) {}

  ownerOf(recorded: RecordedEvent<Passed>): string {
    return this.pushes.ownerOf(recorded);
  }

  react(recorded: RecordedEvent<Passed>): Promise<void> {
    return this.pushes.deliver(recorded, recorded.event.data.contentHash);
  }
}
