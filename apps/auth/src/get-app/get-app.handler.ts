import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { appIdRequest, AppView, authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { parseWithId, requireUser } from '@hark/service';
import { AppStore } from '../app.store';
import { appView, knownApp } from '../domain/views';

@Controller()
export class GetAppHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getApp)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<AppView>> {
    const personId = requireUser(requestContextOf(context));
    const { appId } = parseWithId(appIdRequest, body, 'appId', 'app.unknown');
    const app = knownApp((await this.apps.load(appId)).state);
    if (app.ownerId !== personId) throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    return { body: appView(appId, app, personId) };
  }
}
