import { Injectable } from '@nestjs/common';
import { EventStore, FollowedStates, Present, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { HarkError } from '@hark/kernel';
import { FiledText, filedTextFold } from './domain/filed-text.fold';

/** What is on its way at a time, in an overload too; texts have up to 16 kB. */
const rememberedMax = 10_000;
const rememberedBytesMax = 16 * 1_024 * 1_024;

/** The accepted push, as its own stream tells it. */
@Injectable()
export class PushedMessages {
  private readonly messages: FollowedStates<Pushed | undefined>;
  /** Only of pushes that were edited. */
  private readonly texts: StateCache<FiledText | undefined>;

  constructor(store: EventStore) {
    // A push is delivered once, soon after it was accepted: what the tail brings of it need not be read again.
    this.messages = store.follow('message', messageFold, {
      entriesMax: rememberedMax,
      bytes: { max: rememberedBytesMax, of: (pushed) => pushed?.content.length ?? 0 },
      fromBirth: true,
    });
    this.texts = store.streams('delivery', filedTextFold, { entriesMax: 1 });
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
   * The push whose text `contentHash` names; undefined when its sender has put another text in its place since, which
   * waits for a verdict of its own. Throws for a verdict about any other text, so that an operator looks at the parked
   * event: such a verdict allows no delivery.
   */
  async of(pushId: string, contentHash: string, present: Present): Promise<Pushed | undefined> {
    const then = await this.latest(pushId, present);
    if (then.contentHash === contentHash) return then;
    // The text may be later than that moment: its verdict is.
    const pushed = await this.latest(pushId);
    if (pushed.contentHash === contentHash) return pushed;
    if (pushed.earlierHashes.includes(contentHash)) return undefined;
    throw new HarkError('refused', 'delivery.other-text', 'the verdict is about another text');
  }

  /** The push as its sender left it, without its text, which may still wait for its verdict. Throws when there is none. */
  async times(pushId: string, present: Present): Promise<Omit<Pushed, 'content' | 'contentHash'>> {
    return this.latest(pushId, present);
  }

  /** The push that this one came of; undefined for one that its sender asked for, and for what is no push. */
  async escalatedFrom(id: string): Promise<string | undefined> {
    return (await this.messages.get(id)).state?.escalatedFrom;
  }

  /** The push with the text that is in the inbox, for work after its verdict. Throws when nothing was filed. */
  async filed(pushId: string): Promise<Pushed> {
    const pushed = await this.latest(pushId);
    if (pushed.edition === 0) return pushed;
    const { state: text } = await this.texts.get(pushId);
    if (!text) throw new HarkError('not-found', 'push.unknown', 'nothing of this push was filed');
    return { ...pushed, ...text };
  }

  private async latest(pushId: string, present?: Present): Promise<Pushed> {
    const { state: pushed } = await this.messages.get(pushId, present);
    if (!pushed) throw new HarkError('not-found', 'push.unknown', 'there is no such push to deliver');
    return pushed;
  }
}
