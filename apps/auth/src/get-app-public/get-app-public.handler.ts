import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, AppPublicView, authSubjects, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { AppStore } from '../app.store';
import { appPublicView, knownApp } from '../domain/views';

/** What the consent page shows: open to everybody. */
@Controller()
@Requires('anyone')
export class GetAppPublicHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getAppPublic)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
  ): Promise<Reply<AppPublicView>> {
    return { body: appPublicView(appId, knownApp((await this.apps.load(appId)).state)) };
  }
}
