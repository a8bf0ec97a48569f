import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { MessageStore } from '../message.store';
import { dueRows } from './due-rows.projection';

const due = z.object({ pushId: z.string(), number: z.number().optional() });

/** Fires scheduled pushes when their time has come, and ends those whose time is over. */
@Injectable()
export class IntakeSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {}

  async fire({ data, epoch, context }: Due): Promise<void> {
    const { pushId, number } = due.parse(data);
    const timed = { epoch, at: this.clock.now() };
    const command =
      number === undefined ? ({ type: 'Expire', ...timed } as const) : ({ type: 'Fire', number, ...timed } as const);
    await this.messages.execute(pushId, command, { ...context, actor: 'service:intake' });
  }
}
