import { Injectable } from '@nestjs/common';
import { DeliveryEvent, InboxItemEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Fold } from '@hark/kernel';
import { Edit } from '../domain/message.decider';

type Place = Edit['inbox'];

/** Where the texts of pushes are, from the streams of their deliveries. */
@Injectable()
export class InboxPlaces {
  private readonly deliveries: StateCache<Exclude<Place, 'acknowledged'>>;
  private readonly items: StateCache<boolean>;

  constructor(store: EventStore) {
    this.deliveries = store.streams('delivery', deliveryFold, { entriesMax: 1 });
    this.items = store.streams('inbox_item', acknowledgedFold, { entriesMax: 1 });
  }

  /** Where the text is now. Delivery looks again before it shows another one. */
  async of(pushId: string): Promise<Place> {
    const { state: place } = await this.deliveries.get(pushId);
    if (place !== 'filed') return place;
    return (await this.items.get(pushId)).state ? 'acknowledged' : 'filed';
  }
}

const deliveryFold: Fold<Exclude<Place, 'acknowledged'>, DeliveryEvent> = {
  initial: 'awaited',
  evolve(place, event) {
    if (event.type === 'delivery.decided') return event.data.decision === 'refuse' ? 'refused' : place;
    return event.type === 'delivery.filed' ? 'filed' : place;
  },
};

const acknowledgedFold: Fold<boolean, InboxItemEvent> = {
  initial: false,
  evolve: (is, { type }) => is || type === 'inbox_item.acknowledged',
};
