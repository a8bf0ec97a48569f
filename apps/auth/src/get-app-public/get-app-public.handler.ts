import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { appIdRequest, AppPublicView, authSubjects } from '@hark/contracts';
import { Reply } from '@hark/nats';
import { parseWithId } from '@hark/service';
import { AppStore } from '../app.store';
import { appPublicView, knownApp } from '../domain/views';

/** What the consent page shows: open to everybody. */
@Controller()
export class GetAppPublicHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getAppPublic)
  async handle(@Payload() body: unknown): Promise<Reply<AppPublicView>> {
    const { appId } = parseWithId(appIdRequest, body, 'appId', 'app.unknown');
    return { body: appPublicView(appId, knownApp((await this.apps.load(appId)).state)) };
  }
}
