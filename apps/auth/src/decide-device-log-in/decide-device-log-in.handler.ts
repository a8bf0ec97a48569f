import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, DeviceLogInDecision, Reply, userCodeRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { DeviceLogInStore } from '../device-log-in.store';

/** The person logs the browser in as themselves, or says no to it. */
@Controller()
@Requires('user')
@LimitGuesses({ kind: 'user-code', wrong: ['device-log-in.unknown'] })
export class DecideDeviceLogInHandler {
  constructor(
    private readonly logIns: DeviceLogInStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.approveDeviceLogIn)
  approve(
    @Input(userCodeRequest) { userCode }: z.infer<typeof userCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<DeviceLogInDecision>> {
    return this.decide('Approve', userCode, userId, context);
  }

  @MessagePattern(authSubjects.declineDeviceLogIn)
  decline(
    @Input(userCodeRequest) { userCode }: z.infer<typeof userCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<DeviceLogInDecision>> {
    return this.decide('Decline', userCode, userId, context);
  }

  private async decide(
    type: 'Approve' | 'Decline',
    userCode: string,
    userId: string,
    context: CommandContext,
  ): Promise<Reply<DeviceLogInDecision>> {
    const { id } = this.logIns.idOf(userCode);
    const executed = await this.logIns.execute(id, { type, userId, at: this.clock.now() }, context);
    await this.vault.erase(id);
    return replyTo(executed, { approved: type === 'Approve' });
  }
}
