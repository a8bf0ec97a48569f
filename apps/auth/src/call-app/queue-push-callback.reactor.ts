import { Injectable } from '@nestjs/common';
import { DeliveryEvent, InboxItemEvent, ModerationEvent } from '@hark/contracts';
import { EventStore, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Fold, uuid5 } from '@hark/kernel';
import { BindingStore } from '../binding.store';
import { CallbackNews } from '../domain/callback.decider';
import { CallbackQueue } from './callback-queue';

type Owed = Extract<DeliveryEvent, { type: 'delivery.callback-owed' }>;
type Blocked = Extract<ModerationEvent, { type: 'moderation.blocked' | 'moderation.rejected' }>;
type Answered = Extract<
  InboxItemEvent,
  { type: 'inbox_item.read' | 'inbox_item.acknowledged' | 'inbox_item.action-taken' }
>;
type News = Owed | Blocked | Answered;
/** Whose push it is and whose inbox it is in. */
interface Push {
  readonly appId: string;
  readonly bindingId: string;
}

/** Blocked and answered pushes come one by one, so hardly anything is asked for twice. */
const rememberedMax = 100;

/**
 * Queues what an app is told of its pushes: how each ended, and what its person answered. That they read it is told only
 * where they allow it for this app, once for each push, and no longer than their consent lasts.
 */
@Injectable()
export class QueuePushCallbackReactor implements Reactor<News> {
  readonly group = 'auth.queue-push-callback';
  readonly reactsTo = [
    'delivery.callback-owed',
    'moderation.blocked',
    'moderation.rejected',
    'inbox_item.read',
    'inbox_item.acknowledged',
    'inbox_item.action-taken',
  ];
  private readonly messages: StateCache<Pushed | undefined>;
  private readonly filed: StateCache<Push | undefined>;

  constructor(
    store: EventStore,
    private readonly bindings: BindingStore,
    private readonly callbacks: CallbackQueue,
  ) {
    this.messages = store.streams('message', messageFold, { entriesMax: rememberedMax });
    this.filed = store.streams('delivery', filedFold, { entriesMax: rememberedMax });
  }

  async react(recorded: RecordedEvent<News>): Promise<void> {
    const { event, id: pushId } = recorded;
    switch (event.type) {
      case 'delivery.callback-owed': {
        const { appId, bindingId, outcome: status, reason, at } = event.data;
        const type = status === 'delivered' || status === 'inbox-only' ? 'push.delivered' : 'push.failed';
        const told = reason === 'expired' ? { status: reason } : { status, ...(reason !== undefined && { reason }) };
        return this.tell(recorded, { appId, bindingId }, { type, pushId, ...told, at });
      }
      case 'moderation.blocked':
      case 'moderation.rejected': {
        const { contentHash, label, at } = event.data;
        const { state: push } = await this.messages.get(pushId);
        // A verdict about another text than its present one, or about one that was to replace what arrived, ends nothing.
        if (push?.contentHash !== contentHash || (await this.filed.get(pushId)).state) return;
        const told = { status: 'blocked', reason: `moderation.${label}` };
        return this.tell(recorded, push, { type: 'push.failed', pushId, ...told, at });
      }
      default: {
        const { state: push } = await this.filed.get(pushId);
        if (push) await this.tellAnswer(recorded, event, push);
      }
    }
  }

  private async tellAnswer(recorded: RecordedEvent<News>, event: Answered, push: Push): Promise<void> {
    const { id: pushId } = recorded;
    const { at } = event.data;
    switch (event.type) {
      case 'inbox_item.acknowledged':
        return this.tell(recorded, push, { type: 'push.acknowledged', pushId, at });
      case 'inbox_item.action-taken':
        return this.tell(recorded, push, { type: 'push.action', pushId, actionId: event.data.actionId, at });
      case 'inbox_item.read': {
        const { state: binding } = await this.bindings.load(push.bindingId);
        if (binding.is !== 'active' || !binding.readReceipts) return;
        // Marked as unread and read again, it is no news.
        return this.tell(recorded, push, { type: 'push.read', pushId, at }, uuid5(pushId, 'read'));
      }
    }
  }

  private async tell(
    recorded: RecordedEvent<News>,
    { appId, bindingId }: Push,
    news: Omit<CallbackNews, 'appId' | 'bindingId'>,
    source?: string,
  ): Promise<void> {
    if (await this.callbacks.isCalled(appId)) {
      await this.callbacks.queue(recorded, { appId, bindingId, ...news }, source);
    }
  }
}

const filedFold: Fold<Push | undefined, DeliveryEvent> = {
  initial: undefined,
  evolve: (push, event) =>
    event.type === 'delivery.filed' ? { appId: event.data.appId, bindingId: event.data.bindingId } : push,
};
