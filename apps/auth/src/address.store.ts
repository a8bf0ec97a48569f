import { Injectable } from '@nestjs/common';
import { AddressEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Address, AddressCommand, addressDecider } from './domain/address.decider';

/** The streams `address-<id>`. */
@Injectable()
export class AddressStore extends DeciderStore<Address, AddressCommand, AddressEvent> {
  constructor(store: EventStore) {
    super(store, 'address', addressDecider);
  }
}
