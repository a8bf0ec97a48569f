import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, roleRequest, RolesView } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireAdmin } from '@hark/service';
import { assertOthers, knownUser, rolesView } from '../domain/views';
import { UserStore } from '../user.store';

/** An admin makes somebody operator or admin: without a restart, and the setting does not take it back. */
@Controller()
export class GrantRoleHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.grantRole)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<RolesView>> {
    const request = requestContextOf(context);
    const adminId = requireAdmin(request);
    const { userId, role } = parseWithId(roleRequest, body, 'userId', 'user.unknown');
    assertOthers(adminId, userId);
    knownUser((await this.users.load(userId)).state);
    const grant = { type: 'GrantRole', role, by: `user:${adminId}`, at: this.clock.now() } as const;
    const { state, position } = await this.users.execute(userId, grant, commandContext(request));
    return { body: rolesView(userId, state), ...(position && { position }) };
  }
}
