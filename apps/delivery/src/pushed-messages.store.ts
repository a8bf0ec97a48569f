import { Injectable } from '@nestjs/common';
import { EventStore, FollowedStates, Present } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { HarkError } from '@hark/kernel';

/** What is on its way at a time, in an overload too; texts have up to 16 kB. */
const rememberedMax = 10_000;
const rememberedBytesMax = 16 * 1_024 * 1_024;

/** The accepted push, as its own stream tells it. */
@Injectable()
export class PushedMessages {
  private readonly messages: FollowedStates<Pushed | undefined>;

  constructor(store: EventStore) {
    // A push is delivered once, soon after it was accepted: what the tail brings of it need not be read again.
    this.messages = store.follow('message', messageFold, {
      entriesMax: rememberedMax,
      bytes: { max: rememberedBytesMax, of: (pushed) => pushed?.content.length ?? 0 },
      fromBirth: true,
    });
  }

  /** The push as far as it is known without a read. */
  known(pushId: string): Pushed | undefined {
    return this.messages.known(pushId)?.state;
  }

  /** Where in the log the push was accepted, where that is known without a read. */
  positionOf(pushId: string): bigint | undefined {
    return this.messages.known(pushId)?.position;
  }

  /**
   * The push whose text `contentHash` names. Throws for a verdict about any other text, so that an operator looks at
   * the parked event: such a verdict allows no delivery.
   */
  async of(pushId: string, contentHash: string, present: Present): Promise<Pushed> {
    const pushed = await this.accepted(pushId, present);
    if (pushed.contentHash !== contentHash)
      throw new HarkError('refused', 'delivery.other-text', 'the verdict is about another text');
    return pushed;
  }

  /** The push as it was accepted, for work after its verdict. Throws when there is no such push. */
  async accepted(pushId: string, present?: Present): Promise<Pushed> {
    const { state: pushed } = await this.messages.get(pushId, present);
    if (!pushed) throw new HarkError('not-found', 'push.unknown', 'there is no such push to deliver');
    return pushed;
  }
}
