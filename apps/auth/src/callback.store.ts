import { Injectable } from '@nestjs/common';
import { CallbackEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Callback, CallbackCommand, callbackDecider } from './domain/callback.decider';

/** The streams `callback-<id>`. */
@Injectable()
export class CallbackStore extends DeciderStore<Callback, CallbackCommand, CallbackEvent> {
  constructor(store: EventStore) {
    super(store, 'callback', callbackDecider);
  }
}
