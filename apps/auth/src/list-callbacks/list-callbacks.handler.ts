import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, CallbackView, listCallbacksRequest, Page, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf } from '../domain/views';
import { CallbackRow } from './callback-rows.projection';

type Listed = Omit<CallbackRow, 'retry_at' | 'happened_at'> & { retry_at: Date | null; happened_at: Date };

const callbacksOfApp = { select: 'select * from auth.callbacks where app_id = $1', id: 'callback_id' };

/** What was called at the app's callback address, and what came of it; for its owner. */
@Controller()
@Requires('user')
export class ListCallbacksHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly pages: Pages,
  ) {}

  @MessagePattern(authSubjects.listCallbacks)
  async handle(
    @Input(listCallbacksRequest, { appId: 'app.unknown' }) { appId, ...asked }: z.infer<typeof listCallbacksRequest>,
    @UserId() personId: string,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<CallbackView>>> {
    appOf(personId, (await this.apps.load(appId)).state);
    const { items, nextCursor } = await this.pages.read<Listed>(callbacksOfApp, [appId], { ...asked, position });
    return { body: { items: items.map(viewOf), nextCursor } };
  }
}

const viewOf = ({ callback_id: id, type, status, tries, retry_at, happened_at }: Listed): CallbackView => ({
  id,
  type,
  status,
  tries,
  ...(retry_at !== null && { retryAt: retry_at.toISOString() }),
  happenedAt: happened_at.toISOString(),
});
