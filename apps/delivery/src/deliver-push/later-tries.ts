import { Injectable } from '@nestjs/common';
import { RecordedEvent } from '@hark/eventstore';
import { Clock, IsoTime, positionToken } from '@hark/kernel';
import { DeliveryCommand, EndpointDelivery } from '../domain/delivery.decider';
import { Collapses } from './collapses';
import { Run, SendAttempts, triedUntil } from './send-attempts';

/** Of a later try: which reminder it is of, 0 for none; until when it is made; what the tables must have seen before. */
export interface LaterTry {
  readonly reminder: number;
  readonly until: IsoTime;
  /** As a `Hark-Position`. */
  readonly after: string;
}

/** The later try that an event of the delivery asks for. */
export const laterTry = (
  recorded: RecordedEvent,
  delivery: { readonly reminder: number; readonly dueAt: IsoTime },
): LaterTry => ({
  reminder: delivery.reminder,
  until: triedUntil(delivery),
  after: positionToken(recorded.position, 'delivery'),
});

/**
 * Makes the tries that come some time after a push: of its reminders, and of what was put off, held back or cut off. Its sender
 * may have pushed something newer under the same `collapseId` since, which stays on the phone: a reminder, which is still to be
 * answered, is shown beside it under a name of its own; what has not rung by then need not ring any more.
 */
@Injectable()
export class LaterTries {
  constructor(
    private readonly attempts: SendAttempts,
    private readonly collapses: Collapses,
    private readonly clock: Clock,
  ) {}

  /** As `SendAttempts.tryOnce`. */
  async tryOnce(
    legs: readonly EndpointDelivery[],
    bareRun: Omit<Run, 'ownAttempts'>,
    { reminder, until, after }: LaterTry,
  ): Promise<readonly string[]> {
    const run = { ...bareRun, ownAttempts: new Set<string>() };
    const { note, log } = run;
    const ids = legs.map(({ endpointId }) => endpointId);
    const overtakenAt = await this.collapses.overtakenAt(log.pushId, ids, note?.collapseKey, after);
    const overtaken = legs.filter(({ endpointId }) => overtakenAt.has(endpointId));
    const others = legs.filter((leg) => !overtaken.includes(leg));
    const behind = await this.attempts.tryOnce(others, run, until);
    if (!note || overtaken.length === 0) return behind;
    if (reminder > 0) {
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
