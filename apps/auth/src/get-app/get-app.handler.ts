import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, AppView, authSubjects, Reply } from '@hark/contracts';
import { Input, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf, appView } from '../domain/views';

/** One app, for its owner; nobody else learns that it is there. */
@Controller()
@Requires('user')
export class GetAppHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getApp)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
  ): Promise<Reply<AppView>> {
    const app = appOf(personId, (await this.apps.load(appId)).state);
    return { body: appView(appId, app, personId) };
  }
}
