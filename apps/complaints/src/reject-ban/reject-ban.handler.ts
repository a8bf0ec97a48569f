import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, operatorOnAppRequest, Reply, StandingView } from '@hark/contracts';
import { standingOwnerOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { AppsStore } from '../apps.store';
import { StandingStore } from '../standing.store';
import { StandingViews } from '../standing-views.service';

/** An operator takes a proposed ban off: the owner is left with what else restricts it. */
@Controller()
export class RejectBanHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly standings: StandingStore,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.rejectBan)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<StandingView>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { appId, note } = parseWithId(operatorOnAppRequest, body, 'appId', 'app.unknown');
    const ownerId = standingOwnerOf(appId, await this.apps.registered(appId));
    const complainantIds = await this.standings.complainantsOf(ownerId);
    const { position, replayed } = await this.standings.execute(
      ownerId,
      {
        type: 'RejectBan',
        ownerId,
        operatorId,
        complainantIds,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      commandContext(request),
    );
    return { body: await this.views.of(ownerId), ...(position && { position }), ...(replayed && { replayed }) };
  }
}
