import { Injectable } from '@nestjs/common';
import { AppEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { App } from '@hark/gate';
import { AppCommand, appDecider } from './domain/app.decider';

/** The streams `app-<id>`. */
@Injectable()
export class AppStore extends DeciderStore<App, AppCommand, AppEvent> {
  constructor(store: EventStore) {
    super(store, 'app', appDecider);
  }
}
