import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventStore, StateCache } from '@hark/eventstore';
import { App, appFold, publicNameOf } from '@hark/gate';

/**
 * How many names are remembered; the one unused for longest goes first. Apps cannot change their names yet, so a
 * remembered one stays true.
 */
const rememberedMax = 10_000;

/** The name of an app for everybody, and whether it is proven. */
export interface AppName {
  readonly name: string;
  readonly verified: boolean;
  /** Whether somebody owns it; if not, each person sees the name that their own client gave it. */
  readonly owned: boolean;
}

const nobody: AppName = { name: '', verified: false, owned: false };

/** The names of apps, for the texts that channels carry. */
@Injectable()
export class AppNames {
  private readonly names = new LRUCache<string, AppName>({ max: rememberedMax });
  private readonly apps: StateCache<App>;

  constructor(store: EventStore) {
    this.apps = store.streams('app', appFold, { entriesMax: 1 });
  }

  /** The app's name; empty when there is no such app. */
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
