import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { AppCardView, appIdRequest, authSubjects, Reply } from '@hark/contracts';
import { standingOwnerOf } from '@hark/gate';
import { Input, Requires } from '@hark/service';
import { AppStore } from '../app.store';
import { appCardView, knownApp } from '../domain/views';
import { Standings } from '../standings.store';

/** What the consent page shows: open to everybody. */
@Controller()
@Requires('anyone')
export class GetAppPublicHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly standings: Standings,
  ) {}

  @MessagePattern(authSubjects.getAppPublic)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
  ): Promise<Reply<AppCardView>> {
    const app = knownApp((await this.apps.load(appId)).state);
    return { body: appCardView(appId, app, await this.standings.statusOf(standingOwnerOf(appId, app))) };
  }
}
