import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from '../pushed-messages.store';
import { Digests } from './digests';
import { JoinedRuns } from './joined-runs';
import { LaterTexts } from './later-texts';
import { LaterTries, laterTry } from './later-tries';
import { Runs } from './runs';

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
  private readonly underWay = new JoinedRuns();

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly runs: Runs,
    private readonly digests: Digests,
    private readonly tries: LaterTries,
    private readonly laterTexts: LaterTexts,
  ) {}

  /** An event redelivered while it is being worked on joins that work. */
  react(recorded: RecordedEvent<Resumed>): Promise<void> {
    return this.underWay.join(recorded.eventId, () => this.resume(recorded));
  }

  private async resume(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { endpointId, number } = recorded.event.data;
    const { state: delivery } = await this.deliveries.load(recorded.id);
    if (delivery.is === 'absent') return;
    const leg = delivery.legs.find((one) => one.endpointId === endpointId);
    // Redelivered after its try has put the endpoint off again: nothing to do.
    if (!leg || leg.isDeferred || leg.deferrals !== number) return;
    // It took the push: what was put off there is a later text of it.
    if (leg.settled === 'sent') return this.laterTexts.show(recorded, [endpointId]);
    if (leg.settled !== null) return;
    const run = await this.runs.begin(recorded, await this.messages.filed(recorded.id), delivery.reminder);
    const behind =
      leg.digest === null
        ? await this.tries.tryOnce([leg], run, laterTry(recorded, delivery))
        : await this.digests.ring(recorded, leg, leg.digest, run, laterTry(recorded, delivery));
    await this.laterTexts.show(recorded, behind);
  }
}
