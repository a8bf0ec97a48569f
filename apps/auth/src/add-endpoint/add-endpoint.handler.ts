import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { aadOf, addEndpointRequest, authSubjects, EndpointView, parse, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext, RequestContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { ChallengeCounts } from '../challenge-counts.service';
import { challengeCodeOf, codeHashOf, endpointIdOf } from '../domain/auth-ids';
import { endpointOf, unknownEndpoint, UserCommand, userDecider } from '../domain/user.decider';
import { EndpointReplies } from '../endpoint-replies.service';
import { Languages } from '../languages.store';
import { UserStore } from '../user.store';

type Add = Extract<UserCommand, { type: 'AddEndpoint' }>;

/** Adds an endpoint, or asks for a new code. The reactor `auth.send-challenge` sends the code. */
@Controller()
@Requires('user')
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
  async handle(
    @Input(addEndpointRequest) { kind, ...given }: z.infer<typeof addEndpointRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<EndpointView>> {
    const { add, identity } = await this.commandFor(personId, kind, given, context.commandId);
    const earlier = await this.users.repeatOf(personId, context);
    if (!earlier) await this.prepare(personId, add, identity, request, context);
    const executed = earlier ?? (await this.users.execute(personId, add, context));
    const endpoint = endpointOf(executed.state, add.endpointId);
    if (!endpoint) throw unknownEndpoint();
    return replyTo(executed, await this.replies.view(endpoint, request.locale));
  }

  private async commandFor(
    personId: string,
    kind: string,
    given: object,
    commandId: string,
  ): Promise<{ add: Add; identity: string }> {
    const channel = this.channels.get(kind);
    if (!channel) throw new HarkError('refused', 'endpoint.kind-unknown', 'the hub has no such kind of endpoint');
    const openid = channel.fields.filledIn === 'openid' ? await this.openidOf(personId, given) : {};
    const fields = parse(channel.fields.schema, { ...given, ...openid });
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

  /** The openid that a person of WeChat logs in with. It is never theirs to name. */
  private async openidOf(personId: string, given: object): Promise<{ openid: string }> {
    if ('openid' in given) {
      const errors = [{ path: 'openid', message: 'unknown field' }];
      throw new HarkError('invalid', 'request.invalid', 'the openid is filled in by the hub', { errors });
    }
    const { state: user } = await this.users.load(personId);
    const isWechat = user.provider === 'wechat' && user.subject !== null;
    const openid = isWechat ? await this.vault.open(user.subject, aadOf.subject(personId)) : undefined;
    if (openid === undefined) throw new HarkError('conflict', 'endpoint.no-wechat', 'nobody logs in through WeChat');
    return { openid };
  }

  // Counted before the person's own stream is written, so that no code leaves uncounted; but not when that stream would
  // refuse.
  private async prepare(
    personId: string,
    add: Add,
    identity: string,
    { clientLocale }: RequestContext,
    context: CommandContext,
  ): Promise<void> {
    await this.languages.learn(personId, clientLocale, context);
    const { state: user } = await this.users.load(personId);
    if (userDecider.decide(add, user).length === 0) return;
    const { endpointId, kind, at } = add;
    await this.counts.count({ personId, user, endpointId, kind, identity, at }, context);
  }
}
