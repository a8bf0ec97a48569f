import { Answer, complaintsSubjects, reinstateRequest, StandingView } from '@hark/contracts';
import { standingOwnerOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandOf, operatorOf, parseNamed } from '@hark/service';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { AppsStore } from '../apps.store';
import { StandingViews } from '../standing-views.read-model';
import { StandingStore } from '../standing.store';

/** An operator lifts what restricts an app owner, and gives back the points that keep it lifted. */
@Controller()
export class ReinstateOwnerHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly standings: StandingStore,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.reinstate)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<StandingView>> {
    const request = requestContextOf(context);
    const operatorId = operatorOf(request);
    const { appId, note, points } = parseNamed(reinstateRequest, body, 'appId', 'app.unknown');
    const ownerId = standingOwnerOf(appId, await this.apps.registered(appId));
    const complainantIds = await this.standings.complainantsOf(ownerId);
    const { position, replayed } = await this.standings.execute(
      ownerId,
      {
        type: 'Reinstate',
        ownerId,
        operatorId,
        complainantIds,
        ...(note !== undefined && { note }),
        ...(points !== undefined && { points }),
        at: this.clock.now(),
      },
      commandOf(request),
    );
    return { body: await this.views.of(ownerId), ...(position && { position }), ...(replayed && { replayed }) };
  }
}
