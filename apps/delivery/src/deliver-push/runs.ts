import { Injectable } from '@nestjs/common';
import { RecordedEvent } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { DeliveryStore } from '../delivery.store';
import { AttemptDeadlines } from './attempt-deadlines';
import { DeliveryLog } from './delivery-log';
import { NotificationFactory } from './notification-factory';
import { Pushed } from './pushed';
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
  async begin({ id: pushId, eventId, metadata }: RecordedEvent, pushed: Pushed): Promise<Omit<Run, 'ownAttempts'>> {
    const begunAtMs = performance.now();
    const context = {
      commandId: uuid7(),
      actor: 'service:delivery',
      requestId: metadata.requestId ?? eventId,
      correlationId: metadata.$correlationId ?? eventId,
      causationId: eventId,
      ...(metadata.traceparent && { traceparent: metadata.traceparent }),
    };
    const log = new DeliveryLog(this.deliveries, pushId, context, begunAtMs + this.deadlines.writeMs);
    return { pushed, note: await this.notes.of(pushId, pushed), log };
  }
}
