import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { HeldCount, moderationSubjects, noFields, Reply, waitingMax } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';

/** How many texts wait for an operator. Shows none of them, so it may be asked often: it is no look. */
@Controller()
@Requires('operator')
export class CountHeldHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  @MessagePattern(moderationSubjects.countHeld)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<HeldCount>> {
    await this.readModel.waitForPosition(request.position);
    const [row] = await this.database.query<HeldCount[]>(
      `select count(*)::int as waiting
         from (select 1 from moderation.reviews where status = 'held' limit ${waitingMax}) held`,
    );
    return { body: { waiting: row!.waiting } };
  }
}
