import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  decodePlace,
  HeldView,
  limitDefault,
  listHeldRequest,
  moderationSubjects,
  Page,
  pageOf,
  Reply,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { HeldTexts } from '../held-texts.store';
import { ModerationLooks } from '../moderation-looks.store';
import { ReviewRow } from './review-rows.projection';

/** The texts that did not pass by themselves, by status, newest first. Each look decrypts texts, and is recorded. */
@Controller()
@Requires('operator')
export class ListHeldHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly texts: HeldTexts,
    private readonly looks: ModerationLooks,
  ) {}

  @MessagePattern(moderationSubjects.listHeld)
  async handle(
    @Input(listHeldRequest) { limit = limitDefault, cursor, status = 'held' }: z.infer<typeof listHeldRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<HeldView>>> {
    const [place, pushId] = decodePlace(cursor);
    await this.readModel.waitForPosition(request.position);
    const rows = await this.database.query<ReviewRow[]>(
      `select * from moderation.reviews
       where status = $1 and ($2::bigint is null or (place, push_id) < ($2, $3::uuid))
       order by place desc, push_id desc limit $4`,
      [status, place, pushId, limit + 1],
    );
    const page = pageOf(
      rows,
      limit,
      (row) => row,
      (row) => [String(row.place), row.push_id],
    );
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
