import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { absentApp, App, evolveApp, publicNameOf } from '@hark/gate';

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

  constructor(private readonly store: EventStore) {}

  /** The app's name, an empty one when there is no such app. */
  async nameOf(appId: string): Promise<AppName> {
    const known = this.names.get(appId);
    if (known !== undefined) return known;
    const events = (await this.store.read('app', appId)).map(({ event }) => event as AppEvent);
    const app = events.reduce<App>(evolveApp, absentApp);
    if (app.is === 'absent') return nobody;
    const named = { name: publicNameOf(app), verified: app.verified, owned: app.ownerId !== null };
    this.names.set(appId, named);
    return named;
  }
}
