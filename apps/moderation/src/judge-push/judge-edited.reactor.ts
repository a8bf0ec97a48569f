import { Injectable } from '@nestjs/common';
import { EditedEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Clock, uuid7 } from '@hark/kernel';
import { ModerationStore } from '../moderation.store';
import { editionOf, TextJudge } from './text-judge';

/**
 * Judges the text that a sender put in the place of an earlier one. Only the newest text counts: one that was replaced
 * before its turn needs no verdict. Has its own slots, so that edits never delay what was just pushed.
 */
@Injectable()
export class JudgeEditedReactor implements Reactor<EditedEvent> {
  readonly group = 'moderation.judge-edited';
  readonly reactsTo = ['message.edited'];
  readonly concurrency = 16;
  readonly waitingMax = 240;

  private readonly messages: StateCache<Pushed | undefined>;

  constructor(
    store: EventStore,
    private readonly moderations: ModerationStore,
    private readonly judge: TextJudge,
    private readonly clock: Clock,
  ) {
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  ownerOf({ event }: RecordedEvent<EditedEvent>): string {
    return event.data.ownerId;
  }

  async react(recorded: RecordedEvent<EditedEvent>): Promise<void> {
    const { event, id: pushId } = recorded;
    const { contentHash } = event.data;
    const { state: pushed } = await this.messages.get(pushId);
    if (contentHash === undefined || pushed?.contentHash !== contentHash) return;
    const judged = await this.judge.judge(pushId, pushed, async () => {
      const { state } = await this.moderations.load(pushId);
      return state.is === 'absent' || !state.judged.includes(contentHash);
    });
    if (judged === null) return;
    await this.moderations.execute(
      pushId,
      { type: 'Judge', contentHash, ...editionOf(pushed), ...judged, at: this.clock.now() },
      // A new id in every run: a run must not take the verdict of another for its own.
      { ...reactionContext(recorded, 'moderation'), commandId: uuid7() },
    );
  }
}
