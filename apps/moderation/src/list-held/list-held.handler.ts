import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { HeldView, listHeldRequest, moderationSubjects, Page, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { HeldTexts } from '../held-texts.store';
import { ModerationLooks } from '../moderation-looks.store';
import { ReviewRow } from './review-rows.projection';

const byStatus: ListQuery = { select: 'select * from moderation.reviews where status = $1', id: 'push_id' };

/** The texts that did not pass by themselves, by status, newest first unless asked otherwise. Each look decrypts texts, and is recorded. */
@Controller()
@Requires('operator')
export class ListHeldHandler {
  constructor(
    private readonly pages: Pages,
    private readonly texts: HeldTexts,
    private readonly looks: ModerationLooks,
  ) {}

  @MessagePattern(moderationSubjects.listHeld)
  async handle(
    @Input(listHeldRequest) { status = 'held', ...asked }: z.infer<typeof listHeldRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<HeldView>>> {
    const { position } = request;
    const page = await this.pages.read<ReviewRow>(byStatus, [status], { ...asked, position });
    const ids = page.items.map((row) => row.push_id);
    await this.looks.record(context, operatorId, ids);
    const texts = await this.texts.of(ids);
    const items = page.items.flatMap((row, index) => {
      const text = texts[index];
      return text ? [{ pushId: row.push_id, status, label: row.label, heldAt: row.held_at, ...text }] : [];
    });
    return { body: { items, nextCursor: page.nextCursor } };
  }
}
