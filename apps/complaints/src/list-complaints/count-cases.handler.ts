import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { CaseCount, complaintsSubjects, noFields, Reply, waitingMax } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';

/** How many complaints, appeals and proposed bans wait for an operator. Shows none of them, so it may be asked often: it is no look. */
@Controller()
@Requires('operator')
export class CountCasesHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.countCases)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<CaseCount>> {
    await this.readModel.waitForPosition(request.position);
    const [row] = await this.database.query<CaseCount[]>(
      `select
         (select count(*)::int from (select 1 from complaints.complaints where status = 'open' limit ${waitingMax}) open)
           as complaints,
         (select count(*)::int from (select 1 from complaints.complaints where appeal = 'open' limit ${waitingMax}) open)
           as appeals,
         (select count(*)::int from (select 1 from complaints.bans where lapses_at > $1 limit ${waitingMax}) waiting)
           as bans`,
      [this.clock.now()],
    );
    const { complaints, appeals, bans } = row!;
    return { body: { complaints, appeals, bans } };
  }
}
