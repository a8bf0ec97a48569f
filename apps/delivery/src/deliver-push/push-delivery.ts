import { Injectable } from '@nestjs/common';
import { FiledThread } from '@hark/contracts';
import { Present, RecordedEvent } from '@hark/eventstore';
import { GateDecision, Pushed } from '@hark/gate';
import { Clock, positionToken } from '@hark/kernel';
import { ConsentSnapshot, ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { Delivery, DeliveryCommand, EndpointDelivery } from '../domain/delivery.decider';
import { Known } from '../domain/delivery.state';
import { InboxItemStore } from '../inbox-item.store';
import { PushedMessages } from '../pushed-messages.store';
import { Threads } from '../threads.service';
import { FirstTries } from './first-tries';
import { answerOf, Shown } from './gate-answer';
import { JoinedRuns } from './joined-runs';
import { LaterTexts } from './later-texts';
import { LaterTries } from './later-tries';
import { Runs } from './runs';
import { isTriedByAnother, newAttempt, Run, SendAttempts, triedUntil } from './send-attempts';

type Decide = Extract<DeliveryCommand, { type: 'Decide' }>;

/**
 * Decides on a push whose text has passed and whose time has come, files it, and sends it through the person's endpoints.
 * A later text of a push that was filed takes its place. The delivery's own stream says what is left to do, so repeats are
 * harmless.
 */
@Injectable()
export class PushDelivery {
  /** By event. What two events ask for at once is decided once, and each ends the tries that it began. */
  private readonly runsUnderWay = new JoinedRuns();

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly consent: ConsentStore,
    private readonly runs: Runs,
    private readonly attempts: SendAttempts,
    private readonly threads: Threads,
    private readonly firstTries: FirstTries,
    private readonly laterTries: LaterTries,
    private readonly laterTexts: LaterTexts,
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Delivers the text that `contentHash` names because of the event `recorded` in the push's stream or its moderation's. An
   * event that comes again while it is worked on joins that work.
   */
  deliver(recorded: RecordedEvent, contentHash: string): Promise<void> {
    return this.runsUnderWay.join(recorded.eventId, () => this.run(recorded, contentHash));
  }

  /** The app's owner, as far as the push is known without a read. */
  ownerOf({ id: pushId, metadata }: RecordedEvent): string {
    return this.messages.known(pushId)?.ownerId ?? metadata.$correlationId ?? '';
  }

  private async run(recorded: RecordedEvent, contentHash: string): Promise<void> {
    const { id: pushId } = recorded;
    // What was acknowledged before the push was accepted is seen, whatever else: the push is later in the log.
    const acceptedAt = this.messages.positionOf(pushId);
    const present = acceptedAt === undefined ? this.consent.present() : this.consent.presentAfter(acceptedAt);
    const pushed = await this.messages.of(pushId, contentHash, present);
    if (!pushed) return this.takeUp(recorded);
    if (pushed.waitsUntil !== null) return this.runIfFired(recorded, contentHash);
    await this.runAt(present, recorded, pushed);
  }

  /**
   * The text was changed since. A try that an earlier reaction to this event began and did not end is ended, and what it would
   * have shown next is shown: nobody else does.
   */
  private async takeUp(recorded: RecordedEvent): Promise<void> {
    const { state } = await this.deliveries.load(recorded.id);
    if (state.is === 'absent' || state.edition < 0) return;
    const left = firstTries(state).filter(({ open }) => open?.cause === recorded.eventId);
    if (left.length > 0) {
      const run = await this.runs.begin(recorded, await this.messages.filed(recorded.id));
      const after = positionToken(recorded.position, 'delivery');
      await this.laterTries.tryOnce(left, run, { reminder: 0, until: triedUntil(state), after });
    }
    await this.laterTexts.show(recorded, 'all');
  }

  /**
   * A verdict on a push that waits is acted on when its time comes. It may have come in this moment: whichever of the two
   * events is later in the log has to see the other, so what is remembered is not enough.
   */
  private async runIfFired(recorded: RecordedEvent, contentHash: string): Promise<void> {
    const present = this.consent.present();
    const pushed = await this.messages.of(recorded.id, contentHash, present);
    if (pushed?.waitsUntil === null) await this.runAt(present, recorded, pushed);
  }

  private async runAt(present: Present, recorded: RecordedEvent, pushed: Pushed): Promise<void> {
    const { id: pushId } = recorded;
    const run = await this.runs.begin(recorded, pushed);
    const at = this.clock.now();
    const look = await this.consent.look({ ...pushed, pushId }, at, present);
    const thread = run.note && this.threads.of(pushed.personId, run.note.content);
    const asked = decide(pushId, pushed, { ...run, thread }, look, at);
    const command = await this.firstTries.of(asked, recorded, run.note);
    // What was acted on before finds its delivery decided, at the cost of a lost race.
    const { state: decided, position } = await run.log.write('decide', command, { assumeEmpty: true });
    const state = await this.withText({ ...pushed, thread }, decided, run, look.decision);
    // Another text is in the inbox, or none: this one goes nowhere.
    if (!state || state.edition !== pushed.edition) return;
    const ownAttempts = new Set(command.attempts.map(({ attemptId }) => attemptId));
    const decidedOn = { look, lookedAtMs: present.atMs };
    const tried = firstTries(state);
    const until = triedUntil(state);
    const isOwn = ({ open }: EndpointDelivery) => open !== null && ownAttempts.has(open.attemptId);
    const behind = await this.attempts.tryOnce(tried.filter(isOwn), { ...run, ownAttempts, decidedOn }, until);
    const others = tried.filter((leg) => !isOwn(leg) && !isTriedByAnother(leg, recorded.eventId));
    const later = { reminder: 0, until, after: position ?? positionToken(recorded.position, 'delivery') };
    const behindToo = others.length === 0 ? [] : await this.laterTries.tryOnce(others, run, later);
    await this.laterTexts.show(recorded, pushed.edition > 0 ? 'all' : [...behind, ...behindToo]);
  }

  /** The delivery with this text in the inbox, in the place of an earlier one where that may be changed. */
  private async withText(
    pushed: Pick<Pushed, 'edition' | 'content' | 'contentHash'> & { readonly thread: FiledThread | undefined },
    delivery: Delivery,
    run: Pick<Run, 'log' | 'note'>,
    decision: GateDecision,
  ): Promise<Known | undefined> {
    if (delivery.is === 'absent' || delivery.edition < 0) return undefined;
    if (delivery.edition >= pushed.edition) return delivery;
    if (!run.note || decision.is === 'refuse' || decision.is === 'hold') return undefined;
    // What a person acknowledged must not change under their name.
    if ((await this.items.load(run.log.pushId)).state.acknowledgedAt !== null) return undefined;
    const { edition, content, contentHash, thread } = pushed;
    const replaced = { edition, content, contentHash, ...(thread && { thread }), at: this.clock.now() };
    const { state } = await run.log.write('replace', { type: 'Replace', replaced });
    return state.is === 'absent' ? undefined : state;
  }
}

/**
 * The endpoints whose first try is not over. An endpoint that was ever put off, or waits for its turn, is left to the
 * schedule.
 */
export const untried = ({ legs }: Extract<Delivery, { is: 'decided' | 'finished' }>): EndpointDelivery[] =>
  legs.filter((leg) => leg.settled === null && leg.deferrals === leg.deferralsBefore && !leg.isStandby);

/** Those that a verdict is acted on at; what a reminder sends is left to its own reaction. */
const firstTries = (state: Known): EndpointDelivery[] =>
  state.is === 'decided' && state.reminder === 0 ? untried(state) : [];

/** The gate's answer as the command that records it, with the first try of each endpoint. */
function decide(
  pushId: string,
  pushed: Pushed,
  { note, thread, cause }: Pick<Run, 'note' | 'cause'> & { readonly thread: FiledThread | undefined },
  look: ConsentSnapshot,
  at: string,
): Decide {
  const { appId, ownerId, personId, bindingId, content, edition, repeat, escalate } = pushed;
  const ids = { appId, ownerId, personId, bindingId };
  const answer = answerOf(look, at, note === undefined ? erased : undefined);
  const { endpoints, inTurn = [], level, reason, until, bindingRevision } = answer;
  const text = { dedupeId: pushId, edition, collapseKey: note?.collapseKey, cause };
  const tried = endpoints.filter(({ endpointId }) => inTurn.indexOf(endpointId) <= 0);
  const why = {
    ...(level !== undefined && { level }),
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
  };
  return {
    type: 'Decide',
    decided: {
      ...ids,
      ...answer,
      ...(repeat && { repeat }),
      ...(escalate && { escalate }),
      ...(look.hasCallback && { hasCallback: true as const }),
      at,
    },
    ...(answer.decision !== 'refuse' && {
      filed: {
        ...ids,
        content,
        ...(edition > 0 && { edition }),
        ...(thread && { thread }),
        pushedAt: pushed.at,
        ...why,
        at,
      },
    }),
    attempts: tried.map((endpoint) => newAttempt({ ...text, ...endpoint, bindingRevision, at })),
  };
}

/** Erased: the text cannot be decrypted, so there is nothing to send. */
const erased: Shown = { is: 'refuse', reason: 'person-erased' };
