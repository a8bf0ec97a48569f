import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '@hark/channels';
import { RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { Delivery } from '../domain/delivery.decider';
import { isBehind } from '../domain/delivery.state';
import { PushedMessages } from '../pushed-messages.store';
import { Collapses } from './collapses';
import { Runs } from './runs';
import { isTriedByAnother, SendAttempts, triedUntil } from './send-attempts';

/** Brings phones that show an earlier text of a push to the one in the inbox, where their channel can replace it. */
@Injectable()
export class LaterTexts {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
    private readonly channels: ChannelRegistry,
    private readonly runs: Runs,
    private readonly collapses: Collapses,
    private readonly attempts: SendAttempts,
  ) {}

  /**
   * One try at each such endpoint; what fails or has to wait is put off and tried again like a push, for a day from when the
   * text came. Ask after every try, because a later text may have come while it was under way. `endpoints`: those that
   * are behind by a try of the one who asks, or `all`, for who has changed the text. Where a reaction to another event is at
   * work, that one asks in its turn.
   */
  async show(recorded: RecordedEvent, endpoints: readonly string[] | 'all'): Promise<void> {
    if (endpoints.length === 0) return;
    const { id: pushId } = recorded;
    const { state: delivery } = await this.deliveries.load(pushId);
    const behind = this.behind(delivery).filter(
      (leg) => (endpoints === 'all' || endpoints.includes(leg.endpointId)) && !isTriedByAnother(leg, recorded.eventId),
    );
    if (delivery.is === 'absent' || behind.length === 0) return;
    const { note, ...run } = await this.runs.begin(recorded, await this.messages.filed(pushId), delivery.reminder);
    if (!note) return;
    const until = triedUntil({ dueAt: delivery.replacedAt ?? delivery.dueAt });
    const stillBehind: string[] = [];
    for (const leg of behind) {
      // A later push may have taken its place, which must stay.
      if (await this.collapses.isReplaced(recorded, leg)) continue;
      // Under the name that the phone knows it by, whatever the new text says, and without ringing again.
      const { collapseKey: _, ...others } = note;
      const same = { ...others, silent: true, ...(leg.collapseKey !== null && { collapseKey: leg.collapseKey }) };
      stillBehind.push(...(await this.attempts.tryOnce([leg], { ...run, note: same, ownAttempts: new Set() }, until)));
    }
    // No more often than the text may change.
    await this.show(recorded, stillBehind);
  }

  private behind(delivery: Delivery) {
    if (delivery.is === 'absent') return [];
    const { legs, edition } = delivery;
    return legs.filter((leg) => isBehind(leg, edition) && !leg.isDeferred && this.channels.get(leg.kind)?.replaces);
  }
}
