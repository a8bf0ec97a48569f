import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { authSubjects, Reply, tellAppRequest, ToldApp } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Input, Requires } from '@hark/service';
import { foundAppOf, FoundAppRow } from '../found-app.read-model';

const othersMax = 50;
/** As far as the bindings of an app are counted. */
const bindingsMax = 100_000;

/**
 * Whose an app is, which others that owner has, and how many people have it: for a service that shows it to operators. Throws
 * `not-found` `app.unknown`.
 */
@Controller()
@Requires('service')
export class TellAppHandler {
  constructor(private readonly database: DataSource) {}

  @MessagePattern(authSubjects.tellApp)
  async handle(
    @Input(tellAppRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof tellAppRequest>,
  ): Promise<Reply<ToldApp>> {
    const [app] = await this.database.query<FoundAppRow[]>('select * from auth.apps where app_id = $1', [appId]);
    if (!app) throw new HarkError('not-found', 'app.unknown', 'there is no such app');
    const [others, counts] = await Promise.all([
      this.database.query<FoundAppRow[]>(
        `select * from auth.apps where owner_id = $1 and app_id <> $2 order by place desc limit ${othersMax}`,
        [app.owner_id, appId],
      ),
      this.database.query<{ status: keyof ToldApp['bindings']; count: number }[]>(
        `select status, count(*)::int as count
         from (select status from auth.bindings where app_id = $1 order by place desc limit ${bindingsMax}) latest
         group by status`,
        [appId],
      ),
    ]);
    const { homepage, wechatAppId } = app.facts;
    return {
      body: {
        app: { ...foundAppOf(app), ...(homepage && { homepage }), ...(wechatAppId && { wechatAppId }) },
        others: others.map(foundAppOf),
        bindings: {
          active: 0,
          unbound: 0,
          blocked: 0,
          ...Object.fromEntries(counts.map(({ status, count }) => [status, count])),
        },
      },
    };
  }
}
