import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, RegisterAppReply, registerAppRequest, Reply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Keys, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { CallbackAddresses } from '../callback-addresses.service';
import { callbackSecretIdOf, callbackSecretOf } from '../domain/auth-ids';
import { appView, knownApp } from '../domain/views';
import { TextJudge } from '../text-judge.service';
import { UserStore } from '../user.store';

/** Registers an app of the caller and shows its secret, once. Its name and description are judged before. */
@Controller()
@Requires('user')
export class RegisterAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly users: UserStore,
    private readonly names: AppNames,
    private readonly addresses: CallbackAddresses,
    private readonly judge: TextJudge,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.registerApp)
  async handle(
    @Input(registerAppRequest) { redirectUris, callbackUrl, wechatAppId, ...texts }: z.infer<typeof registerAppRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<RegisterAppReply>> {
    if ((await this.users.load(ownerId)).state.erased)
      throw new HarkError('refused', 'session.invalid', 'the person has been erased');
    if (callbackUrl !== undefined) this.addresses.assertAllowed(callbackUrl);
    const appId = context.commandId;
    // A repeat gets its first answer, even if the rules for names have changed since.
    const known = (await this.apps.load(appId)).state.is === 'registered';
    const name = known ? texts.name : await this.names.checked(texts.name);
    if (!known) await this.judge.passed({ ...texts, name }, request);
    const secret = issueCredential('app', appId, context.commandId, this.keys.secrets);
    const callbackSecretId = callbackSecretIdOf(context.commandId);
    const executed = await this.apps.execute(
      appId,
      {
        type: 'Register',
        ...texts,
        ownerId,
        name,
        ...(wechatAppId !== undefined && { wechatAppIdWished: wechatAppId }),
        redirectUris: [...new Set(redirectUris)],
        ...(callbackUrl !== undefined && { callbackUrl, callbackSecretId }),
        secretHash: hashCredential(secret),
        at: this.clock.now(),
      },
      { ...context, creates: true },
    );
    return replyTo(executed, {
      app: appView(appId, knownApp(executed.state), ownerId),
      secret,
      ...(callbackUrl !== undefined && {
        callbackSecret: callbackSecretOf(appId, callbackSecretId, this.keys.secrets),
      }),
    });
  }
}
