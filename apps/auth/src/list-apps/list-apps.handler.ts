import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { AppView, authSubjects, Page, pageRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { appView } from '../domain/views';
import { AppRow } from './app-rows.projection';

const ownApps = { select: 'select * from auth.apps where owner_id = $1 and not deleted', id: 'app_id' };

/** The apps that the caller owns. */
@Controller()
@Requires('user')
export class ListAppsHandler {
  constructor(private readonly pages: Pages) {}

  @MessagePattern(authSubjects.listApps)
  async handle(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<AppView>>> {
    const { items: rows, nextCursor } = await this.pages.read<AppRow>(ownApps, [personId], { ...asked, position });
    return { body: { items: rows.map(({ app_id, facts }) => appView(app_id, facts, personId)), nextCursor } };
  }
}
