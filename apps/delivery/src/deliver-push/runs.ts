import { Injectable } from '@nestjs/common';
import { reactionContext, RecordedEvent } from '@hark/eventstore';
import { Pushed } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { DeliveryStore } from '../delivery.store';
import { AttemptDeadlines } from './attempt-deadlines';
import { DeliveryLog } from './delivery-log';
import { NotificationFactory } from './notification-factory';
import { Run } from './send-attempts';

/** Begins the runs of the reactors: what is to be sent, and the log it is written to. */
@Injectable()
export class Runs {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly notes: NotificationFactory,
    private readonly deadlines: AttemptDeadlines,
  ) {}

  /** For the push whose stream `recorded` is named after; what is written names it as its cause. */
  async begin(recorded: RecordedEvent, pushed: Pushed): Promise<Omit<Run, 'ownAttempts'>> {
    const begunAtMs = performance.now();
    const { id: pushId } = recorded;
    const context = { ...reactionContext(recorded, 'delivery'), commandId: uuid7() };
    const log = new DeliveryLog(this.deliveries, pushId, context, begunAtMs + this.deadlines.writeMs);
    return { pushed, note: await this.notes.of(pushId, pushed), log };
  }
}
