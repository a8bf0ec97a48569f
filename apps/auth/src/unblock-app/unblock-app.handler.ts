import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, authSubjects, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { UserStore } from '../user.store';

/**
 * Lets an app ask for consent again; revives no consent. Does nothing for an app that is not blocked or does not exist.
 */
@Controller()
@Requires('user')
export class UnblockAppHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unblock)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    const unblock = { type: 'UnblockApp', appId, at: this.clock.now() } as const;
    return replyTo(await this.users.execute(personId, unblock, context), {});
  }
}
