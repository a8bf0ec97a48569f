import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { deliverySubjects, InboxItemMark, Reply, takeActionRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { markOf } from '../domain/inbox-item-mark';
import { InboxItemStore } from '../inbox-item.store';
import { PushTexts } from '../push-texts.service';

/**
 * A person presses a button of one of their messages. The sender sees it in the push's timeline. The first time counts:
 * pressing again changes nothing.
 */
@Controller()
@Requires('user')
export class TakeActionHandler {
  constructor(
    private readonly items: InboxItemStore,
    private readonly texts: PushTexts,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.takeAction)
  async handle(
    @Input(takeActionRequest, { inboxItemId: 'inbox.unknown' })
    { inboxItemId, actionId }: z.infer<typeof takeActionRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<InboxItemMark>> {
    await this.items.assertOwn(inboxItemId, personId);
    const actions = (await this.texts.of(inboxItemId))?.actions ?? [];
    if (!actions.some(({ id }) => id === actionId)) {
      throw new HarkError('not-found', 'inbox.action-unknown', 'the message has no such action');
    }
    const command = { type: 'TakeAction', actionId, at: this.clock.now() } as const;
    const executed = await this.items.execute(inboxItemId, command, context);
    return replyTo(executed, markOf(inboxItemId, executed.state));
  }
}
