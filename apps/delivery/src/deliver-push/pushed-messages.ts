import { Injectable } from '@nestjs/common';
import { EventStore, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { HarkError } from '@hark/kernel';

/** The accepted push, read from its own stream. */
@Injectable()
export class PushedMessages {
  private readonly messages: StateCache<Pushed | undefined>;

  constructor(store: EventStore) {
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  /**
   * The push whose text `contentHash` names. Throws for a verdict about any other text, so that an operator looks at
   * the parked event: such a verdict allows no delivery.
   */
  async of(pushId: string, contentHash: string): Promise<Pushed> {
    const pushed = await this.accepted(pushId);
    if (pushed.contentHash !== contentHash)
      throw new HarkError('refused', 'delivery.other-text', 'the verdict is about another text');
    return pushed;
  }

  /** The push as it was accepted, for work after its verdict. Throws when there is no such push. */
  async accepted(pushId: string): Promise<Pushed> {
    const { state: pushed } = await this.messages.get(pushId);
    if (!pushed) throw new HarkError('not-found', 'push.unknown', 'there is no such push to deliver');
    return pushed;
  }
}
