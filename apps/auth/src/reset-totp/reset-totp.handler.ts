import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, RolesView, userIdRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { assertOthers, knownUser, rolesView } from '../domain/views';
import { UserStore } from '../user.store';

/** An admin takes the second factor off somebody who has lost it with all recovery codes. Nobody does so for themselves. */
@Controller()
@Requires('admin')
export class ResetTotpHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.resetTotp)
  async handle(
    @Input(userIdRequest, { userId: 'user.unknown' }) { userId }: z.infer<typeof userIdRequest>,
    @UserId() adminId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RolesView>> {
    assertOthers(adminId, userId);
    knownUser((await this.users.load(userId)).state);
    const remove = { type: 'RemoveTotp', by: `user:${adminId}`, at: this.clock.now() } as const;
    const executed = await this.users.execute(userId, remove, context);
    return replyTo(executed, rolesView(userId, executed.state));
  }
}
