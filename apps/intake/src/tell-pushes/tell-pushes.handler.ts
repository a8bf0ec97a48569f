import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { intakeSubjects, PushStatus, Reply, tellPushesRequest, ToldPushes } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { wordsFor } from '../domain/push-words';

const latestMax = 20;
/** As far as the pushes of the window are counted. */
const pushesMax = 100_000;

interface Row {
  readonly push_id: string;
  readonly status: PushStatus;
  readonly reason: string | null;
  readonly pushed_at: string;
}

/** How much an app pushed since then, to how many, and its latest pushes: for a service that shows it to operators. No text. */
@Controller()
@Requires('service')
export class TellPushesHandler {
  constructor(private readonly database: DataSource) {}

  @MessagePattern(intakeSubjects.tellPushes)
  async handle(
    @Input(tellPushesRequest, { appId: 'app.unknown' }) { appId, since }: z.infer<typeof tellPushesRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ToldPushes>> {
    const [[counted], latest] = await Promise.all([
      this.database.query<{ pushes: number; recipients: number }[]>(
        `select count(*)::int as pushes, count(distinct binding_id)::int as recipients
         from (select binding_id from intake.pushes where app_id = $1 and pushed_at >= $2
               order by pushed_at desc limit ${pushesMax}) counted`,
        [appId, since],
      ),
      this.database.query<Row[]>(
        `select push_id, status, reason, pushed_at from intake.pushes
         where app_id = $1 order by place desc, push_id desc limit ${latestMax}`,
        [appId],
      ),
    ]);
    return {
      body: {
        ...counted!,
        latest: latest.map(({ push_id: id, status, reason, pushed_at: pushedAt }) => ({
          id,
          status,
          ...(reason !== null && { reason }),
          ...wordsFor(status, reason, request.locale),
          pushedAt,
        })),
      },
    };
  }
}
