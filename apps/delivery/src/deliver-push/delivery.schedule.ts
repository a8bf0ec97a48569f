import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { DeliveryStore } from '../delivery.store';
import { dueRows } from './due-rows.projection';

const resume = z.object({ pushId: z.string(), endpointId: z.string(), number: z.number() });

/**
 * Resumes endpoints that were put off when their time has come; `ResumeDeliveryReactor` then makes the try, or
 * `TakeBackReactor`, where the push is to be taken back.
 */
@Injectable()
export class DeliverySchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly clock: Clock,
  ) {}

  async fire({ task, data, epoch, context }: Due): Promise<void> {
    const { pushId, endpointId, number } = resume.parse(data);
    const type = task === 'take-back' ? 'ResumeTakeBack' : 'Resume';
    const command = { type, endpointId, number, epoch, at: this.clock.now() } as const;
    await this.deliveries.execute(pushId, command, { ...context, actor: 'service:delivery' });
  }
}
