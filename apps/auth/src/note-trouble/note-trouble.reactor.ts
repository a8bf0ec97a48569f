import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Clock, Fold } from '@hark/kernel';
import { troubleOf } from '../domain/trouble-of';
import { UserStore } from '../user.store';

type Failed = Extract<DeliveryEvent, { type: 'delivery.failed' }>;

const personFold: Fold<string | null, DeliveryEvent> = {
  initial: null,
  evolve: (personId, { type, data }) => (type === 'delivery.decided' ? data.personId : personId),
};

/**
 * Keeps with an endpoint why a message did not arrive, so that its person finds it in their list. One that is gone is
 * switched off instead (`auth.disable-endpoint`).
 */
@Injectable()
export class NoteTroubleReactor implements Reactor<Failed> {
  readonly group = 'auth.note-trouble';
  readonly reactsTo = ['delivery.failed'];

  private readonly people: StateCache<string | null>;

  constructor(
    store: EventStore,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {
    this.people = store.streams('delivery', personFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Failed>): Promise<void> {
    const { class: failure, reason: why, endpointId, final } = recorded.event.data;
    if (!final || failure === 'RECIPIENT_GONE') return;
    const { state: personId } = await this.people.get(recorded.id);
    if (personId === null) return;
    const note = { type: 'NoteTrouble', endpointId, reason: troubleOf(failure, why), at: this.clock.now() } as const;
    await this.users.execute(personId, note, reactionContext(recorded, 'auth'));
  }
}
