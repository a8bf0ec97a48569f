import { DeliveryEvent, ModerationEvent } from '@hark/contracts';
import { plusMs, uuid7 } from '@hark/kernel';

/** What the other services write about a push, in the order they would. */
export class PushEvents {
  private readonly phone = uuid7();
  private readonly ids = { appId: uuid7(), ownerId: uuid7(), personId: uuid7(), bindingId: uuid7() };

  constructor(private readonly at: string) {}

  get passed(): ModerationEvent {
    return { type: 'moderation.passed', data: this.verdict };
  }

  judged(type: 'moderation.blocked' | 'moderation.held', label: string): ModerationEvent {
    return { type, data: { ...this.verdict, label } };
  }

  reviewed(type: 'moderation.approved' | 'moderation.rejected', label = 'fraud'): ModerationEvent {
    const { contentHash, at } = this.verdict;
    const decision = { contentHash, operatorId: uuid7(), decisionId: uuid7(), at };
    return type === 'moderation.approved' ? { type, data: decision } : { type, data: { ...decision, label } };
  }

  decided(decision: 'refuse' | 'file-only' | 'deliver', reason?: string): DeliveryEvent {
    const endpoints = decision === 'deliver' ? [{ endpointId: this.phone, kind: 'bark' }] : [];
    const seen = { bindingRevision: 0, standingRevision: -1, muted: false, endpoints, at: this.at };
    return { type: 'delivery.decided', data: { ...this.ids, ...seen, decision, ...(reason && { reason }) } };
  }

  filed(reason?: string): DeliveryEvent {
    const content = `v1.${this.ids.personId}.aa.bb`;
    const { at } = this;
    return { type: 'delivery.filed', data: { ...this.ids, content, pushedAt: at, at, ...(reason && { reason }) } };
  }

  attempted(attemptId: string): DeliveryEvent {
    return { type: 'delivery.attempted', data: { ...this.attempt(attemptId), dedupeId: 'd', bindingRevision: 0 } };
  }

  sent(attemptId: string, leftOut?: 'link'): DeliveryEvent {
    return {
      type: 'delivery.sent',
      data: { ...this.attempt(attemptId), providerRef: 'r', ...(leftOut && { leftOut }) },
    };
  }

  ended(
    type: 'delivery.failed' | 'delivery.unknown',
    attemptId: string,
    why: string,
    final: boolean,
    reason?: string,
  ): DeliveryEvent {
    return { type, data: { ...this.attempt(attemptId), class: why, ...(reason && { reason }), final } };
  }

  deferred(attemptId: string, number = 1): DeliveryEvent {
    const { endpointId, channel, at } = this.attempt(attemptId);
    const data = { endpointId, channel, number, reason: 'THROTTLED', retryAt: plusMs(at, 300_000), attemptId, at };
    return { type: 'delivery.deferred', data };
  }

  resumed(number = 1): DeliveryEvent {
    return { type: 'delivery.resumed', data: { endpointId: this.phone, number, epoch: 1, at: this.at } };
  }

  suppressed(reason: string): DeliveryEvent {
    return { type: 'delivery.suppressed', data: { endpointId: this.phone, channel: 'bark', reason, at: this.at } };
  }

  finished(outcome: 'delivered' | 'inbox-only' | 'failed' | 'suppressed', reason?: string): DeliveryEvent {
    return { type: 'delivery.finished', data: { outcome, at: this.at, ...(reason && { reason }) } };
  }

  private get verdict() {
    return { contentHash: 'c'.repeat(64), ruleVersion: '1', wechat: 'off' as const, at: this.at };
  }

  private attempt(attemptId: string) {
    return { attemptId, endpointId: this.phone, channel: 'bark', at: this.at };
  }
}
