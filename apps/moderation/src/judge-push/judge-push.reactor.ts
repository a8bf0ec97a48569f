import { Injectable } from '@nestjs/common';
import { PushedEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';
import { ModerationStore } from '../moderation.store';
import { Judged, TextJudge } from './text-judge';

type Pushed = PushedEvent;

/**
 * Milliseconds. An event younger than this is assumed not to be a redelivery, so its stream is not read first. Where
 * that is wrong (a restart within this time), WeChat is asked twice and the first verdict stands.
 */
const freshMs = 1_000;

/**
 * Judges the text of every push. Pushes may be redelivered, also while one is being judged; the first verdict on a text
 * stands. Without a verdict the text is held and judged again later.
 */
@Injectable()
export class JudgePushReactor implements Reactor<Pushed> {
  readonly group = 'moderation.judge-push';
  readonly reactsTo = ['message.pushed'];
  readonly concurrency = 32;
  /** So that who sends a thousand at once holds up nobody else. */
  readonly waitingMax = 480;

  constructor(
    private readonly moderations: ModerationStore,
    private readonly judge: TextJudge,
    private readonly clock: Clock,
  ) {}

  ownerOf({ event }: RecordedEvent<Pushed>): string {
    return event.data.ownerId;
  }

  async react(recorded: RecordedEvent<Pushed>): Promise<void> {
    const { event, id: pushId, recordedAt } = recorded;
    const { contentHash } = event.data;
    const taken = await this.takenOver(event.data);
    // Do not ask WeChat about a text that has its verdict. A fresh event has none yet: skip the read.
    const isFresh = Date.parse(this.clock.now()) - Date.parse(recordedAt) < freshMs;
    const judged =
      taken ??
      (await this.judge.judge(pushId, event.data, async () => {
        if (isFresh) return true;
        const { state } = await this.moderations.load(pushId);
        return state.is === 'absent' || !state.judged.includes(contentHash);
      }));
    if (judged === null) return;
    await this.moderations.execute(
      pushId,
      { type: 'Judge', contentHash, ...judged, at: this.clock.now() },
      // A new id in every run: a run must not take the verdict of another for its own.
      { ...reactionContext(recorded, 'moderation'), commandId: uuid7(), assumeEmpty: true },
    );
  }

  /**
   * What goes to others while nobody acknowledges it has the verdict on exactly that text already, from the chain or an
   * operator. Any other than that it passed, or on another text, is none: it is judged anew.
   */
  private async takenOver({
    escalatedFrom: takenFrom,
    contentHash,
  }: Pushed['data']): Promise<(Judged & { readonly takenFrom: string }) | undefined> {
    if (takenFrom === undefined) return undefined;
    const { state } = await this.moderations.load(takenFrom);
    if (state.is !== 'passed' && state.is !== 'approved') return undefined;
    if (state.contentHash !== contentHash) return undefined;
    return { verdict: { is: 'passed' }, ruleVersion: state.ruleVersion, wechat: 'not-judged', takenFrom };
  }
}
