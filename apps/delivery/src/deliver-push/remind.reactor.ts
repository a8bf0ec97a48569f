import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from '../pushed-messages.store';
import { LaterTexts } from './later-texts';
import { untried } from './push-delivery';
import { Runs } from './runs';
import { SendAttempts, triedUntil } from './send-attempts';

type Reminded = Extract<DeliveryEvent, { type: 'delivery.reminded' }>;

/** Says a push again through the endpoints of the reminder's decision. Has its own slots, so that first tries go first. */
@Injectable()
export class RemindReactor implements Reactor<Reminded> {
  readonly group = 'delivery.remind';
  readonly reactsTo = ['delivery.reminded'];
  readonly concurrency = 32;
  /** By event. At most `concurrency` of them. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly runs: Runs,
    private readonly attempts: SendAttempts,
    private readonly laterTexts: LaterTexts,
  ) {}

  /** An event redelivered while it is being worked on joins that work. */
  react(recorded: RecordedEvent<Reminded>): Promise<void> {
    const { eventId } = recorded;
    const work = this.running.get(eventId) ?? this.remind(recorded).finally(() => this.running.delete(eventId));
    this.running.set(eventId, work);
    return work;
  }

  private async remind(recorded: RecordedEvent<Reminded>): Promise<void> {
    const { state: delivery } = await this.deliveries.load(recorded.id);
    // Somebody knows by now, or the next reminder has come in its place.
    if (delivery.is !== 'decided' || delivery.isAcknowledged) return;
    if (delivery.reminder !== recorded.event.data.number) return;
    const run = await this.runs.begin(recorded, await this.messages.filed(recorded.id), delivery.reminder);
    const legs = untried(delivery);
    const edition = await this.attempts.tryOnce(legs, { ...run, ownAttempts: new Set() }, triedUntil(delivery));
    await this.laterTexts.show(recorded, edition);
  }
}
