import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { changesMax, intakeSubjects, PushChanges, pushChangesRequest, Reply } from '@hark/contracts';
import { parsePosition, positionToken } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { Input, Requires } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { pushesProjection, PushSummaries, PushSummaryRow, selectPushSummaries } from '../push-summaries.read-model';
import { Senders } from '../senders.service';

type Changed = PushSummaryRow & { readonly changed_position: string };

/**
 * What became of an app's pushes after a position, oldest first, each push once with how it is now; with a binding key only
 * of that binding. The source of `GET /v1/pushes/stream`.
 */
@Controller()
@Requires('credential')
export class PushChangesHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly summaries: PushSummaries,
  ) {}

  @MessagePattern(intakeSubjects.pushChanges)
  async handle(
    @Input(pushChangesRequest) { credential, after, limit = changesMax }: z.infer<typeof pushChangesRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushChanges>> {
    const { appId, binding } = await this.senders.prove(credential, undefined, this.consent.present());
    await this.readModel.waitForPosition(request.position);
    if (after === undefined) {
      const now = (await this.readModel.positions()).get(pushesProjection)!;
      return { body: { topic: appId, next: token(now < 0n ? 0n : now), changes: [] } };
    }
    await this.readModel.waitForPosition(after);
    const rows = await this.database.query<Changed[]>(
      `${selectPushSummaries} where ${binding ? 'binding_id' : 'app_id'} = $1 and changed_position > $2
       order by changed_position limit $3`,
      [binding?.id ?? appId, parsePosition(after).position.toString(), limit],
    );
    const summaries = await this.summaries.open(rows, request.locale);
    const changes = rows.map(({ changed_position }, index) => ({
      event: 'status' as const,
      position: token(BigInt(changed_position)),
      data: summaries[index]!,
    }));
    return { body: { topic: appId, next: changes.at(-1)?.position ?? after, changes } };
  }
}

const token = (position: bigint): string => positionToken(position, 'message');
