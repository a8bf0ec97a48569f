import { Injectable } from '@nestjs/common';
import { EventStore, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { HarkError } from '@hark/kernel';

/** What was accepted, read from the push's own stream. */
@Injectable()
export class PushedMessages {
  private readonly messages: StateCache<Pushed | undefined>;

  constructor(store: EventStore) {
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  /**
   * The push whose text `contentHash` names. A verdict about another text, or about none, is nothing to deliver by: it
   * throws, and the event is parked for an operator.
   */
  async of(pushId: string, contentHash: string): Promise<Pushed> {
    const pushed = await this.accepted(pushId);
    if (pushed.contentHash !== contentHash)
      throw new HarkError('refused', 'delivery.other-text', 'the verdict is about another text');
    return pushed;
  }

  /** The push as it was accepted; for whoever goes on with what a verdict has let pass. Throws when there is no such push. */
  async accepted(pushId: string): Promise<Pushed> {
    const { state: pushed } = await this.messages.get(pushId);
    if (!pushed) throw new HarkError('not-found', 'push.unknown', 'there is no such push to deliver');
    return pushed;
  }
}
