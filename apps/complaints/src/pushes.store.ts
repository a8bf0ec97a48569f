import { Injectable } from '@nestjs/common';
import { DeliveryEvent, PushedEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Fold } from '@hark/kernel';

export type Filed = Extract<DeliveryEvent, { type: 'delivery.filed' }>['data'];

const filedFold: Fold<Filed | undefined, DeliveryEvent> = {
  initial: undefined,
  evolve: (filed, event) => (event.type === 'delivery.filed' ? event.data : filed),
};

/** The filed messages, read from the delivery's own stream. */
@Injectable()
export class PushesStore {
  private readonly deliveries: StateCache<Filed | undefined>;
  private readonly messages: StateCache<Pushed | undefined>;

  constructor(store: EventStore) {
    this.deliveries = store.streams('delivery', filedFold, { entriesMax: 1 });
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  /** The message as it was filed; `undefined` when it was not. */
  async filed(pushId: string): Promise<Filed | undefined> {
    return (await this.deliveries.get(pushId)).state;
  }

  /** Which credential sent it; undefined where that was not recorded. */
  async sender(pushId: string): Promise<Pick<PushedEvent['data'], 'sentBy' | 'appKnowsKey'>> {
    const { sentBy, appKnowsKey } = (await this.messages.get(pushId)).state ?? {};
    return { ...(sentBy !== undefined && { sentBy }), ...(appKnowsKey !== undefined && { appKnowsKey }) };
  }
}
