import { AppEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { absentApp, App, evolveApp } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { Injectable } from '@nestjs/common';

/** Who owns an app, read from its stream. */
@Injectable()
export class AppsStore {
  constructor(private readonly store: EventStore) {}

  /** The app, or `app.unknown`. */
  async registered(appId: string): Promise<Extract<App, { is: 'registered' }>> {
    const events = (await this.store.read('app', appId)).map(({ event }) => event as AppEvent);
    const app = events.reduce<App>(evolveApp, absentApp);
    if (app.is === 'absent') throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    return app;
  }
}
