import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, roleRequest, RolesView } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireAdmin } from '@hark/service';
import { assertOthers, knownUser, rolesView } from '../domain/views';
import { UserStore } from '../user.store';

/** An admin takes back a role that was granted by hand; one that the setting grants is refused. */
@Controller()
export class RevokeRoleHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.revokeRole)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<RolesView>> {
    const request = requestContextOf(context);
    const adminId = requireAdmin(request);
    const { userId, role } = parseWithId(roleRequest, body, 'userId', 'user.unknown');
    assertOthers(adminId, userId);
    knownUser((await this.users.load(userId)).state);
    const revoke = { type: 'RevokeRole', role, by: `user:${adminId}`, at: this.clock.now() } as const;
    const { state, position } = await this.users.execute(userId, revoke, commandContext(request));
    return { body: rolesView(userId, state), ...(position && { position }) };
  }
}
