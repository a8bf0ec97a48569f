import { Injectable } from '@nestjs/common';
import { Reply, StandingView } from '@hark/contracts';
import { CommandContext } from '@hark/eventstore';
import { standingOwnerOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { replyTo } from '@hark/service';
import { AppsStore } from './apps.store';
import { StandingStore } from './standing.store';
import { StandingViews } from './standing-views.service';

/** An operator's decision about the owner who answers for an app. */
export type OwnerDecision = { readonly operatorId: string; readonly note?: string } & (
  { readonly type: 'ConfirmBan' | 'RejectBan' } | { readonly type: 'Reinstate'; readonly points?: number }
);

/** Carries out operators' decisions about owners. */
@Injectable()
export class OwnerDecisions {
  constructor(
    private readonly apps: AppsStore,
    private readonly standings: StandingStore,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  /** Returns the owner's standing after it. Throws `app.unknown` when there is no such app. */
  async make(appId: string, decision: OwnerDecision, context: CommandContext): Promise<Reply<StandingView>> {
    const ownerId = standingOwnerOf(appId, await this.apps.registered(appId));
    const complainantIds = await this.standings.complainantsOf(ownerId);
    const command = { ...decision, ownerId, complainantIds, at: this.clock.now() };
    const executed = await this.standings.execute(ownerId, command, context);
    return replyTo(executed, await this.views.of(ownerId));
  }
}
