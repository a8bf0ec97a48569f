import { Injectable } from '@nestjs/common';
import { reactionContext, RecordedEvent } from '@hark/eventstore';
import { Pushed } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { DeliveryStore } from '../delivery.store';
import { AttemptDeadlines } from './attempt-deadlines';
import { DeliveryLog } from './delivery-log';
import { asReminder, NotificationFactory } from './notification-factory';
import { Run } from './send-attempts';

/** Begins the reactors' runs: the push to send, and the log to write to. */
@Injectable()
export class Runs {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly notes: NotificationFactory,
    private readonly deadlines: AttemptDeadlines,
  ) {}

  /** A run for the push in whose stream `recorded` is; the events written name it as their cause. `reminder`: which one it is of, if of any. */
  async begin(recorded: RecordedEvent, pushed: Pushed, reminder = 0): Promise<Omit<Run, 'ownAttempts'>> {
    const begunAtMs = performance.now();
    const { id: pushId } = recorded;
    const context = { ...reactionContext(recorded, 'delivery'), commandId: uuid7() };
    const log = new DeliveryLog(this.deliveries, pushId, context, begunAtMs + this.deadlines.writeMs);
    const note = await this.notes.of(pushId, pushed);
    return { pushed, note: note && asReminder(note, reminder), log, cause: recorded.eventId };
  }
}
