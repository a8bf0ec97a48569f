import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, parse, RegisterAppReply, registerAppRequest } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, Keys, personOf } from '@hark/service';
import { AppNames } from '../app-names.read-model';
import { AppStore } from '../app.store';
import { appView, knownApp } from '../domain/views';

@Controller()
export class RegisterAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.registerApp)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<RegisterAppReply>> {
    const request = requestContextOf(context);
    const ownerId = personOf(request);
    const { name, redirectUris = [], wechatAppId, ...rest } = parse(registerAppRequest, body);
    const appId = request.commandId;
    const secret = issueCredential('app', appId, request.commandId, this.keys.secrets);
    const { state, position, replayed } = await this.apps.execute(
      appId,
      {
        type: 'Register',
        ...rest,
        ownerId,
        name: await this.names.checked(name),
        ...(wechatAppId !== undefined && { wechatAppIdWished: wechatAppId }),
        redirectUris,
        secretHash: hashCredential(secret),
        at: this.clock.now(),
      },
      { ...commandOf(request), creates: true },
    );
    return {
      body: { app: appView(appId, knownApp(state), ownerId), secret },
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }
}
