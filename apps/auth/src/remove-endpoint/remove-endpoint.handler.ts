import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, endpointIdRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

/** Takes one of the person's endpoints away; nothing is sent there from then on. */
@Controller()
@Requires('user')
export class RemoveEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.removeEndpoint)
  async handle(
    @Input(endpointIdRequest, { endpointId: 'endpoint.unknown' }) { endpointId }: z.infer<typeof endpointIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    const { state: user } = await this.users.load(personId);
    if (!endpointOf(user, endpointId)) throw unknownEndpoint();
    const remove = { type: 'RemoveEndpoint', endpointId, at: this.clock.now() } as const;
    return replyTo(await this.users.execute(personId, remove, context), {});
  }
}
