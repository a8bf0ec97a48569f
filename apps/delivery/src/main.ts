import { bootstrap, runMain, RunningService } from '@hark/service';
import { retentionRows } from './clear-old/retention.projection';
import { AcknowledgePushReactor } from './deliver-push/acknowledge-push.reactor';
import { collapses } from './deliver-push/collapses.projection';
import { DeliverFiredReactor } from './deliver-push/deliver-fired.reactor';
import { DeliverOnTimeReactor } from './deliver-push/deliver-on-time.reactor';
import { DeliverPushReactor } from './deliver-push/deliver-push.reactor';
import { DeliverySchedule } from './deliver-push/delivery.schedule';
import { digestRows } from './deliver-push/digests.projection';
import { dueRows } from './deliver-push/due-rows.projection';
import { RemindReactor } from './deliver-push/remind.reactor';
import { ResumeDeliveryReactor } from './deliver-push/resume-delivery.reactor';
import { TakeBackReactor } from './deliver-push/take-back.reactor';
import { DeliveryModule } from './delivery.module';
import { FileNoticeReactor } from './file-notice/file-notice.reactor';
import { TellAppDeletedReactor } from './file-notice/tell-app-deleted.reactor';
import { TellAppTransferredReactor } from './file-notice/tell-app-transferred.reactor';
import { TellElsewhereReactor } from './file-notice/tell-elsewhere.reactor';
import { TellOwnerReactor } from './file-notice/tell-owner.reactor';
import { TellReplacedReactor } from './file-notice/tell-replaced.reactor';
import { appNames } from './list-inbox/app-names.projection';
import { bindingNames } from './list-inbox/binding-names.projection';
import { inboxRows } from './list-inbox/inbox-rows.projection';
import { CreateInbox1795000000001 } from './migrations/1-create-inbox.migration';
import { CreateDue1795800000001 } from './migrations/2-create-due.migration';
import { InboxByPlace1795800000002 } from './migrations/3-inbox-by-place.migration';
import { NamesOfApps1796000000001 } from './migrations/4-names-of-apps.migration';
import { MarksOfItems1796100000011 } from './migrations/5-marks-of-items.migration';
import { EditedItems1796100000012 } from './migrations/6-edited-items.migration';
import { ThreadsOfItems1796100000030 } from './migrations/7-threads-of-items.migration';
import { Retention1796100000056 } from './migrations/56-retention.migration';
import { ChangesOfItems1796200000057 } from './migrations/57-changes-of-items.migration';
import { Collapses1796200000058 } from './migrations/58-collapses.migration';
import { Digests1796400000066 } from './migrations/66-digests.migration';
import { GoneItems1796500000086 } from './migrations/86-gone-items.migration';
import { ForgottenItems1796600000088 } from './migrations/88-forgotten-items.migration';
import { states } from './states.config';

/** Starts the delivery service: decides what becomes of a push, fills the inbox, sends through the channels. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'delivery',
      module: DeliveryModule,
      states,
      projections: [inboxRows, appNames, bindingNames, retentionRows, dueRows, collapses, digestRows],
      migrations: [
        CreateInbox1795000000001,
        CreateDue1795800000001,
        InboxByPlace1795800000002,
        NamesOfApps1796000000001,
        MarksOfItems1796100000011,
        ThreadsOfItems1796100000030,
        Retention1796100000056,
        EditedItems1796100000012,
        ChangesOfItems1796200000057,
        Collapses1796200000058,
        Digests1796400000066,
        GoneItems1796500000086,
        ForgottenItems1796600000088,
      ],
      reactors: [
        DeliverPushReactor,
        DeliverOnTimeReactor,
        DeliverFiredReactor,
        ResumeDeliveryReactor,
        TakeBackReactor,
        RemindReactor,
        AcknowledgePushReactor,
        FileNoticeReactor,
        TellElsewhereReactor,
        TellReplacedReactor,
        TellAppDeletedReactor,
        TellAppTransferredReactor,
        TellOwnerReactor,
      ],
      schedule: DeliverySchedule,
    },
    env,
  );

if (require.main === module) void runMain(start);
