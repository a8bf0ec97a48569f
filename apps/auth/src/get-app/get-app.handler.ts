import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, AppView, authSubjects, Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Input, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appView, knownApp } from '../domain/views';

@Controller()
@Requires('user')
export class GetAppHandler {
  constructor(private readonly apps: AppStore) {}

  @MessagePattern(authSubjects.getApp)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
  ): Promise<Reply<AppView>> {
    const app = knownApp((await this.apps.load(appId)).state);
    if (app.ownerId !== personId) throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    return { body: appView(appId, app, personId) };
  }
}
