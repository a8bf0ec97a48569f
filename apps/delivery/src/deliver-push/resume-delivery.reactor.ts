import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from './pushed';
import { Runs } from './runs';
import { SendAttempts } from './send-attempts';

type Resumed = Extract<DeliveryEvent, { type: 'delivery.resumed' }>;

/**
 * An endpoint's time has come: tries it once more, if the gate still lets it. Has slots of its own, so that what is tried
 * again never keeps back what is tried first.
 */
@Injectable()
export class ResumeDeliveryReactor implements Reactor<Resumed> {
  readonly group = 'delivery.resume-delivery';
  readonly reactsTo = ['delivery.resumed'];
  readonly concurrency = 64;
  /** By event. At most `concurrency` of them. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly runs: Runs,
    private readonly attempts: SendAttempts,
  ) {}

  /** An event that comes again while it is worked on joins that work. */
  react(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { eventId } = recorded;
    const work = this.running.get(eventId) ?? this.resume(recorded).finally(() => this.running.delete(eventId));
    this.running.set(eventId, work);
    return work;
  }

  private async resume(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { endpointId, number } = recorded.event.data;
    const { state: delivery } = await this.deliveries.load(recorded.id);
    if (delivery.is !== 'decided') return;
    const leg = delivery.legs.find((one) => one.endpointId === endpointId);
    // An event that comes again after its try put the endpoint off once more, or ended it, is done with.
    if (!leg || leg.settled !== null || leg.isDeferred || leg.deferrals !== number) return;
    const run = await this.runs.begin(recorded, await this.messages.accepted(recorded.id));
    await this.attempts.tryOnce(delivery, [leg], { ...run, ownAttempts: new Set() });
  }
}
