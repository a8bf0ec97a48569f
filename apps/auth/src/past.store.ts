import { Injectable } from '@nestjs/common';
import { EventStore } from '@hark/eventstore';
import { Decider, DomainEvent } from '@hark/kernel';

/** Streams as they once were: so that a repeated command gets its first answer, not one of what happened since. */
@Injectable()
export class PastStore {
  constructor(private readonly store: EventStore) {}

  /** The state right after the events of `commandId`; the present one when the command left none in the stream. */
  async stateAfter<S, E extends DomainEvent>(
    category: string,
    id: string,
    decider: Pick<Decider<S, never, E>, 'initial' | 'evolve'>,
    commandId: string,
  ): Promise<S> {
    const recorded = await this.store.read(category, id);
    const last = recorded.findLastIndex(({ metadata }) => metadata.commandId === commandId);
    const until = last < 0 ? recorded.length : last + 1;
    return recorded.slice(0, until).reduce((state, { event }) => decider.evolve(state, event as E), decider.initial);
  }
}
