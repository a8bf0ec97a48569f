import { Injectable } from '@nestjs/common';
import { RingEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Binding, mayRing, Rings as RingsOfADay, ringsIdOf } from '@hark/gate';
import { IsoTime, uuid7 } from '@hark/kernel';
import { CountRing, ringsDecider } from './domain/rings.decider';

/**
 * The `ring-` streams, one for each capped binding and day of its person: the pushes that rang. Only this service writes
 * them. A push is counted before it rings, at the revision that was decided on, so that no number of replicas together
 * pass the cap; what is lost in between rings once less.
 */
@Injectable()
export class Rings extends DeciderStore<RingsOfADay, CountRing, RingEvent> {
  constructor(store: EventStore) {
    super(store, 'ring', ringsDecider, { entriesMax: 1_000 });
  }

  /** Counts the push for today, once, where the binding has a cap; false where others have used it up. */
  async count(bindingId: string, pushId: string, binding: Binding, zone: string | null, at: IsoTime): Promise<boolean> {
    if (binding.is === 'absent' || binding.dailyCap === null) return true;
    const { dailyCap } = binding;
    const commandId = uuid7();
    const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:delivery' };
    const id = ringsIdOf(bindingId, zone, at);
    const { state } = await this.execute(id, { type: 'Count', pushId, dailyCap, at }, context);
    return state.pushIds.includes(pushId) && mayRing(state, pushId, dailyCap);
  }
}
