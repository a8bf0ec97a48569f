import { Injectable } from '@nestjs/common';
import { BindingRequestEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { BindingRequest, BindingRequestCommand, bindingRequestDecider } from './domain/binding-request.decider';

/** The streams `binding_request-<id>`: apps that ask people for consent. */
@Injectable()
export class BindingRequestStore extends DeciderStore<BindingRequest, BindingRequestCommand, BindingRequestEvent> {
  constructor(store: EventStore) {
    super(store, 'binding_request', bindingRequestDecider);
  }
}
