import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, endpointIdRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, parseNamed, personOf } from '@hark/service';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

@Controller()
export class RemoveEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.removeEndpoint)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<Record<string, never>>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const { endpointId } = parseNamed(endpointIdRequest, body, 'endpointId', 'endpoint.unknown');
    const { state: person } = await this.users.load(personId);
    if (!endpointOf(person, endpointId)) throw unknownEndpoint();
    const remove = { type: 'RemoveEndpoint', endpointId, at: this.clock.now() } as const;
    const { position } = await this.users.execute(personId, remove, commandOf(request));
    return { body: {}, ...(position && { position }) };
  }
}
