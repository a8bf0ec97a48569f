import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { appIdRequest, authSubjects } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { UserStore } from '../user.store';

/**
 * Lets an app ask for consent again; revives no consent. Does nothing for an app that is not blocked or does not exist.
 */
@Controller()
export class UnblockAppHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unblock)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<Record<string, never>>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { appId } = parseWithId(appIdRequest, body, 'appId', 'app.unknown');
    const command = { type: 'UnblockApp', appId, at: this.clock.now() } as const;
    const { position, replayed } = await this.users.execute(personId, command, commandContext(request));
    return { body: {}, ...(position && { position }), ...(replayed && { replayed }) };
  }
}
