import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventStore, StateCache } from '@hark/eventstore';
import { App, appFold, publicNameOf } from '@hark/gate';

/** How many names are remembered; the one unused for longest goes first. A name never changes yet, so what is remembered stays true. */
const rememberedMax = 10_000;

/** What an app is called before everybody, and whether it has been proved to be who that says. */
export interface AppName {
  readonly name: string;
  readonly verified: boolean;
  /** Whether somebody owns it: else it is to each person what their own client called it. */
  readonly owned: boolean;
}

const nobody: AppName = { name: '', verified: false, owned: false };

/** What apps are called, for the texts that channels carry. */
@Injectable()
export class AppNames {
  private readonly names = new LRUCache<string, AppName>({ max: rememberedMax });
  private readonly apps: StateCache<App>;

  constructor(store: EventStore) {
    this.apps = store.streams('app', appFold, { entriesMax: 1 });
  }

  /** The app's name, an empty one when there is no such app. */
  async nameOf(appId: string): Promise<AppName> {
    const known = this.names.get(appId);
    if (known !== undefined) return known;
    const { state: app } = await this.apps.get(appId);
    if (app.is === 'absent') return nobody;
    const named = { name: publicNameOf(app), verified: app.verified, owned: app.ownerId !== null };
    this.names.set(appId, named);
    return named;
  }
}
