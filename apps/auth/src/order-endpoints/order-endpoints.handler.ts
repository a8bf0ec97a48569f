import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, EndpointOrderReply, orderEndpointsRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { UserStore } from '../user.store';

/** Says which endpoints are tried one after the other; the delivery of each push keeps to it (ADR 46). */
@Controller()
@Requires('user')
export class OrderEndpointsHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.orderEndpoints)
  async handle(
    @Input(orderEndpointsRequest) { endpointIds }: z.infer<typeof orderEndpointsRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<EndpointOrderReply>> {
    const order = { type: 'OrderEndpoints', endpointIds, at: this.clock.now() } as const;
    return replyTo(await this.users.execute(personId, order, context), { endpointIds });
  }
}
