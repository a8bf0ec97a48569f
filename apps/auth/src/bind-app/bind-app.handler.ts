import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { aadOf, authSubjects, BindReply, bindRequest, parse, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { claimCommand, type CommandContext, EventStore } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext, RequestContext } from '@hark/nats';
import { CommandCtx, Keys, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { BindTarget, BindTargets } from '../bind-targets.store';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { ConsentTerms } from '../consent-terms.service';
import { consentIdOf } from '../domain/auth-ids';
import { TextJudge } from '../text-judge.service';
import { UserStore } from '../user.store';

/** Binds an app that the person's client names, or the mini program they came from. Again, it gives a new key and the old one dies. */
@Controller()
@Requires('user')
export class BindAppHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly targets: BindTargets,
    private readonly names: AppNames,
    private readonly judge: TextJudge,
    private readonly apps: AppStore,
    private readonly terms: ConsentTerms,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly eventStore: EventStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.bind)
  async handle(
    @Payload() body: unknown,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<BindReply>> {
    const asked = parse(bindRequest.options[isRegisteredWay(body) ? 1 : 0], body);
    const { state: user } = await this.users.load(personId);
    if (!user.registered || user.erased)
      throw new HarkError('refused', 'session.invalid', 'nobody is registered under this id');

    const target = await this.targets.find(asked, personId);
    const { appId, bindingId } = target;
    const appName = 'appName' in asked ? await this.namedFor(target, asked.appName, request) : undefined;
    const { state: app } = await this.apps.load(appId);
    const facts = this.terms.factsOf(app, { ...(appName && { appName: appName.name }) });
    const agreed = this.terms.agreed(facts, asked.termsHash, request.locale);
    await claimCommand(this.eventStore, context, this.clock.now());
    // A repeat of what was answered is answered the same, whoever the app has confirmed since.
    if (!(await this.bindings.repeatOf(bindingId, context))) await this.targets.prepare(target, context);
    // Both derive from the command, so a repeat names the same consent and answers with the same key.
    const key = issueCredential('key', bindingId, context.commandId, this.keys.secrets);
    const consentId = consentIdOf(bindingId, context.commandId);
    const executed = await this.bindings.execute(
      bindingId,
      {
        type: 'Bind',
        personId,
        appId,
        openid: await this.vault.seal(personId, asked.openid, aadOf.openid(bindingId)),
        consentId,
        keyHash: hashCredential(key),
        wording: await this.terms.wording(agreed, personId, bindingId),
        appBlocked: user.blockedApps.includes(appId),
        renews: target.binding.is === 'active',
        at: this.clock.now(),
        ...(asked.level && { level: asked.level }),
        ...(appName && {
          appName: appName.sealed ?? (await this.vault.seal(personId, appName.name, aadOf.appName(bindingId))),
        }),
      },
      context,
    );
    const binding = await this.replies.view(bindingId, personId, executed.state);
    return replyTo(executed, { key, bind: true, errMsg: '', binding });
  }

  /**
   * The name that the person's client gives the app, after moderation; a name that the binding already has was judged
   * before, and stays sealed as it is.
   */
  private async namedFor(
    { bindingId, binding }: BindTarget,
    appName: string,
    request: RequestContext,
  ): Promise<{ name: string; sealed?: string }> {
    const name = await this.names.checked(appName, 'appName');
    const had = binding.is === 'active' ? binding.appName : undefined;
    if (had !== undefined && (await this.vault.openOrClear(had, aadOf.appName(bindingId))) === name)
      return { name, sealed: had };
    await this.judge.passed({ appName: name }, request);
    return { name };
  }
}

const isRegisteredWay = (body: unknown): boolean => typeof body === 'object' && body !== null && 'appId' in body;
