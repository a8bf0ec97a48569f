import { Injectable } from '@nestjs/common';
import { ModerationEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Clock, uuid7 } from '@hark/kernel';
import { ModerationStore } from '../moderation.store';
import { editionOf, TextJudge } from './text-judge';

type Resumed = Extract<ModerationEvent, { type: 'moderation.resumed' }>;

/**
 * Judges a text again that was held for want of a verdict, and releases or blocks it. A decision that an operator made
 * meanwhile stands. Has its own group and slots, so that old texts never delay new ones.
 */
@Injectable()
export class JudgeAgainReactor implements Reactor<Resumed> {
  readonly group = 'moderation.judge-again';
  readonly reactsTo = ['moderation.resumed'];
  readonly concurrency = 8;

  private readonly messages: StateCache<Pushed | undefined>;

  constructor(
    store: EventStore,
    private readonly moderations: ModerationStore,
    private readonly judge: TextJudge,
    private readonly clock: Clock,
  ) {
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { event, id: pushId } = recorded;
    const { contentHash, tries } = event.data;
    const { state: pushed } = await this.messages.get(pushId);
    if (pushed?.contentHash !== contentHash) return;
    const judged = await this.judge.judge(pushId, pushed, async () => {
      const { state } = await this.moderations.load(pushId);
      return state.is === 'held' && !state.isDeferred && state.deferrals === tries;
    });
    if (judged === null) return;
    await this.moderations.execute(
      pushId,
      { type: 'JudgeAgain', contentHash, ...editionOf(pushed), tries, ...judged, at: this.clock.now() },
      { ...reactionContext(recorded, 'moderation'), commandId: uuid7() },
    );
  }
}
