import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { intakeSubjects, listPushesRequest, Page, PushSummary, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Keys, Requires } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { threadHashOf } from '../domain/thread-hash';
import { PushSummaries, PushSummaryRow, selectPushSummaries } from '../push-summaries.read-model';
import { Senders } from '../senders.service';

/** What an app pushed, newest first; with a binding key only pushes of that binding. */
@Controller()
@Requires('credential')
export class ListPushesHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly pages: Pages,
    private readonly summaries: PushSummaries,
    private readonly keys: Keys,
  ) {}

  @MessagePattern(intakeSubjects.listPushes)
  async handle(
    @Input(listPushesRequest)
    { credential, thread, status, since, ...asked }: z.infer<typeof listPushesRequest>,
    @Ctx() { request: { position, locale } }: HarkContext,
  ): Promise<Reply<Page<PushSummary>>> {
    const { appId, binding } = await this.senders.prove(credential, undefined, this.consent.present());
    const filters: readonly (readonly [condition: string, value: string | undefined])[] = [
      ['app_id =', appId],
      ['binding_id =', binding?.id],
      ['thread_hash =', thread === undefined ? undefined : threadHashOf(appId, thread, this.keys.contentHash)],
      ['status =', status],
      ['pushed_at >=', since],
    ];
    const used = filters.filter(([, value]) => value !== undefined);
    const where = used.map(([condition], index) => `${condition} $${index + 1}`).join(' and ');
    const list = { select: `${selectPushSummaries} where ${where}`, id: 'push_id' };
    const values = used.map(([, value]) => value);
    const { items, nextCursor } = await this.pages.read<PushSummaryRow>(list, values, { ...asked, position });
    return { body: { items: await this.summaries.open(items, locale), nextCursor } };
  }
}
