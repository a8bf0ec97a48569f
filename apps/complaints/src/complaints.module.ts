import { Module } from '@nestjs/common';
import { AppealHandler } from './appeal/appeal.handler';
import { AppealDecisions } from './appeal/appeal-decisions.service';
import { GrantAppealHandler } from './appeal/grant-appeal.handler';
import { LiftPenaltyReactor } from './appeal/lift-penalty.reactor';
import { ListAppealsHandler } from './appeal/list-appeals.handler';
import { RefuseAppealHandler } from './appeal/refuse-appeal.handler';
import { AppsStore } from './apps.store';
import { ComplainHandler } from './complain/complain.handler';
import { ComplainByLinkHandler } from './complain/complain-by-link.handler';
import { ComplaintMaker } from './complain/complaint-maker';
import { ComplaintStore } from './complaint.store';
import { ComplaintCases } from './complaint-cases.service';
import { ComplaintLooks } from './complaint-looks.store';
import { ConfirmBanHandler } from './confirm-ban/confirm-ban.handler';
import { ListParkedHandler } from './deal-with-parked/list-parked.handler';
import { ReplayParkedHandler } from './deal-with-parked/replay-parked.handler';
import { DismissComplaintHandler } from './dismiss-complaint/dismiss-complaint.handler';
import { GetComplaintHandler } from './get-complaint/get-complaint.handler';
import { GetHealthHandler } from './get-health/get-health.handler';
import { GetStandingHandler } from './get-standing/get-standing.handler';
import { ListAuditHandler } from './list-audit/list-audit.handler';
import { ListBansHandler } from './list-bans/list-bans.handler';
import { CountCasesHandler } from './list-complaints/count-cases.handler';
import { ListComplaintsHandler } from './list-complaints/list-complaints.handler';
import { OpenStandingReactor } from './open-standing/open-standing.reactor';
import { OwnerDecisions } from './owner-decisions.service';
import { PenalizeOwnerReactor } from './penalize-owner/penalize-owner.reactor';
import { Penalties } from './penalties.service';
import { PushesStore } from './pushes.store';
import { ReadAppHandler } from './read-app/read-app.handler';
import { ReadStateHandler } from './read-state/read-state.handler';
import { ReinstateOwnerHandler } from './reinstate-owner/reinstate-owner.handler';
import { RejectBanHandler } from './reject-ban/reject-ban.handler';
import { StandingStore } from './standing.store';
import { StandingViews } from './standing-views.service';
import { UpholdComplaintHandler } from './uphold-complaint/uphold-complaint.handler';

@Module({
  controllers: [
    ComplainHandler,
    ComplainByLinkHandler,
    ListComplaintsHandler,
    CountCasesHandler,
    GetComplaintHandler,
    UpholdComplaintHandler,
    DismissComplaintHandler,
    AppealHandler,
    ListAppealsHandler,
    GrantAppealHandler,
    RefuseAppealHandler,
    GetStandingHandler,
    ReadAppHandler,
    ReinstateOwnerHandler,
    ListBansHandler,
    ListAuditHandler,
    ReadStateHandler,
    GetHealthHandler,
    ListParkedHandler,
    ReplayParkedHandler,
    ConfirmBanHandler,
    RejectBanHandler,
  ],
  providers: [
    ComplaintMaker,
    ComplaintStore,
    StandingStore,
    PushesStore,
    AppsStore,
    ComplaintCases,
    ComplaintLooks,
    StandingViews,
    Penalties,
    OwnerDecisions,
    AppealDecisions,
    PenalizeOwnerReactor,
    LiftPenaltyReactor,
    OpenStandingReactor,
  ],
})
export class ComplaintsModule {}
