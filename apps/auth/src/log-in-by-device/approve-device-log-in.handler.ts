import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, DeviceLogInDecision, Reply, userCodeRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { DeviceLogInStore } from '../device-log-in.store';

/** The person logs the browser in as themselves. */
@Controller()
@Requires('user')
@LimitGuesses({ kind: 'user-code', wrong: ['device-log-in.unknown'] })
export class ApproveDeviceLogInHandler {
  constructor(
    private readonly logIns: DeviceLogInStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.approveDeviceLogIn)
  async handle(
    @Input(userCodeRequest) { userCode }: z.infer<typeof userCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<DeviceLogInDecision>> {
    const { id } = this.logIns.idOf(userCode);
    const executed = await this.logIns.execute(id, { type: 'Approve', userId, at: this.clock.now() }, context);
    await this.vault.erase(id);
    return replyTo(executed, { approved: true });
  }
}
