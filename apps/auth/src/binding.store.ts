import { Injectable } from '@nestjs/common';
import { BindingEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Binding } from '@hark/gate';
import { BindingCommand, bindingDecider } from './domain/binding.decider';

/** The streams `binding-<id>`. */
@Injectable()
export class BindingStore extends DeciderStore<Binding, BindingCommand, BindingEvent> {
  constructor(store: EventStore) {
    super(store, 'binding', bindingDecider);
  }
}
