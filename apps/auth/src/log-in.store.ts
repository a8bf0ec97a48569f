import { Injectable } from '@nestjs/common';
import { LogInEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { LogIn, LogInCommand, logInDecider } from './domain/log-in.decider';

/** The streams `log_in-<challengeId>`. */
@Injectable()
export class LogInStore extends DeciderStore<LogIn, LogInCommand, LogInEvent> {
  constructor(store: EventStore) {
    super(store, 'log_in', logInDecider);
  }
}
