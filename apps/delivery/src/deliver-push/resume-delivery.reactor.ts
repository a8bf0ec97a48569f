import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from '../pushed-messages.store';
import { Digests } from './digests';
import { LaterTexts } from './later-texts';
import { Runs } from './runs';
import { SendAttempts, triedUntil } from './send-attempts';

type Resumed = Extract<DeliveryEvent, { type: 'delivery.resumed' }>;

/**
 * Tries an endpoint once more when its time has come, if the gate still allows it. Has its own slots, so that further
 * tries never delay first ones.
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
    private readonly digests: Digests,
    private readonly laterTexts: LaterTexts,
  ) {}

  /** An event redelivered while it is being worked on joins that work. */
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
    // Redelivered after its try has put the endpoint off again or settled it: nothing to do.
    if (!leg || leg.settled !== null || leg.isDeferred || leg.deferrals !== number) return;
    const run = await this.runs.begin(recorded, await this.messages.filed(recorded.id), delivery.reminder);
    const until = triedUntil(delivery);
    const edition =
      leg.digest === null
        ? await this.attempts.tryOnce([leg], { ...run, ownAttempts: new Set() }, until)
        : await this.digests.ring(recorded, leg, leg.digest, run, until);
    await this.laterTexts.show(recorded, edition);
  }
}
