import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, RotateCallbackSecretReply, rotateSecretRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { callbackSecretIdOf, callbackSecretOf } from '../domain/auth-ids';
import { appOf } from '../domain/views';

/** Gives the app a new callback secret. For 24 h its calls are signed with the former one too, unless that is revoked. */
@Controller()
@Requires('user')
export class RotateCallbackSecretHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.rotateCallbackSecret)
  async handle(
    @Input(rotateSecretRequest, { appId: 'app.unknown' })
    { appId, revokeNow = false }: z.infer<typeof rotateSecretRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RotateCallbackSecretReply>> {
    const callbackSecretId = callbackSecretIdOf(context.commandId);
    const command = {
      type: 'RotateCallbackSecret',
      ownerId,
      callbackSecretId,
      revokeNow,
      at: this.clock.now(),
    } as const;
    const executed = await this.apps.execute(appId, command, context);
    const oldSecretUntil = appOf(ownerId, executed.state).oldCallbackSecrets?.[0]?.until;
    return replyTo(executed, {
      callbackSecret: callbackSecretOf(appId, callbackSecretId, this.keys.secrets),
      ...(oldSecretUntil !== undefined && { oldSecretUntil }),
    });
  }
}
