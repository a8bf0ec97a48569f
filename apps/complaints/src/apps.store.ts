import { Injectable } from '@nestjs/common';
import { EventStore, StateCache } from '@hark/eventstore';
import { App, appFold, publicNameOf } from '@hark/gate';
import { HarkError } from '@hark/kernel';

/** Who owns an app and what it is called, read from its stream. */
@Injectable()
export class AppsStore {
  private readonly apps: StateCache<App>;

  constructor(store: EventStore) {
    this.apps = store.streams('app', appFold);
  }

  /** The app, deleted or not, or `app.unknown`: who owned it stays answerable for it. */
  async registered(appId: string): Promise<Exclude<App, { is: 'absent' }>> {
    const { state: app } = await this.apps.get(appId);
    if (app.is === 'absent') throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    return app;
  }

  /** What each of these apps is called; an app that is not there has no name in the answer. */
  async names(appIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const distinct = [...new Set(appIds)];
    const apps = await Promise.all(distinct.map((appId) => this.apps.get(appId)));
    return new Map(
      apps.flatMap(({ state: app }, index) =>
        app.is === 'absent' ? [] : [[distinct[index]!, publicNameOf(app)] as const],
      ),
    );
  }
}
