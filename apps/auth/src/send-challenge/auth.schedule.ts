import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { UserStore } from '../user.store';
import { dueRows } from './due-rows.projection';

const resume = z.object({ personId: z.string(), endpointId: z.string(), codeHash: z.string(), number: z.number() });

/** Resumes codes that were put off when their time has come. */
@Injectable()
export class AuthSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  async fire({ data, epoch, context }: Due): Promise<void> {
    const { personId, ...challenge } = resume.parse(data);
    const command = { type: 'ResumeChallenge', ...challenge, epoch, at: this.clock.now() } as const;
    await this.users.execute(personId, command, { ...context, actor: 'service:auth' });
  }
}
