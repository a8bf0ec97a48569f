import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, findAppsRequest, FoundApp, Page, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { foundAppOf, FoundAppRow } from '../found-app.read-model';

/** An id is compared as text: what was typed need not be one. */
const sought: ListQuery = {
  select: `select * from auth.apps
    where $1 = '' or app_id::text = lower($1) or owner_id::text = lower($1) or position(lower($1) in lower(name)) > 0`,
  id: 'app_id',
};

/** Apps by id, by owner or by a part of the name, newest first, for operators: deleted ones too. */
@Controller()
@Requires('operator')
export class FindAppsHandler {
  constructor(private readonly pages: Pages) {}

  @MessagePattern(authSubjects.findApps)
  async handle(
    @Input(findAppsRequest) { search = '', ...asked }: z.infer<typeof findAppsRequest>,
    @Ctx() { request: { position } }: HarkContext,
  ): Promise<Reply<Page<FoundApp>>> {
    const { items, nextCursor } = await this.pages.read<FoundAppRow>(sought, [search.trim()], { ...asked, position });
    return { body: { items: items.map(foundAppOf), nextCursor } };
  }
}
