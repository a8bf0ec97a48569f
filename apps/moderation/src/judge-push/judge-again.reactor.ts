import { Injectable } from '@nestjs/common';
import { MessageEvent, ModerationEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { ModerationStore } from '../moderation.store';
import { TextJudge } from './text-judge';

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

  constructor(
    private readonly store: EventStore,
    private readonly moderations: ModerationStore,
    private readonly judge: TextJudge,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Resumed>): Promise<void> {
    const { event, id: pushId } = recorded;
    const { contentHash, tries } = event.data;
    const [first] = await this.store.read('message', pushId);
    const pushed = first?.event as MessageEvent | undefined;
    if (pushed?.type !== 'message.pushed' || pushed.data.contentHash !== contentHash) return;
    const judged = await this.judge.judge(pushId, pushed.data, async () => {
      const { state } = await this.moderations.load(pushId);
      return state.is === 'held' && !state.isDeferred && state.deferrals === tries;
    });
    if (judged === null) return;
    await this.moderations.execute(
      pushId,
      { type: 'JudgeAgain', contentHash, tries, ...judged, at: this.clock.now() },
      { ...reactionContext(recorded, 'moderation'), commandId: uuid7() },
    );
  }
}
