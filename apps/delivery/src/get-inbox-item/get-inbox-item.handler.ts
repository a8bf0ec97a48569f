import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, inboxItemIdRequest, InboxItemView, Reply } from '@hark/contracts';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { DeliveryStore } from '../delivery.store';
import { channelsTried } from '../domain/channels-tried';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';

/** One message of the person's own inbox; anybody else's is answered like one that does not exist. */
@Controller()
@Requires('user')
export class GetInboxItemHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItems,
    private readonly deliveries: DeliveryStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.getInboxItem)
  async handle(
    @Input(inboxItemIdRequest, { inboxItemId: 'inbox.unknown' }) { inboxItemId }: z.infer<typeof inboxItemIdRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<InboxItemView>> {
    await this.readModel.waitForPosition(request.position);
    const [row] = await this.database.query<InboxItemRow[]>(
      `${selectInboxItems}
       where item_id = $1 and person_id = $2 and filed_at is not null`,
      [inboxItemId, personId],
    );
    if (!row) throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
    const [[item], { state }] = await Promise.all([
      this.items.open(personId, [row]),
      this.deliveries.load(inboxItemId),
    ]);
    return { body: { ...item!, why: { ...item!.why, ...channelsTried(state, this.clock.now()) } } };
  }
}
