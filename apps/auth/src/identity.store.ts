import { Injectable } from '@nestjs/common';
import { IdentityEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Identity, identityDecider, LinkIdentity } from './domain/identity.decider';

/** The streams `identity-<id>`. */
@Injectable()
export class IdentityStore extends DeciderStore<Identity, LinkIdentity, IdentityEvent> {
  constructor(store: EventStore) {
    super(store, 'identity', identityDecider);
  }
}
