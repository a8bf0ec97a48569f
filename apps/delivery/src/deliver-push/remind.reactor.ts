import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from '../pushed-messages.store';
import { JoinedRuns } from './joined-runs';
import { LaterTexts } from './later-texts';
import { LaterTries, laterTry } from './later-tries';
import { untried } from './push-delivery';
import { Runs } from './runs';

type Reminded = Extract<DeliveryEvent, { type: 'delivery.reminded' }>;

/** Says a push again through the endpoints of the reminder's decision. Has its own slots, so that first tries go first. */
@Injectable()
export class RemindReactor implements Reactor<Reminded> {
  readonly group = 'delivery.remind';
  readonly reactsTo = ['delivery.reminded'];
  readonly concurrency = 32;
  private readonly underWay = new JoinedRuns();

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly runs: Runs,
    private readonly tries: LaterTries,
    private readonly laterTexts: LaterTexts,
  ) {}

  /** An event redelivered while it is being worked on joins that work. */
  react(recorded: RecordedEvent<Reminded>): Promise<void> {
    return this.underWay.join(recorded.eventId, () => this.remind(recorded));
  }

  private async remind(recorded: RecordedEvent<Reminded>): Promise<void> {
    const { state: delivery } = await this.deliveries.load(recorded.id);
    // Somebody knows by now, or the next reminder has come in its place.
    if (delivery.is !== 'decided' || delivery.isAcknowledged) return;
    if (delivery.reminder !== recorded.event.data.number) return;
    const run = await this.runs.begin(recorded, await this.messages.filed(recorded.id), delivery.reminder);
    const behind = await this.tries.tryOnce(untried(delivery), run, laterTry(recorded, delivery));
    await this.laterTexts.show(recorded, behind);
  }
}
