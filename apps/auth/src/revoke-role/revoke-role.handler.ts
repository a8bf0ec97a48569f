import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, roleRequest, RolesView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { assertOthers, knownUser, rolesView } from '../domain/views';
import { UserStore } from '../user.store';

/** An admin takes back a role that was granted by hand; one that the setting grants is refused. */
@Controller()
@Requires('admin')
export class RevokeRoleHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.revokeRole)
  async handle(
    @Input(roleRequest, { userId: 'user.unknown' }) { userId, role }: z.infer<typeof roleRequest>,
    @UserId() adminId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RolesView>> {
    assertOthers(adminId, userId);
    knownUser((await this.users.load(userId)).state);
    const revoke = { type: 'RevokeRole', role, by: `user:${adminId}`, at: this.clock.now() } as const;
    const executed = await this.users.execute(userId, revoke, context);
    return replyTo(executed, rolesView(userId, executed.state));
  }
}
