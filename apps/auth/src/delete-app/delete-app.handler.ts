import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, authSubjects, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';

/** Deletes an app for good. From then on nothing of it goes out; its bindings end one after the other. */
@Controller()
@Requires('user')
export class DeleteAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.deleteApp)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<null>> {
    const executed = await this.apps.execute(appId, { type: 'Delete', ownerId, at: this.clock.now() }, context);
    return replyTo(executed, null);
  }
}
