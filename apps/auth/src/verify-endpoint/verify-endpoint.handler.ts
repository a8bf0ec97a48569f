import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, EndpointView, verifyEndpointRequest } from '@hark/contracts';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, Keys, parseWithId, requireUser } from '@hark/service';
import { Admins } from '../admins.service';
import { codeHashOf } from '../domain/auth-ids';
import { endpointOf, guessesMax, unknownEndpoint } from '../domain/user.decider';
import { EndpointReplies } from '../endpoint-replies.service';
import { UserStore } from '../user.store';

@Controller()
export class VerifyEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly replies: EndpointReplies,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.verifyEndpoint)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<EndpointView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { endpointId, code } = parseWithId(verifyEndpointRequest, body, 'endpointId', 'endpoint.unknown');
    const codeHash = codeHashOf(endpointId, code.trim(), this.keys.secrets);
    const guess = { type: 'VerifyEndpoint', endpointId, codeHash, guessId: request.commandId } as const;
    const { state, position, replayed } = await this.users.execute(
      personId,
      { ...guess, at: this.clock.now() },
      commandContext(request),
    );
    const endpoint = endpointOf(state, endpointId);
    if (!endpoint) throw unknownEndpoint();
    if (!endpoint.verified) throw wrong(guessesMax - (endpoint.challenge?.guesses.length ?? 0));
    await this.admins.settle(personId, state, commandContext(request));
    return {
      body: await this.replies.view(endpoint, request.locale),
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }
}

const wrong = (left: number) =>
  new HarkError('refused', 'endpoint.code-wrong', 'that is not the code of this challenge', { extra: { left } });
