import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Clock, Fold, IsoTime } from '@hark/kernel';
import { UserStore } from '../user.store';

type Acknowledged = Extract<DeliveryEvent, { type: 'delivery.acknowledged' }>;

/** Whose push it is, and which endpoints took it when. */
interface Taken {
  readonly personId?: string;
  readonly sent: Readonly<Record<string, IsoTime>>;
}

const takenFold: Fold<Taken, DeliveryEvent> = {
  initial: { sent: {} },
  evolve(taken, { type, data }) {
    if (type === 'delivery.decided') return { ...taken, personId: data.personId };
    return type === 'delivery.sent' ? { ...taken, sent: { ...taken.sent, [data.endpointId]: data.at } } : taken;
  },
};

/**
 * A person who acknowledges a push that one endpoint alone brought has it still: that counts as a proof, so that whoever
 * uses an endpoint is not asked for codes. What somebody else acknowledged for them proves nothing.
 */
@Injectable()
export class NoteProofReactor implements Reactor<Acknowledged> {
  readonly group = 'auth.note-proof';
  readonly reactsTo = ['delivery.acknowledged'];

  private readonly deliveries: StateCache<Taken>;

  constructor(
    store: EventStore,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {
    this.deliveries = store.streams('delivery', takenFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Acknowledged>): Promise<void> {
    const { id: pushId, event } = recorded;
    if (event.data.inboxItemId !== pushId) return; // by whom it was escalated to
    const { personId, sent } = (await this.deliveries.get(pushId)).state;
    const [only, ...others] = Object.entries(sent);
    if (personId === undefined || !only || others.length > 0) return;
    const [endpointId, sentAt] = only;
    const note = { type: 'NoteProof', endpointId, by: 'acknowledgement', sentAt, at: this.clock.now() } as const;
    await this.users.execute(personId, note, reactionContext(recorded, 'auth'));
  }
}
