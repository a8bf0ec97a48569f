import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { deliverySubjects, noFields, ReadAllReply, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { InboxMarks } from '../inbox-marks.service';

/**
 * A person marks everything as read. The list may be behind: messages that came in meanwhile stay unread and are
 * reported as such.
 */
@Controller()
@Requires('user')
export class ReadAllHandler {
  constructor(
    private readonly readModel: ReadModel,
    private readonly marks: InboxMarks,
  ) {}

  @MessagePattern(deliverySubjects.readAll)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ReadAllReply>> {
    await this.readModel.waitForPosition(request.position);
    const { ids, left, position } = await this.marks.markThose({ personId, archived: false }, 'Read', context);
    return replyTo({ position }, { read: ids.length, unread: left });
  }
}
