import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { deliverySubjects, inboxItemIdRequest, InboxItemMark, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { InboxItemStore } from '../inbox-item.store';

/** A person marks one of their messages as read, or as unread again. */
@Controller()
export class MarkInboxItemHandler {
  constructor(
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.read)
  read(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<InboxItemMark>> {
    return this.mark('Read', body, context);
  }

  @MessagePattern(deliverySubjects.unread)
  unread(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<InboxItemMark>> {
    return this.mark('Unread', body, context);
  }

  private async mark(type: 'Read' | 'Unread', body: unknown, context: NatsContext): Promise<Reply<InboxItemMark>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { inboxItemId } = parseWithId(inboxItemIdRequest, body, 'inboxItemId', 'inbox.unknown');
    await this.items.assertOwn(inboxItemId, personId);
    const mark = { type, at: this.clock.now() } as const;
    const { state, position } = await this.items.execute(inboxItemId, mark, commandContext(request));
    return {
      body: { id: inboxItemId, ...(state.readAt !== null && { readAt: state.readAt }) },
      ...(position && { position }),
    };
  }
}
