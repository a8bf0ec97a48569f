import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { CallbackStore } from '../callback.store';
import { LogInStore } from '../log-in.store';
import { UserStore } from '../user.store';
import { dueRows } from './due-rows.projection';

const expire = z.object({ challengeId: z.string() });
const resume = z.object({ personId: z.string(), endpointId: z.string(), codeHash: z.string(), number: z.number() });
const resumeCallback = z.object({ callbackId: z.string(), number: z.number() });

/**
 * Resumes codes and callbacks that were put off when their time has come, and forgets the addresses of log-ins that nobody
 * has proven.
 */
@Injectable()
export class AuthSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly users: UserStore,
    private readonly callbacks: CallbackStore,
    private readonly logIns: LogInStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async fire({ task, data, epoch, context }: Due): Promise<void> {
    if (task === 'resume-callback') {
      const { callbackId, number } = resumeCallback.parse(data);
      const command = { type: 'Resume', number, epoch, at: this.clock.now() } as const;
      await this.callbacks.execute(callbackId, command, { ...context, actor: 'service:auth' });
      return;
    }
    if (task === 'expire-log-in') {
      const { challengeId } = expire.parse(data);
      await this.vault.erase(challengeId);
      const command = { type: 'Expire', at: this.clock.now() } as const;
      await this.logIns.execute(challengeId, command, { ...context, actor: 'service:auth' });
      return;
    }
    const { personId, ...challenge } = resume.parse(data);
    const command = { type: 'ResumeChallenge', ...challenge, epoch, at: this.clock.now() } as const;
    await this.users.execute(personId, command, { ...context, actor: 'service:auth' });
  }
}
