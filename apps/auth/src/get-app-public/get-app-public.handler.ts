import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { appIdRequest, AppPublicView, authSubjects } from '@hark/contracts';
import { Answer } from '@hark/nats';
import { parseNamed } from '@hark/service';
import { AppStore } from '../app.store';
import { appPublicView, knownApp } from '../domain/views';

/** What the consent page shows: open to everybody. */
@Controller()
export class GetAppPublicHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getAppPublic)
  async handle(@Payload() body: unknown): Promise<Answer<AppPublicView>> {
    const { appId } = parseNamed(appIdRequest, body, 'appId', 'app.unknown');
    return { body: appPublicView(appId, knownApp((await this.apps.load(appId)).state)) };
  }
}
