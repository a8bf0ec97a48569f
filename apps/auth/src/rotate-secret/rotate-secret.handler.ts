import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, RotateSecretReply, rotateSecretRequest } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf } from '../domain/views';

/** Gives the app a new secret; the ones before it work 24 h longer, unless they are revoked at once. */
@Controller()
@Requires('user')
export class RotateSecretHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.rotateSecret)
  async handle(
    @Input(rotateSecretRequest, { appId: 'app.unknown' })
    { appId, revokeNow = false }: z.infer<typeof rotateSecretRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RotateSecretReply>> {
    // Derived from the command, so that a repeat answers with the same secret.
    const secret = issueCredential('app', appId, context.commandId, this.keys.secrets);
    const secretHash = hashCredential(secret);
    const executed = await this.apps.execute(
      appId,
      { type: 'RotateSecret', ownerId, secretHash, revokeNow, at: this.clock.now() },
      context,
    );
    const oldSecretUntil = appOf(ownerId, executed.state).oldSecrets?.[0]?.until;
    return replyTo(executed, { secret, ...(oldSecretUntil !== undefined && { oldSecretUntil }) });
  }
}
