import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, EndpointView, renameEndpointRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Endpoint } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { cleanName } from '../domain/clean-name';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { EndpointReplies } from '../endpoint-replies.service';
import { UserStore } from '../user.store';

/** Gives an endpoint a name; an empty one takes it away. */
@Controller()
@Requires('user')
export class RenameEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly replies: EndpointReplies,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.renameEndpoint)
  async handle(
    @Input(renameEndpointRequest, { endpointId: 'endpoint.unknown' })
    { endpointId, name: asked }: z.infer<typeof renameEndpointRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<EndpointView>> {
    const { state: user } = await this.users.load(personId);
    const known = endpointOf(user, endpointId);
    if (!known) throw unknownEndpoint();
    const name = asked === '' ? null : await this.sealedName(personId, known, cleanName(asked));
    const rename = { type: 'RenameEndpoint', endpointId, name, at: this.clock.now() } as const;
    const executed = await this.users.execute(personId, rename, context);
    const endpoint = endpointOf(executed.state, endpointId);
    if (!endpoint) throw unknownEndpoint();
    return replyTo(executed, await this.replies.view(endpoint, locale));
  }

  /** Sealed anew each time, a name looks like another one: the same name stays as it is sealed already. */
  private async sealedName(personId: string, { endpointId, name }: Endpoint, asked: string): Promise<string> {
    const aad = aadOf.endpointName(endpointId);
    if (name !== null && (await this.vault.open(name, aad)) === asked) return name;
    return this.vault.seal(personId, asked, aad);
  }
}
