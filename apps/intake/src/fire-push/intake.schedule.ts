import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { fire } from '../domain/message.decider';
import { MessageStore } from '../message.store';
import { dueRows } from './due-rows.projection';
import { OnTimePlaces } from './on-time-places';

const due = z.object({ pushId: z.string(), number: z.number().optional(), revision: z.number().optional() });

/** How late a push may be fired, in milliseconds, for its delivery to go before those of a crowd. */
const onTimeMs = 500;

/** Fires scheduled pushes when their time has come, and ends those whose time is over. */
@Injectable()
export class IntakeSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;
  private readonly places = new OnTimePlaces();

  constructor(
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {}

  async fire({ data, dueAt, epoch, context: caused }: Due): Promise<void> {
    const { pushId, number, revision } = due.parse(data);
    const timed = { epoch, at: this.clock.now() };
    const context = { ...caused, actor: 'service:intake' };
    if (number === undefined) {
      await this.messages.execute(pushId, { type: 'Expire', ...timed }, context);
      return;
    }
    const isOnTime = Date.parse(timed.at) - Date.parse(dueAt) <= onTimeMs && this.places.take(dueAt);
    const command = { type: 'Fire', number, ...(isOnTime && { onTime: true as const }), ...timed } as const;
    // Nearly always nothing has happened to the push since its appointment was made. Where it has, the append is refused.
    const events = fire(command, { is: 'pushed', appointment: { number, sendAt: dueAt } });
    const isFired =
      revision !== undefined && events.length > 0 && (await this.messages.appendAt(pushId, revision, events, context));
    if (!isFired) await this.messages.execute(pushId, command, context);
  }
}
