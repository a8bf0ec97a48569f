import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, parse, RegisterAppReply, registerAppRequest } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, Keys, requireUser } from '@hark/service';
import { AppStore } from '../app.store';
import { AppNames } from '../app-names.read-model';
import { appView, knownApp } from '../domain/views';
import { TextJudge } from '../text-judge.service';

@Controller()
export class RegisterAppHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly names: AppNames,
    private readonly judge: TextJudge,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.registerApp)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<RegisterAppReply>> {
    const request = requestContextOf(context);
    const ownerId = requireUser(request);
    const { redirectUris, callbackUrl, wechatAppId, ...texts } = parse(registerAppRequest, body);
    refuseUnsupported({ callbackUrl, redirectUris: redirectUris?.[0] });
    const appId = request.commandId;
    // A repeat gets its first answer, even if the rules for names have changed since.
    const known = (await this.apps.load(appId)).state.is === 'registered';
    const name = known ? texts.name : await this.names.checked(texts.name);
    if (!known) await this.judge.passed({ ...texts, name }, request);
    const secret = issueCredential('app', appId, request.commandId, this.keys.secrets);
    const { state, position, replayed } = await this.apps.execute(
      appId,
      {
        type: 'Register',
        ...texts,
        ownerId,
        name,
        ...(wechatAppId !== undefined && { wechatAppIdWished: wechatAppId }),
        redirectUris: [],
        secretHash: hashCredential(secret),
        at: this.clock.now(),
      },
      { ...commandContext(request), creates: true },
    );
    return {
      body: { app: appView(appId, knownApp(state), ownerId), secret },
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }
}

/** Settings that would have no effect are refused, naming their fields. */
function refuseUnsupported(fields: Readonly<Record<string, unknown>>): void {
  const asked = Object.keys(fields).filter((field) => fields[field] !== undefined);
  if (asked.length === 0) return;
  throw new HarkError('refused', 'request.not-supported', 'the hub cannot do what these fields ask for', {
    errors: asked.map((path) => ({ path, message: 'has no effect on this hub yet: leave it out' })),
  });
}
