import { Injectable } from '@nestjs/common';
import { RecordedEvent } from '@hark/eventstore';
import { Logger, positionToken } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { DeliveryCommand } from '../domain/delivery.decider';
import { isFiledLate } from '../inbox-row.read-model';
import { AttemptDeadlines } from './attempt-deadlines';
import { Collapses } from './collapses';
import { UnaddressedNotification } from './notification-factory';

type Decide = Extract<DeliveryCommand, { type: 'Decide' }>;

/** Which of the first tries of a push are made at once. */
@Injectable()
export class FirstTries {
  constructor(
    private readonly collapses: Collapses,
    private readonly deadlines: AttemptDeadlines,
    private readonly log: Logger,
  ) {}

  /**
   * The decision without the tries where a newer push of the same `collapseId` is shown, because the verdict took its time;
   * `LaterTries` ends those. A push that was held back for longer is placed as new, so none is newer. Where the tables cannot
   * tell, the push goes out: what it might cover is in the inbox.
   */
  async of(command: Decide, recorded: RecordedEvent, note: UnaddressedNotification | undefined): Promise<Decide> {
    const { decided, filed, attempts } = command;
    const collapseKey = note?.collapseKey;
    if (collapseKey === undefined || decided.decision !== 'deliver' || !filed || isFiledLate(filed)) return command;
    const ids = attempts.map(({ endpointId }) => endpointId);
    const after = positionToken(recorded.position, 'delivery');
    const asked = this.collapses.overtakenAt(recorded.id, ids, collapseKey, after);
    const overtaken = await withTimeout(this.deadlines.lookMs, asked, cannotTell).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.warn({ reason }, 'what phones show is not known; the push goes out');
      return cannotTell();
    });
    return { ...command, attempts: attempts.filter(({ endpointId }) => !overtaken.has(endpointId)) };
  }
}

const cannotTell = (): ReadonlySet<string> => new Set();
