import { Injectable } from '@nestjs/common';
import { UserEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Person } from '@hark/gate';
import { UserCommand, userDecider } from './domain/user.decider';

/** The streams `user-<id>`. */
@Injectable()
export class UserStore extends DeciderStore<Person, UserCommand, UserEvent> {
  constructor(store: EventStore) {
    super(store, 'user', userDecider);
  }
}
