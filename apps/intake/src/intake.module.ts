import { Module } from '@nestjs/common';
import { WrongKeys } from '@hark/service';
import { PushHandler } from './accept-push/push.handler';
import { PushAcceptance } from './accept-push/push-acceptance';
import { PushBatchHandler } from './accept-push/push-batch.handler';
import { ConsentStore } from './consent.store';
import { EditPushHandler } from './edit-push/edit-push.handler';
import { InboxPlaces } from './edit-push/inbox-places';
import { EscalatePushReactor } from './escalate-push/escalate-push.reactor';
import { EscalatedPushes } from './escalated-pushes.service';
import { Escalations } from './escalations.service';
import { IntakeSchedule } from './fire-push/intake.schedule';
import { GetPushHandler } from './get-push/get-push.handler';
import { ListPushesHandler } from './list-pushes/list-pushes.handler';
import { MessageStore } from './message.store';
import { PreviewPushHandler } from './preview-push/preview-push.handler';
import { PushRates } from './push-rates.service';
import { PushSummaries } from './push-summaries.read-model';
import { PushTexts } from './push-texts.service';
import { RecallPushHandler } from './recall-push/recall-push.handler';
import { Recipients } from './recipients.service';
import { Senders } from './senders.service';
import { TellPushesHandler } from './tell-pushes/tell-pushes.handler';
import { PushChangesHandler } from './watch-pushes/push-changes.handler';
import { PushNotices } from './watch-pushes/push-notices';

@Module({
  controllers: [
    PushHandler,
    PushBatchHandler,
    GetPushHandler,
    ListPushesHandler,
    TellPushesHandler,
    PushChangesHandler,
    EditPushHandler,
    RecallPushHandler,
    PreviewPushHandler,
  ],
  providers: [
    PushAcceptance,
    PushRates,
    WrongKeys,
    PushTexts,
    Recipients,
    InboxPlaces,
    MessageStore,
    ConsentStore,
    Senders,
    PushSummaries,
    PushNotices,
    IntakeSchedule,
    Escalations,
    EscalatedPushes,
    EscalatePushReactor,
  ],
})
export class IntakeModule {}
