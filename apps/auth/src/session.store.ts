import { Injectable } from '@nestjs/common';
import { SessionEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Session, SessionCommand, sessionDecider } from './domain/session.decider';

/** The streams `session-<id>`. */
@Injectable()
export class SessionStore extends DeciderStore<Session, SessionCommand, SessionEvent> {
  constructor(store: EventStore) {
    super(store, 'session', sessionDecider);
  }
}
