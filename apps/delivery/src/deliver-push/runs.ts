import { Recorded } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { DeliveryStore } from '../delivery.store';
import { AttemptPatience } from './attempt-patience';
import { DeliveryLog } from './delivery-log';
import { Notes } from './notes';
import { Pushed } from './pushed';
import { Run } from './send-attempts';

/** Begins the runs of the reactors: what is to be sent, and the log it is written to. */
@Injectable()
export class Runs {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly notes: Notes,
    private readonly patience: AttemptPatience,
  ) {}

  /** For the push whose stream `recorded` is named after; what is written names it as its cause. */
  async begin({ id: pushId, eventId, metadata }: Recorded, pushed: Pushed): Promise<Omit<Run, 'own'>> {
    const begunAtMs = performance.now();
    const context = {
      commandId: uuid7(),
      actor: 'service:delivery',
      requestId: metadata.requestId ?? eventId,
      correlationId: metadata.$correlationId ?? eventId,
      causationId: eventId,
      ...(metadata.traceparent && { traceparent: metadata.traceparent }),
    };
    const log = new DeliveryLog(this.deliveries, pushId, context, begunAtMs + this.patience.writeMs);
    return { pushed, note: await this.notes.of(pushId, pushed), log };
  }
}
