import { Module } from '@nestjs/common';
import { PushHandler } from './accept-push/push.handler';
import { PushAcceptance } from './accept-push/push-acceptance';
import { PushBatchHandler } from './accept-push/push-batch.handler';
import { PushRates } from './accept-push/push-rates';
import { ConsentStore } from './consent.store';
import { IntakeSchedule } from './fire-push/intake.schedule';
import { GetPushHandler } from './get-push/get-push.handler';
import { ListPushesHandler } from './list-pushes/list-pushes.handler';
import { MessageStore } from './message.store';
import { RecallPushHandler } from './recall-push/recall-push.handler';
import { Senders } from './senders.service';

@Module({
  controllers: [PushHandler, PushBatchHandler, GetPushHandler, ListPushesHandler, RecallPushHandler],
  providers: [PushAcceptance, PushRates, MessageStore, ConsentStore, Senders, IntakeSchedule],
})
export class IntakeModule {}
