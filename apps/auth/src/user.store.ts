import { Injectable } from '@nestjs/common';
import { UserEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { User } from '@hark/gate';
import { UserCommand, userDecider } from './domain/user.decider';

/** The streams `user-<id>`. */
@Injectable()
export class UserStore extends DeciderStore<User, UserCommand, UserEvent> {
  constructor(store: EventStore) {
    super(store, 'user', userDecider);
  }
}
