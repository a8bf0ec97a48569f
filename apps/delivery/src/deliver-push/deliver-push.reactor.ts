import { ModerationEvent } from '@hark/contracts';
import { Reactor, Recorded, stepContext } from '@hark/eventstore';
import { Clock, uuid5 } from '@hark/kernel';
import { Injectable } from '@nestjs/common';
import { ConsentStore, Look } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { Attempt, DeliveryCommand } from '../domain/delivery.decider';
import { Pushed, PushedMessages } from './pushed';
import { attemptIdOf, SendAttempts } from './send-attempts';

type Verdict = Extract<ModerationEvent, { type: 'moderation.passed' | 'moderation.approved' }>;

/**
 * A text passed moderation: decides what becomes of the push, files it, and sends it through the person's endpoints.
 * Verdicts are redelivered and overlap; the delivery's own stream says what is left to do, so repeats are harmless.
 */
@Injectable()
export class DeliverPushReactor implements Reactor<Verdict> {
  readonly group = 'delivery.deliver-push';
  readonly reactsTo = ['moderation.passed', 'moderation.approved'];
  readonly concurrency = 32;

  constructor(
    private readonly messages: PushedMessages,
    private readonly consent: ConsentStore,
    private readonly deliveries: DeliveryStore,
    private readonly attempts: SendAttempts,
    private readonly clock: Clock,
  ) {}

  async react({ event, id: pushId, eventId, metadata }: Recorded<Verdict>): Promise<void> {
    const context = {
      commandId: uuid5(pushId, 'deliver'),
      actor: 'service:delivery',
      requestId: metadata.requestId ?? eventId,
      correlationId: metadata.$correlationId ?? eventId,
      causationId: eventId,
      ...(metadata.traceparent && { traceparent: metadata.traceparent }),
    };
    const { state } = await this.deliveries.load(pushId);
    if (state.is === 'finished') return;
    const pushed = await this.messages.of(pushId, event.data.contentHash);
    let fresh = false;
    if (state.is === 'absent') {
      const at = this.clock.now();
      const look = await this.consent.look(pushed, at);
      const decided = await this.deliveries.execute(pushId, decide(pushId, pushed, look, at), stepContext(context, 'decide'));
      fresh = decided.events.length > 0;
    }
    await this.attempts.finish(pushId, pushed, fresh, context);
  }
}

/** The gate's answer as the command that records it, with a first try for each endpoint. */
function decide(pushId: string, pushed: Pushed, { decision, binding, bindingRevision, standingRevision }: Look, at: string): DeliveryCommand {
  const { appId, ownerId, personId, bindingId, content } = pushed;
  const ids = { appId, ownerId, personId, bindingId };
  const endpoints = decision.is === 'deliver' ? decision.endpoints.map(({ endpointId, kind }) => ({ endpointId, kind })) : [];
  const reason = decision.is === 'deliver' ? {} : { reason: decision.reason };
  const level = binding.is === 'absent' ? {} : { level: binding.level };
  const attempts = endpoints.map(({ endpointId, kind }): Attempt => ({
    attemptId: attemptIdOf(pushId, endpointId, 1),
    endpointId,
    channel: kind,
    dedupeId: pushId,
    bindingRevision,
    at,
  }));
  return {
    type: 'Decide',
    decided: {
      ...ids,
      bindingRevision,
      standingRevision,
      // The verdict is there, so the gate holds nothing any more; were it to, nothing may be shown.
      decision: decision.is === 'hold' ? 'refuse' : decision.is,
      ...reason,
      ...level,
      muted: binding.is !== 'absent' && binding.muted !== null,
      endpoints,
      at,
    },
    ...((decision.is === 'deliver' || decision.is === 'file-only') && { filed: { ...ids, content, pushedAt: pushed.at, ...level, ...reason, at } }),
    attempts,
  };
}
