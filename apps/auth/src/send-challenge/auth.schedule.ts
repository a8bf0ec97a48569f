import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '@hark/kernel';
import { Due, Schedule } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { Agreements } from '../agreements.service';
import { BindingRequestStore } from '../binding-request.store';
import { BindingRequests } from '../binding-requests.service';
import { CallbackStore } from '../callback.store';
import { DeviceLogInStore } from '../device-log-in.store';
import { LogInStore } from '../log-in.store';
import { UserStore } from '../user.store';
import { dueRows } from './due-rows.projection';

const expire = z.object({ challengeId: z.string() });
const expireDevice = z.object({ deviceLogInId: z.string() });
const expireRequest = z.object({ requestId: z.string() });
const resume = z.object({ personId: z.string(), endpointId: z.string(), codeHash: z.string(), number: z.number() });
const proveAgain = z.object({ personId: z.string(), endpointId: z.string(), triedAt: z.string() });
const resumeCallback = z.object({ callbackId: z.string(), number: z.number() });

/**
 * Resumes codes and callbacks that were put off when their time has come, forgets the addresses of log-ins that nobody has
 * proven and of browsers that wait, ends requests for consent that nobody decided, finishes approvals that were cut off, and has endpoints proven anew.
 */
@Injectable()
export class AuthSchedule implements Schedule {
  readonly table = dueRows.table;
  readonly projection = dueRows.name;

  constructor(
    private readonly users: UserStore,
    private readonly bindingRequests: BindingRequestStore,
    private readonly requests: BindingRequests,
    private readonly agreements: Agreements,
    private readonly callbacks: CallbackStore,
    private readonly logIns: LogInStore,
    private readonly deviceLogIns: DeviceLogInStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async fire({ task, data, epoch, context: cause }: Due): Promise<void> {
    const context = { ...cause, actor: 'service:auth' };
    if (task === 'resume-callback') {
      const { callbackId, number } = resumeCallback.parse(data);
      const command = { type: 'Resume', number, epoch, at: this.clock.now() } as const;
      await this.callbacks.execute(callbackId, command, context);
      return;
    }
    if (task === 'expire-binding-request') {
      const { requestId } = expireRequest.parse(data);
      await this.bindingRequests.execute(requestId, { type: 'Expire', at: this.clock.now() }, context);
      await this.requests.close(requestId);
      return;
    }
    if (task === 'finish-binding-request') {
      await this.agreements.finish(expireRequest.parse(data).requestId, context);
      return;
    }
    if (task === 'expire-device-log-in') {
      const { deviceLogInId } = expireDevice.parse(data);
      await this.vault.erase(deviceLogInId);
      await this.deviceLogIns.execute(deviceLogInId, { type: 'Expire', at: this.clock.now() }, context);
      return;
    }
    if (task === 'expire-log-in') {
      const { challengeId } = expire.parse(data);
      await this.vault.erase(challengeId);
      const command = { type: 'Expire', at: this.clock.now() } as const;
      await this.logIns.execute(challengeId, command, context);
      return;
    }
    if (task === 'prove-again') {
      const { personId, ...proof } = proveAgain.parse(data);
      const disable = { type: 'DisableEndpoint', ...proof, reason: 'proof-due', at: this.clock.now() } as const;
      await this.users.execute(personId, disable, context);
      return;
    }
    const { personId, ...challenge } = resume.parse(data);
    const command = { type: 'ResumeChallenge', ...challenge, epoch, at: this.clock.now() } as const;
    await this.users.execute(personId, command, context);
  }
}
