import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { DeliveryStore } from '../delivery.store';
import { dueRows } from './due-rows.projection';
import { FollowUps } from './follow-ups';

const resume = z.object({ pushId: z.string(), endpointId: z.string(), number: z.number() });
const followUp = z.object({ pushId: z.string(), number: z.number() });

/**
 * Resumes endpoints that were put off when their time has come; `ResumeDeliveryReactor` then makes the try, or
 * `TakeBackReactor`, where the push is to be taken back; and tells what follows while nobody acknowledges it.
 */
@Injectable()
export class DeliverySchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly followUps: FollowUps,
    private readonly clock: Clock,
  ) {}

  async fire({ task, data, epoch, context: fired }: Due): Promise<void> {
    const context = { ...fired, actor: 'service:delivery' };
    if (task === 'remind' || task === 'escalate') {
      const { pushId, number } = followUp.parse(data);
      return this.followUps[task](pushId, number, epoch, context);
    }
    const { pushId, endpointId, number } = resume.parse(data);
    const type = task === 'take-back' ? 'ResumeTakeBack' : 'Resume';
    const command = { type, endpointId, number, epoch, at: this.clock.now() } as const;
    await this.deliveries.execute(pushId, command, context);
  }
}
