import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { DeliveryStore } from '../delivery.store';
import { dueRows } from './due-rows.projection';

const resume = z.object({ pushId: z.string(), endpointId: z.string(), number: z.number() });

/** Takes up what was put off, when its time has come; the try itself is made by whoever reacts to `delivery.resumed`. */
@Injectable()
export class DeliverySchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly clock: Clock,
  ) {}

  async fire({ data, epoch, context }: Due): Promise<void> {
    const { pushId, endpointId, number } = resume.parse(data);
    const command = { type: 'Resume', endpointId, number, epoch, at: this.clock.now() } as const;
    await this.deliveries.execute(pushId, command, { ...context, actor: 'service:delivery' });
  }
}
