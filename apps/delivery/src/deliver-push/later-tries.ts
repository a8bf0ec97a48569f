import { Injectable } from '@nestjs/common';
import { RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { Delivery, DeliveryCommand, EndpointDelivery } from '../domain/delivery.decider';
import { Collapses } from './collapses';
import { Run, SendAttempts, triedUntil } from './send-attempts';

type Known = Exclude<Delivery, { is: 'absent' }>;

/**
 * Makes the tries that come some time after a push: of its reminders, and of what was put off. Its sender may have pushed
 * something newer under the same `collapseId` since, which stays on the phone: a reminder, which is still to be answered, is shown
 * beside it under a name of its own; what has not rung by then need not ring any more.
 */
@Injectable()
export class LaterTries {
  constructor(
    private readonly attempts: SendAttempts,
    private readonly collapses: Collapses,
    private readonly clock: Clock,
  ) {}

  /** As `SendAttempts.tryOnce`, for endpoints of the delivery `recorded` belongs to. */
  async tryOnce(
    recorded: RecordedEvent,
    legs: readonly EndpointDelivery[],
    bareRun: Omit<Run, 'ownAttempts'>,
    delivery: Known,
  ): Promise<readonly string[]> {
    const run = { ...bareRun, ownAttempts: new Set<string>() };
    const { note, log } = run;
    const until = triedUntil(delivery);
    const overtaken: EndpointDelivery[] = [];
    for (const leg of note?.collapseKey === undefined ? [] : legs) {
      if (await this.collapses.isOvertaken(recorded, leg.endpointId, note!.collapseKey!)) overtaken.push(leg);
    }
    const others = legs.filter((leg) => !overtaken.includes(leg));
    const behind = await this.attempts.tryOnce(others, run, until);
    if (!note || overtaken.length === 0) return behind;
    if (delivery.reminder > 0) {
      const own = { ...run, note: { ...note, collapseKey: note.deliveryId } };
      return [...behind, ...(await this.attempts.tryOnce(overtaken, own, until))];
    }
    for (const leg of overtaken) await log.write(`overtaken:${leg.endpointId}`, this.over(leg));
    return behind;
  }

  private over({ endpointId, open }: EndpointDelivery): DeliveryCommand {
    const at = this.clock.now();
    if (!open) return { type: 'Suppress', endpointId, reason: 'replaced', at };
    // Cut off by a crash: it may have arrived.
    const outcome = { is: 'unknown', class: 'interrupted', final: true } as const;
    return { type: 'Settle', attemptId: open.attemptId, outcome, at };
  }
}
