import { Injectable } from '@nestjs/common';
import { MessageEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { ModerationStore } from '../moderation.store';
import { TextJudge } from './text-judge';

type Pushed = Extract<MessageEvent, { type: 'message.pushed' }>;

/** Within it no event comes a second time, but for a restart at full speed: then WeChat is asked twice, no more. */
const freshMs = 1_000;

/**
 * Judges the text of every push. Pushes are redelivered and overlap; the first verdict on a text stands, and where there
 * was none to be had, the text is held and judged again later.
 */
@Injectable()
export class JudgePushReactor implements Reactor<Pushed> {
  readonly group = 'moderation.judge-push';
  readonly reactsTo = ['message.pushed'];
  readonly concurrency = 32;

  constructor(
    private readonly moderations: ModerationStore,
    private readonly judge: TextJudge,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Pushed>): Promise<void> {
    const { event, id: pushId, recordedAt } = recorded;
    const { contentHash } = event.data;
    // A question to WeChat is not for a push that came before. One that is this new cannot have.
    const isFresh = Date.parse(this.clock.now()) - Date.parse(recordedAt) < freshMs;
    const judged = await this.judge.judge(pushId, event.data, async () => {
      if (isFresh) return true;
      const { state } = await this.moderations.load(pushId);
      return state.is === 'absent' || !state.judged.includes(contentHash);
    });
    if (judged === null) return;
    await this.moderations.execute(
      pushId,
      { type: 'Judge', contentHash, ...judged, at: this.clock.now() },
      // Its own id in every run: two runs that judge one text must not take each other's verdict for their own.
      { ...reactionContext(recorded, 'moderation'), commandId: uuid7(), assumeEmpty: true },
    );
  }
}
