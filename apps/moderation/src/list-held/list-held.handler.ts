import {
  Answer,
  decodePlace,
  HeldView,
  limitDefault,
  listHeldRequest,
  moderationSubjects,
  Page,
  pageOf,
  parse,
} from '@hark/contracts';
import { requestContextOf } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { operatorOf } from '@hark/service';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { HeldTexts } from '../held-texts.store';
import { HeldRow } from './held-rows.projection';

/** The texts that wait for an operator, newest first. Each look opens what was sealed: it is to be audited. */
@Controller()
export class ListHeldHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly texts: HeldTexts,
  ) {}

  @MessagePattern(moderationSubjects.listHeld)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<Page<HeldView>>> {
    const request = requestContextOf(context);
    operatorOf(request);
    const { limit = limitDefault, cursor } = parse(listHeldRequest, body);
    const [place, pushId] = decodePlace(cursor);
    await this.readModel.caughtUp(request.position);
    const rows = await this.database.query<HeldRow[]>(
      `select * from moderation.held
       where decided is null and ($1::bigint is null or (place, push_id) < ($1, $2::uuid))
       order by place desc, push_id desc limit $3`,
      [place, pushId, limit + 1],
    );
    const page = pageOf(
      rows,
      limit,
      (row) => row,
      (row) => [String(row.place), row.push_id],
    );
    const texts = await this.texts.of(page.items.map((row) => row.push_id));
    const items = page.items.flatMap((row, index) => {
      const text = texts[index];
      return text ? [{ pushId: row.push_id, label: row.label, heldAt: row.held_at, ...text }] : [];
    });
    return { body: { items, nextCursor: page.nextCursor } };
  }
}
