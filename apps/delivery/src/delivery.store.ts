import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Delivery, DeliveryCommand, deliveryDecider } from './domain/delivery.decider';

/** The `delivery-` streams, one for each push. Only this service writes them. */
@Injectable()
export class DeliveryStore extends DeciderStore<Delivery, DeliveryCommand, DeliveryEvent> {
  constructor(store: EventStore) {
    // Short, because a push is worked on for seconds and hardly ever again.
    super(store, 'delivery', deliveryDecider, { entriesMax: 1_000 });
  }
}
