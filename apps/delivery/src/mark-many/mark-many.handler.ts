import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { deliverySubjects, manyMarks, MarkManyReply, markManyRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { InboxMarks, Mark } from '../inbox-marks.service';
import { Threads } from '../threads.service';

const marks: Readonly<Record<z.infer<typeof manyMarks>, Mark>> = {
  read: 'Read',
  unread: 'Unread',
  acknowledge: 'Acknowledge',
  archive: 'Archive',
  unarchive: 'Unarchive',
  keep: 'Keep',
  unkeep: 'Unkeep',
};

/** A person marks many of their messages at once: those they name, or those of a filter. */
@Controller()
@Requires('user')
export class MarkManyHandler {
  constructor(
    private readonly readModel: ReadModel,
    private readonly marks: InboxMarks,
    private readonly threads: Threads,
  ) {}

  @MessagePattern(deliverySubjects.markMany)
  async handle(
    @Input(markManyRequest) { mark, ids, where = {} }: z.infer<typeof markManyRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<MarkManyReply>> {
    await this.readModel.waitForPosition(request.position);
    if (ids) {
      const marked = await this.marks.markIds(personId, ids, marks[mark], context);
      const unknown = ids.filter((id) => !marked.ids.includes(id));
      return replyTo(marked, { marked: marked.ids.length, left: 0, ...(unknown.length > 0 && { unknown }) });
    }
    const { thread, ...rest } = where;
    const threadId = thread === undefined ? undefined : this.threads.idOf(personId, thread);
    const filter = { personId, archived: mark === 'unarchive', ...rest, threadId };
    const { ids: done, left, position } = await this.marks.markThose(filter, marks[mark], context);
    return replyTo({ position }, { marked: done.length, left });
  }
}
