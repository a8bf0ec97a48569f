import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, endpointIdRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

@Controller()
export class RemoveEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.removeEndpoint)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<Record<string, never>>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { endpointId } = parseWithId(endpointIdRequest, body, 'endpointId', 'endpoint.unknown');
    const { state: user } = await this.users.load(personId);
    if (!endpointOf(user, endpointId)) throw unknownEndpoint();
    const remove = { type: 'RemoveEndpoint', endpointId, at: this.clock.now() } as const;
    const { position } = await this.users.execute(personId, remove, commandContext(request));
    return { body: {}, ...(position && { position }) };
  }
}
