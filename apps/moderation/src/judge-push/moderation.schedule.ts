import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { ModerationStore } from '../moderation.store';
import { dueRows } from './due-rows.projection';

const judgeAgain = z.object({ pushId: z.string(), tries: z.number() });

/** Resumes deferred texts when their time has come; `JudgeAgainReactor` then judges them. */
@Injectable()
export class ModerationSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly moderations: ModerationStore,
    private readonly clock: Clock,
  ) {}

  async fire({ data, epoch, context }: Due): Promise<void> {
    const { pushId, tries } = judgeAgain.parse(data);
    const command = { type: 'Resume', tries, epoch, at: this.clock.now() } as const;
    await this.moderations.execute(pushId, command, { ...context, actor: 'service:moderation' });
  }
}
