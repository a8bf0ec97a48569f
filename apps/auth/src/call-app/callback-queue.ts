import { Injectable } from '@nestjs/common';
import { EventStore, FollowedStates, reactionContext, RecordedEvent } from '@hark/eventstore';
import { App, appFold, standingOwnerOf } from '@hark/gate';
import { uuid5 } from '@hark/kernel';
import { CallbackStore } from '../callback.store';
import { CallbackNews } from '../domain/callback.decider';

/** Queues calls to apps' servers. */
@Injectable()
export class CallbackQueue {
  private readonly apps: FollowedStates<App>;

  constructor(
    store: EventStore,
    private readonly callbacks: CallbackStore,
  ) {
    this.apps = store.follow('app', appFold);
  }

  /** Whether the app has a callback address; the others are told nothing. */
  async isCalled(appId: string): Promise<boolean> {
    const { state: app } = await this.apps.get(appId);
    return app.is === 'registered' && app.callbackUrl !== undefined;
  }

  /**
   * Queues one call because of an event. Its id derives from `source`, the event unless told, and the app, so that a
   * redelivery queues nothing new.
   */
  async queue(recorded: RecordedEvent, news: Omit<CallbackNews, 'ownerId'>, source = recorded.eventId): Promise<void> {
    const callbackId = uuid5(source, `callback:${news.appId}`);
    const context = { ...reactionContext(recorded, 'auth'), commandId: callbackId };
    const { state: app } = await this.apps.get(news.appId);
    const owned = { ...news, ownerId: standingOwnerOf(news.appId, app) };
    await this.callbacks.execute(callbackId, { type: 'Queue', news: owned, at: news.at }, context);
  }
}
