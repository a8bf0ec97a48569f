import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { AppView, authSubjects, offerTransferRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { appOf, appView, knownUser } from '../domain/views';
import { Standings } from '../standings.store';
import { UserStore } from '../user.store';

/** Offers an app to another person. A new offer replaces the one before. */
@Controller()
@Requires('user')
export class OfferTransferHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly users: UserStore,
    private readonly standings: Standings,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.offerTransfer)
  async handle(
    @Input(offerTransferRequest, { appId: 'app.unknown' }) { appId, to: toId }: z.infer<typeof offerTransferRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<AppView>> {
    appOf(ownerId, (await this.apps.load(appId)).state);
    knownUser((await this.users.load(toId)).state);
    const isUnburdened = await this.standings.isUnburdened(ownerId);
    const offer = { type: 'OfferTransfer', ownerId, toId, isUnburdened, at: this.clock.now() } as const;
    const executed = await this.apps.execute(appId, offer, context);
    return replyTo(executed, appView(appId, appOf(ownerId, executed.state), ownerId));
  }
}
