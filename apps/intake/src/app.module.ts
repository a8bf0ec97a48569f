import { Module } from '@nestjs/common';
import { PushHandler } from './accept-push/push.handler';
import { ConsentStore } from './consent.store';
import { GetPushHandler } from './get-push/get-push.handler';
import { MessageStore } from './message.store';
import { Senders } from './sender.store';

@Module({
  controllers: [PushHandler, GetPushHandler],
  providers: [MessageStore, ConsentStore, Senders],
})
export class IntakeModule {}
