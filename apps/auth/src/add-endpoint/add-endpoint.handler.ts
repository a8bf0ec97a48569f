import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, addEndpointRequest, authSubjects, EndpointView, parse } from '@hark/contracts';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, RequestContext, requestContextOf } from '@hark/nats';
import { commandContext, Keys, requireUser } from '@hark/service';
import { Vault } from '@hark/vault';
import { challengeCodeOf, codeHashOf, endpointIdOf } from '../domain/auth-ids';
import { endpointOf, unknownEndpoint, UserCommand, userDecider } from '../domain/user.decider';
import { EndpointReplies } from '../endpoint-replies.service';
import { Languages } from '../languages.store';
import { UserStore } from '../user.store';
import { ChallengeCounts } from './challenge-counts';

type Add = Extract<UserCommand, { type: 'AddEndpoint' }>;

/** Adds an endpoint, or asks for a new code. The reactor `auth.send-challenge` sends the code. */
@Controller()
export class AddEndpointHandler {
  constructor(
    private readonly users: UserStore,
    private readonly counts: ChallengeCounts,
    private readonly languages: Languages,
    private readonly channels: ChannelRegistry,
    private readonly replies: EndpointReplies,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.addEndpoint)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<EndpointView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { kind, ...given } = parse(addEndpointRequest, body);
    const { add, identity } = await this.commandFor(personId, kind, given, request.commandId);
    const command = commandContext(request);
    const earlier = await this.users.repeatOf(personId, command);
    if (!earlier) await this.prepare(personId, add, identity, request);
    const { state, position, replayed } = earlier ?? (await this.users.execute(personId, add, command));
    const endpoint = endpointOf(state, add.endpointId);
    if (!endpoint) throw unknownEndpoint();
    return {
      body: await this.replies.view(endpoint, request.locale),
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }

  private async commandFor(
    personId: string,
    kind: string,
    given: object,
    commandId: string,
  ): Promise<{ add: Add; identity: string }> {
    const channel = this.channels.get(kind);
    if (!channel) throw new HarkError('refused', 'endpoint.kind-unknown', 'the hub has no such kind of endpoint');
    const fields = parse(channel.fields.schema, given);
    const identity = channel.identify(fields);
    const addressHash = this.vault.lookupHash(`address:${kind}`, identity);
    const endpointId = endpointIdOf(personId, kind, addressHash);
    const code = challengeCodeOf(endpointId, commandId, this.keys.secrets);
    const add: Add = {
      type: 'AddEndpoint',
      endpointId,
      kind,
      address: await this.vault.seal(personId, JSON.stringify(fields), aadOf.address(endpointId)),
      addressHash,
      code: await this.vault.seal(personId, code, aadOf.code(endpointId)),
      codeHash: codeHashOf(endpointId, code, this.keys.secrets),
      at: this.clock.now(),
    };
    return { add, identity };
  }

  // Counted before the person's own stream is written, so that no code leaves uncounted; but not when that stream would
  // refuse.
  private async prepare(personId: string, add: Add, identity: string, request: RequestContext): Promise<void> {
    const command = commandContext(request);
    await this.languages.learn(personId, request.clientLocale, command);
    const { state: user } = await this.users.load(personId);
    if (userDecider.decide(add, user).length === 0) return;
    const { endpointId, kind, at } = add;
    await this.counts.count({ personId, user, endpointId, kind, identity, at }, command);
  }
}
