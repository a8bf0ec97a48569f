import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, roleRequest, RolesView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { assertOthers, knownUser, rolesView } from '../domain/views';
import { UserStore } from '../user.store';

/** An admin makes somebody operator or admin: without a restart, and the setting does not take it back. */
@Controller()
@Requires('admin')
export class GrantRoleHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.grantRole)
  async handle(
    @Input(roleRequest, { userId: 'user.unknown' }) { userId, role }: z.infer<typeof roleRequest>,
    @UserId() adminId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RolesView>> {
    assertOthers(adminId, userId);
    knownUser((await this.users.load(userId)).state);
    const grant = { type: 'GrantRole', role, by: `user:${adminId}`, at: this.clock.now() } as const;
    const executed = await this.users.execute(userId, grant, context);
    return replyTo(executed, rolesView(userId, executed.state));
  }
}
