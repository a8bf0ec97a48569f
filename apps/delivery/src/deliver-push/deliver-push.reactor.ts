import { Note } from '@hark/channels';
import { ModerationEvent } from '@hark/contracts';
import { Reactor, Recorded } from '@hark/eventstore';
import { GateDecision, isMuted } from '@hark/gate';
import { Clock, uuid7 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { ConsentStore, Look } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { DeliveryCommand } from '../domain/delivery.decider';
import { AttemptPatience } from './attempt-patience';
import { DeliveryLog } from './delivery-log';
import { Notes } from './notes';
import { Pushed, PushedMessages } from './pushed';
import { newAttempt, SendAttempts } from './send-attempts';

type Decide = Extract<DeliveryCommand, { type: 'Decide' }>;
type Verdict = Extract<ModerationEvent, { type: 'moderation.passed' | 'moderation.approved' }>;

/**
 * A text passed moderation: decides what becomes of the push, files it, and sends it through the person's endpoints.
 * Verdicts are redelivered and overlap; the delivery's own stream says what is left to do, so repeats are harmless.
 */
@Injectable()
export class DeliverPushReactor implements Reactor<Verdict> {
  readonly group = 'delivery.deliver-push';
  readonly reactsTo = ['moderation.passed', 'moderation.approved'];
  /** Most of a reaction is waiting for a provider: many at once, so that a few that hang hold up nobody else. */
  readonly concurrency = 128;
  /** By verdict. At most `concurrency` of them. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly messages: PushedMessages,
    private readonly consent: ConsentStore,
    private readonly deliveries: DeliveryStore,
    private readonly notes: Notes,
    private readonly attempts: SendAttempts,
    private readonly patience: AttemptPatience,
    private readonly clock: Clock,
  ) {}

  /** A verdict that comes again while it is worked on joins that work: its open tries are not cut off, they run. */
  react(recorded: Recorded<Verdict>): Promise<void> {
    const name = `${recorded.id} ${recorded.event.data.contentHash}`;
    const work = this.running.get(name) ?? this.deliver(recorded).finally(() => this.running.delete(name));
    this.running.set(name, work);
    return work;
  }

  private async deliver({ event, id: pushId, eventId, metadata }: Recorded<Verdict>): Promise<void> {
    const begunAtMs = performance.now();
    const [{ state: delivery }, pushed] = await Promise.all([
      this.deliveries.load(pushId),
      this.messages.of(pushId, event.data.contentHash),
    ]);
    if (delivery.is === 'finished') return;
    const note = await this.notes.of(pushId, pushed);
    const context = {
      commandId: uuid7(),
      actor: 'service:delivery',
      requestId: metadata.requestId ?? eventId,
      correlationId: metadata.$correlationId ?? eventId,
      causationId: eventId,
      ...(metadata.traceparent && { traceparent: metadata.traceparent }),
    };
    const log = new DeliveryLog(this.deliveries, pushId, context, begunAtMs + this.patience.writeMs);
    const run = { pushed, note, log, begunAtMs };
    if (delivery.is === 'decided') return this.attempts.finish(delivery, { ...run, own: new Set() });
    const at = this.clock.now();
    const lookedAtMs = performance.now();
    const look = await this.consent.look(pushed, at);
    const command = decide(pushId, pushed, note, look, at);
    const { state } = await log.write('decide', command);
    const own = new Set(command.attempts.map(({ attemptId }) => attemptId));
    await this.attempts.finish(state, { ...run, own, latest: { look, lookedAtMs } });
  }
}

/** The gate's answer as the command that records it, with a first try for each endpoint. */
function decide(pushId: string, pushed: Pushed, note: Note | undefined, look: Look, at: string): Decide {
  const { appId, ownerId, personId, bindingId, content } = pushed;
  const { binding, bindingRevision, standingRevision } = look;
  const ids = { appId, ownerId, personId, bindingId };
  const decision = note === undefined ? erased : shown(look.decision);
  const endpoints = decision.is === 'deliver' ? decision.endpoints : [];
  const why = {
    ...(binding.is !== 'absent' && { level: binding.level }),
    ...(decision.is !== 'deliver' && { reason: decision.reason }),
  };
  return {
    type: 'Decide',
    decided: {
      ...ids,
      bindingRevision,
      standingRevision,
      decision: decision.is,
      ...why,
      muted: binding.is !== 'absent' && isMuted(binding.muted, at),
      endpoints: endpoints.map(({ endpointId, kind }) => ({ endpointId, kind })),
      at,
    },
    ...(decision.is !== 'refuse' && { filed: { ...ids, content, pushedAt: pushed.at, ...why, at } }),
    attempts: endpoints.map(({ endpointId, kind }) => newAttempt(pushId, endpointId, kind, bindingRevision, at)),
  };
}

type Shown = Exclude<GateDecision, { is: 'hold' | 'refuse' }> | { readonly is: 'refuse'; readonly reason: string };

/** Nothing can be shown of what nobody can open any more. */
const erased: Shown = { is: 'refuse', reason: 'person-erased' };

/** The verdict is there, so the gate holds nothing any more; were it to, nothing may be shown. */
const shown = (decision: GateDecision): Shown =>
  decision.is === 'hold' ? { is: 'refuse', reason: decision.reason } : decision;
