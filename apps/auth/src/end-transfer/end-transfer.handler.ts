import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, authSubjects, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { knownApp } from '../domain/views';

/** The owner takes an offer back, or the person to whom it was made declines it. */
@Controller()
@Requires('user')
export class EndTransferHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.endTransfer)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<null>> {
    const app = knownApp((await this.apps.load(appId)).state);
    const at = this.clock.now();
    const command =
      app.offeredTo === personId
        ? ({ type: 'DeclineTransfer', personId, at } as const)
        : ({ type: 'WithdrawTransfer', ownerId: personId, at } as const);
    return replyTo(await this.apps.execute(appId, command, context), null);
  }
}
