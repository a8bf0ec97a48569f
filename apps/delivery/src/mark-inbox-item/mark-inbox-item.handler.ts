import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { deliverySubjects, inboxItemIdRequest, InboxItemMark, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { InboxItemCommand } from '../domain/inbox-item.decider';
import { markOf } from '../domain/inbox-item-mark';
import { InboxItemStore } from '../inbox-item.store';

/** A person marks one of their messages: as read, as known, as put away, as kept; and takes back what can be. */
@Controller()
@Requires('user')
export class MarkInboxItemHandler {
  constructor(
    private readonly items: InboxItemStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.read)
  read(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Read', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.unread)
  unread(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Unread', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.acknowledge)
  acknowledge(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Acknowledge', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.archive)
  archive(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Archive', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.unarchive)
  unarchive(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Unarchive', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.keep)
  keep(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Keep', inboxItemId, personId, context);
  }

  @MessagePattern(deliverySubjects.unkeep)
  unkeep(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    return this.mark('Unkeep', inboxItemId, personId, context);
  }

  private async mark(
    type: Exclude<InboxItemCommand['type'], 'TakeAction' | 'Clear'>,
    inboxItemId: string,
    personId: string,
    context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    await this.items.assertOwn(inboxItemId, personId);
    const executed = await this.items.execute(inboxItemId, { type, at: this.clock.now() }, context);
    return replyTo(executed, markOf(inboxItemId, executed.state));
  }
}
