import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, EndpointView, Reply, verifyEndpointRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { Admins } from '../admins.service';
import { codeHashOf } from '../domain/auth-ids';
import { endpointOf, guessesMax, unknownEndpoint } from '../domain/user.decider';
import { EndpointReplies } from '../endpoint-replies.service';
import { UserStore } from '../user.store';

/** Takes the code that came through an endpoint; from then on pushes may go there. */
@Controller()
@Requires('user')
// Each challenge has five tries of its own.
@LimitGuesses({ kind: 'challenge', wrong: ['endpoint.code-wrong'], free: 20 })
export class VerifyEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly replies: EndpointReplies,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.verifyEndpoint)
  async handle(
    @Input(verifyEndpointRequest, { endpointId: 'endpoint.unknown' })
    { endpointId, code }: z.infer<typeof verifyEndpointRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<EndpointView>> {
    const codeHash = codeHashOf(endpointId, code.trim(), this.keys.secrets);
    const guess = { type: 'VerifyEndpoint', endpointId, codeHash, guessId: context.commandId } as const;
    const executed = await this.users.execute(personId, { ...guess, at: this.clock.now() }, context);
    const endpoint = endpointOf(executed.state, endpointId);
    if (!endpoint) throw unknownEndpoint();
    if (!endpoint.verified) throw wrong(guessesMax - (endpoint.challenge?.guesses.length ?? 0));
    await this.admins.settle(personId, executed.state, context);
    return replyTo(executed, await this.replies.view(endpoint, locale));
  }
}

const wrong = (left: number) =>
  new HarkError('refused', 'endpoint.code-wrong', 'that is not the code of this challenge', { extra: { left } });
