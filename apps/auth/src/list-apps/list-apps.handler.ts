import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { AppView, authSubjects, Page, pageRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { wechatAppIdView } from '../domain/views';
import { AppRow } from './app-rows.projection';

type Listed = Omit<AppRow, 'created_at'> & { created_at: Date };

const ownApps = { select: 'select * from auth.apps where owner_id = $1', id: 'app_id' };

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
    const { items: rows, nextCursor } = await this.pages.read<Listed>(ownApps, [personId], { ...asked, position });
    return { body: { items: rows.map((row) => viewOf(row, personId)), nextCursor } };
  }
}

const viewOf = (row: Listed, ownerId: string): AppView => ({
  id: row.app_id,
  name: row.name,
  ownerId,
  verified: row.verified,
  redirectUris: row.redirect_uris,
  createdAt: row.created_at.toISOString(),
  ...(row.description !== null && { description: row.description }),
  ...(row.homepage !== null && { homepage: row.homepage }),
  ...wechatAppIdView(row.wechat_app_id ?? undefined),
  ...(row.callback_url !== null && { callbackUrl: row.callback_url }),
});
