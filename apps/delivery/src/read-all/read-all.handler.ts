import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, noFields, ReadAllReply, Reply } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, parsePosition } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { InboxItemStore } from '../inbox-item.store';

/** How many messages one call marks, the newest first. Each is a stream of its own, so this bounds the work of a call. */
export const readAllMax = 200;
/** How many of them are written at once. */
const writesAtOnce = 8;

/**
 * A person marks everything as read. The list may be behind: messages that came in meanwhile stay unread and are
 * reported as such.
 */
@Controller()
@Requires('user')
export class ReadAllHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.readAll)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ReadAllReply>> {
    await this.readModel.waitForPosition(request.position);
    const found = await this.database.query<{ item_id: string; total: number }[]>(
      `select item_id, count(*) over ()::int as total from delivery.inbox
       where person_id = $1 and filed_at is not null and read_at is null and archived_at is null
       order by place desc, item_id desc limit ${readAllMax}`,
      [personId],
    );
    const read = { type: 'Read', at: this.clock.now() } as const;
    let position: string | undefined;
    for (let index = 0; index < found.length; index += writesAtOnce) {
      const written = await Promise.all(
        found
          .slice(index, index + writesAtOnce)
          .map(({ item_id }) => this.items.execute(item_id, read, stepContext(context, item_id))),
      );
      for (const one of written) position = laterOf(position, one.position);
    }
    const [{ total } = { total: 0 }] = found;
    return replyTo({ position }, { read: found.length, unread: total - found.length });
  }
}

function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return parsePosition(one).position > parsePosition(other).position ? one : other;
}
