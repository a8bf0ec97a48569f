import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { appIdRequest, AppPublicView, authSubjects, parse } from '@hark/contracts';
import { Answer } from '@hark/nats';
import { AppStore } from '../app.store';
import { appPublicView, knownApp } from '../domain/views';

/** What the consent page shows: open to everybody. */
@Controller()
export class GetAppPublicHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getAppPublic)
  async handle(@Payload() body: unknown): Promise<Answer<AppPublicView>> {
    const { appId } = parse(appIdRequest, body);
    return { body: appPublicView(appId, knownApp((await this.apps.load(appId)).state)) };
  }
}
