import { Injectable } from '@nestjs/common';
import { AppEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { absentApp, App, evolveApp, publicNameOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';

/** Who owns an app and what it is called, read from its stream. */
@Injectable()
export class AppsStore {
  constructor(private readonly store: EventStore) {}

  /** The app, or `app.unknown`. */
  async registered(appId: string): Promise<Extract<App, { is: 'registered' }>> {
    const app = await this.read(appId);
    if (app.is === 'absent') throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    return app;
  }

  /** What each of these apps is called; an app that is not there has no name in the answer. */
  async names(appIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const distinct = [...new Set(appIds)];
    const apps = await Promise.all(distinct.map((appId) => this.read(appId)));
    return new Map(
      apps.flatMap((app, index) => (app.is === 'absent' ? [] : [[distinct[index]!, publicNameOf(app)] as const])),
    );
  }

  private async read(appId: string): Promise<App> {
    const events = (await this.store.read('app', appId)).map(({ event }) => event as AppEvent);
    return events.reduce<App>(evolveApp, absentApp);
  }
}
