import { Injectable } from '@nestjs/common';
import { Reply, UpholdReply } from '@hark/contracts';
import { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { replyTo } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { Penalties } from '../penalties.service';
import { StandingViews } from '../standing-views.service';

/** An operator's decision on the appeal against the penalty for a complaint. */
export interface AppealDecision {
  readonly type: 'GrantAppeal' | 'RefuseAppeal';
  readonly complaintId: string;
  readonly operatorId: string;
  readonly note?: string;
}

/** Carries out operators' decisions on appeals: the first one wins, and a granted one lifts the penalty. */
@Injectable()
export class AppealDecisions {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly penalties: Penalties,
    private readonly cases: ComplaintCases,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  /** Returns the complaint and its owner's standing after it. */
  async make({ complaintId, ...decision }: AppealDecision, context: CommandContext): Promise<Reply<UpholdReply>> {
    const executed = await this.complaints.execute(
      complaintId,
      { ...decision, decisionId: context.commandId, at: this.clock.now() },
      context,
    );
    const { state } = executed;
    if (state.is !== 'upheld') throw new TypeError('a complaint whose appeal was decided is upheld');
    if (decision.type === 'GrantAppeal') await this.penalties.liftFor(complaintId);
    const [complaint, standing] = await Promise.all([
      this.cases.forOperator(complaintId, state),
      this.views.of(state.complained.ownerId),
    ]);
    return replyTo(executed, { complaint, standing });
  }
}
