import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, noFields, Reply, UnreadReply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { filterSql } from '../inbox-filter.read-model';

const appsMax = 200;

/** How much a person has not read, in all and of each app. Counted from the messages themselves, so it cannot drift. */
@Controller()
@Requires('user')
export class CountUnreadHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  @MessagePattern(deliverySubjects.countUnread)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<UnreadReply>> {
    await this.readModel.waitForPosition(request.position);
    const { where, values } = filterSql({ personId, unread: true, archived: false });
    const apps = await this.database.query<{ appId: string; unread: number; total: number }[]>(
      `select app_id as "appId", count(*)::int as unread, (sum(count(*)) over ())::int as total
         from delivery.inbox where ${where('inbox')} group by app_id order by count(*) desc, app_id limit ${appsMax}`,
      [...values],
    );
    return {
      body: { unread: apps[0]?.total ?? 0, apps: apps.map(({ appId, unread }) => ({ appId, unread })) },
    };
  }
}
