import { Injectable } from '@nestjs/common';
import { OpenidEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Openid } from '@hark/gate';
import { OpenidCommand, openidDecider } from './domain/openid.decider';

/** The streams `openid-<id>`: whom apps mean by their own names for people. */
@Injectable()
export class OpenidStore extends DeciderStore<Openid, OpenidCommand, OpenidEvent> {
  constructor(store: EventStore) {
    super(store, 'openid', openidDecider);
  }
}
