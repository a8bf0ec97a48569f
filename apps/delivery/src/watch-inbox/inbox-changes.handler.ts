import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { changesMax, deliverySubjects, InboxChanges, inboxChangesRequest, Reply } from '@hark/contracts';
import { parsePosition, positionToken } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';
import { inboxProjection, InboxRow } from '../inbox-row.read-model';

/** A change of a row. */
type Change = InboxItemRow & { readonly at: string; readonly event: NonNullable<InboxRow['change']> };
/** One row at least, without a change where there is none. */
type Found = { readonly forgotten: string } & (Change | { readonly at: null });

/**
 * `filed` for each message that came after the position, and the last change of each that changed later than it came:
 * whoever was away for long gets every message, and each change once. One that came and was taken back meanwhile is not
 * told; at most, that something unknown is gone. Beside them, in the same look: up to where it is forgotten what has gone.
 */
const selectChanges = `select forgotten.position as forgotten, changes.* from delivery.forgotten left join (select * from (
    (select items.*, filed_position as at, 'filed' as event from (${selectInboxItems}) items
      where person_id = $1 and filed_position > $2 and filed_at is not null order by filed_position limit $3)
    union all
    (select items.*, changed_position as at, change as event from (${selectInboxItems}) items
      where person_id = $1 and changed_position > $2 and change is not null and changed_position is distinct from filed_position
        and (filed_at is not null or coalesce(filed_position, 0) <= $2) order by changed_position limit $3)
  ) all_changes order by at limit $3) changes on true order by at`;

/**
 * What happened in the person's inbox after a position, oldest first: the source of `GET /v1/inbox/stream`. Where it is
 * forgotten what has gone since, `reset` instead: who asks reads the list anew and goes on from now.
 */
@Controller()
@Requires('user')
export class InboxChangesHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItems,
  ) {}

  @MessagePattern(deliverySubjects.inboxChanges)
  async handle(
    @Input(inboxChangesRequest) { after, limit = changesMax }: z.infer<typeof inboxChangesRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<InboxChanges>> {
    await this.readModel.waitForPosition(request.position);
    if (after === undefined) {
      return { body: { topic: personId, next: await this.now(), changes: [] } };
    }
    await this.readModel.waitForPosition(after);
    const { position } = parsePosition(after);
    const found = await this.database.query<Found[]>(selectChanges, [personId, position.toString(), limit]);
    if (BigInt(found[0]!.forgotten) > position) {
      const next = await this.now();
      return { body: { topic: personId, next, changes: [{ event: 'reset', position: next, data: {} }] } };
    }
    const rows = found.filter((row): row is Found & Change => row.at !== null);
    const views = await this.items.open(
      personId,
      rows.filter(({ event }) => event !== 'recalled'),
    );
    const viewed = views.values();
    const changes = rows.map(({ at, event, item_id: id }) => {
      const place = token(BigInt(at));
      return event === 'recalled'
        ? { event, position: place, data: { id } }
        : { event, position: place, data: viewed.next().value! };
    });
    return { body: { topic: personId, next: changes.at(-1)?.position ?? after, changes } };
  }

  /** As far as the table has come. */
  private async now(): Promise<string> {
    const now = (await this.readModel.positions()).get(inboxProjection)!;
    return token(now < 0n ? 0n : now);
  }
}

const token = (position: bigint): string => positionToken(position, 'delivery');
