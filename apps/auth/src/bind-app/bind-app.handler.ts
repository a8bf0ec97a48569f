import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { aadOf, authSubjects, BindReply, bindRequest, parse } from '@hark/contracts';
import { stepContext, Vault } from '@hark/eventstore';
import { bindingIdOf, hashCredential, issueCredential, isUnproven, openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, Keys, personOf } from '@hark/service';
import { AppNames } from '../app-names.read-model';
import { AppStore } from '../app.store';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';
import { consentIdOf, miniProgramAppIdOf, otherMiniProgramAppIdOf } from '../domain/auth-ids';
import { bindingDecider } from '../domain/binding.decider';
import { knownApp } from '../domain/views';
import { OpenidStore } from '../openid.store';
import { PastStore } from '../past.store';
import { UserStore } from '../user.store';

type Command = ReturnType<typeof commandOf>;

@Controller()
export class BindAppHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly openids: OpenidStore,
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly users: UserStore,
    private readonly answers: BindingAnswers,
    private readonly past: PastStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.bind)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindReply>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const asked = parse(bindRequest.options[isRegisteredWay(body) ? 1 : 0], body);
    const command = commandOf(request);
    const { state: person } = await this.users.load(personId);
    if (!person.registered) throw new HarkError('refused', 'session.invalid', 'nobody is registered under this id');

    const appName = 'appName' in asked ? await this.names.checked(asked.appName) : undefined;
    const appId = await this.appOf(asked, command);
    const bindingId = await this.bindingOf(personId, appId, asked.openid, command);
    // Both follow from the command: a repeat names the same consent and answers the same key.
    const key = issueCredential('key', bindingId, request.commandId, this.keys.secrets);
    const consentId = consentIdOf(bindingId, request.commandId);
    const { state, position, replayed } = await this.bindings.execute(
      bindingId,
      {
        type: 'Bind',
        personId,
        appId,
        openid: await this.vault.seal(personId, asked.openid, aadOf.openid(bindingId)),
        consentId,
        keyHash: hashCredential(key),
        appBlocked: person.blockedApps.includes(appId),
        at: this.clock.now(),
        ...(asked.level && { level: asked.level }),
        ...(appName !== undefined && { appName }),
      },
      command,
    );
    const then = replayed ? await this.past.stateAfter('binding', bindingId, bindingDecider, request.commandId) : state;
    const { body: binding } = await this.answers.answer(bindingId, personId, { state: then });
    return {
      body: { key, bind: true, errMsg: '', binding },
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }

  private async appOf(asked: Asked, command: Command): Promise<string> {
    if ('appId' in asked) {
      knownApp((await this.apps.load(asked.appId)).state);
      return asked.appId;
    }
    const { wechatAppId } = asked;
    const first = miniProgramAppIdOf(wechatAppId);
    const { state } = await this.apps.load(first);
    // Whoever registered it without proof is not who the person means.
    const appId = state.is === 'registered' && isUnproven(state) ? otherMiniProgramAppIdOf(wechatAppId) : first;
    if ((await this.apps.load(appId)).state.is === 'registered') return appId;
    const discover = { type: 'Discover', wechatAppId, at: this.clock.now() } as const;
    await this.apps.execute(appId, discover, stepContext(command, 'discover-app'));
    return appId;
  }

  /**
   * The binding of this person under the openid, also one of an old log, whose id was the openid's. A consent that is new
   * claims the openid; whether somebody else has claimed it too is not the person's to learn.
   */
  private async bindingOf(personId: string, appId: string, openid: string, command: Command): Promise<string> {
    const openidId = openidIdOf(appId, openid);
    const { state: old } = await this.bindings.load(openidId);
    const bindingId =
      old.is !== 'absent' && old.personId === personId ? openidId : bindingIdOf(appId, openid, personId);
    const { state } = bindingId === openidId ? { state: old } : await this.bindings.load(bindingId);
    if (state.is !== 'active') {
      const claim = { type: 'Claim', appId, at: this.clock.now() } as const;
      await this.openids.execute(openidId, claim, stepContext(command, 'claim-openid'));
    }
    return bindingId;
  }
}

type Asked = ReturnType<(typeof bindRequest)['parse']>;

const isRegisteredWay = (body: unknown): boolean => typeof body === 'object' && body !== null && 'appId' in body;
