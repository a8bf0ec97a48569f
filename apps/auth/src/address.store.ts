import { Injectable } from '@nestjs/common';
import { AddressEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Address, addressDecider, ChallengeAddress } from './domain/address.decider';

/** The streams `address-<id>`. */
@Injectable()
export class AddressStore extends DeciderStore<Address, ChallengeAddress, AddressEvent> {
  constructor(store: EventStore) {
    super(store, 'address', addressDecider);
  }
}
