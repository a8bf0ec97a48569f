import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { deliverySubjects, inboxItemIdRequest, InboxItemView, Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { parseWithId, requireUser } from '@hark/service';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';

/** One message of the person's own inbox; anybody else's is answered like one that does not exist. */
@Controller()
export class GetInboxItemHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItems,
  ) {}

  @MessagePattern(deliverySubjects.getInboxItem)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<InboxItemView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { inboxItemId } = parseWithId(inboxItemIdRequest, body, 'inboxItemId', 'inbox.unknown');
    await this.readModel.waitForPosition(request.position);
    const [row] = await this.database.query<InboxItemRow[]>(
      `${selectInboxItems}
       where item_id = $1 and person_id = $2 and filed_at is not null`,
      [inboxItemId, personId],
    );
    if (!row) throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
    const [item] = await this.items.open([row]);
    return { body: item! };
  }
}
