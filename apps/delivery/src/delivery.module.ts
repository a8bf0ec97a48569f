import { Module } from '@nestjs/common';
import { ChannelRegistry, Channels, RefusalHolds } from '@hark/channels';
import { Clock } from '@hark/kernel';
import { ClearOld } from './clear-old/clear-old.service';
import { ConsentStore } from './consent.store';
import { Credits } from './credits.service';
import { AcknowledgePushReactor } from './deliver-push/acknowledge-push.reactor';
import { AttemptDeadlines } from './deliver-push/attempt-deadlines';
import { AttemptSlots } from './deliver-push/attempt-slots';
import { Collapses } from './deliver-push/collapses';
import { DeliverFiredReactor } from './deliver-push/deliver-fired.reactor';
import { DeliverOnTimeReactor } from './deliver-push/deliver-on-time.reactor';
import { DeliverPushReactor } from './deliver-push/deliver-push.reactor';
import { DeliverySchedule } from './deliver-push/delivery.schedule';
import { Digests } from './deliver-push/digests';
import { FiredPushes } from './deliver-push/fired-pushes';
import { FirstTries } from './deliver-push/first-tries';
import { FollowUps } from './deliver-push/follow-ups';
import { GoneEndpoints } from './deliver-push/gone-endpoints';
import { LaterTexts } from './deliver-push/later-texts';
import { LaterTries } from './deliver-push/later-tries';
import { NotificationFactory } from './deliver-push/notification-factory';
import { PushDelivery } from './deliver-push/push-delivery';
import { RemindReactor } from './deliver-push/remind.reactor';
import { ResumeDeliveryReactor } from './deliver-push/resume-delivery.reactor';
import { Runs } from './deliver-push/runs';
import { SendAttempts } from './deliver-push/send-attempts';
import { TakeBackReactor } from './deliver-push/take-back.reactor';
import { DeliveryConfig } from './delivery.config';
import { DeliveryStore } from './delivery.store';
import { DigestStore } from './digest.store';
import { EndpointTestStore } from './endpoint-test.store';
import { BoundApps } from './file-notice/bound-apps';
import { FileNoticeReactor } from './file-notice/file-notice.reactor';
import { Notices } from './file-notice/notices';
import { ShownEndpoints } from './file-notice/shown-endpoints';
import { TellAppDeletedReactor } from './file-notice/tell-app-deleted.reactor';
import { TellAppTransferredReactor } from './file-notice/tell-app-transferred.reactor';
import { TellElsewhereReactor } from './file-notice/tell-elsewhere.reactor';
import { TellOwnerReactor } from './file-notice/tell-owner.reactor';
import { TellReplacedReactor } from './file-notice/tell-replaced.reactor';
import { GetInboxItemHandler } from './get-inbox-item/get-inbox-item.handler';
import { GrantCreditsHandler } from './grant-credits/grant-credits.handler';
import { InboxItemStore } from './inbox-item.store';
import { InboxItems } from './inbox-items.read-model';
import { InboxMarks } from './inbox-marks.service';
import { CountUnreadHandler } from './list-inbox/count-unread.handler';
import { InboxSearch } from './list-inbox/inbox-search';
import { ListInboxHandler } from './list-inbox/list-inbox.handler';
import { MarkInboxItemHandler } from './mark-inbox-item/mark-inbox-item.handler';
import { MarkManyHandler } from './mark-many/mark-many.handler';
import { NoticeStore } from './notice.store';
import { PushTexts } from './push-texts.service';
import { PushedMessages } from './pushed-messages.store';
import { ReadAllHandler } from './read-all/read-all.handler';
import { Rings } from './rings.service';
import { TakeActionHandler } from './take-action/take-action.handler';
import { CheckWechatUrlHandler } from './take-wechat-event/check-wechat-url.handler';
import { TakeWechatEventHandler } from './take-wechat-event/take-wechat-event.handler';
import { WechatReminders } from './take-wechat-event/wechat-reminders';
import { TestEndpointHandler } from './test-endpoint/test-endpoint.handler';
import { TestSlots } from './test-endpoint/test-slots';
import { ThreadStates } from './thread-states.service';
import { Threads } from './threads.service';
import { InboxChangesHandler } from './watch-inbox/inbox-changes.handler';
import { InboxNotices } from './watch-inbox/inbox-notices';
import { WechatSignatures } from './wechat-signatures.service';

@Module({
  controllers: [
    ListInboxHandler,
    GetInboxItemHandler,
    InboxChangesHandler,
    MarkInboxItemHandler,
    ReadAllHandler,
    MarkManyHandler,
    CountUnreadHandler,
    TakeActionHandler,
    TestEndpointHandler,
    GrantCreditsHandler,
    CheckWechatUrlHandler,
    TakeWechatEventHandler,
  ],
  providers: [
    Channels,
    { provide: ChannelRegistry, inject: [Channels], useFactory: ({ registry }: Channels) => registry },
    DeliveryStore,
    ConsentStore,
    PushedMessages,
    Collapses,
    LaterTexts,
    FirstTries,
    LaterTries,
    NotificationFactory,
    AttemptDeadlines,
    AttemptSlots,
    GoneEndpoints,
    { provide: RefusalHolds, inject: [Clock], useFactory: (clock: Clock) => new RefusalHolds(clock) },
    Runs,
    SendAttempts,
    DigestStore,
    Digests,
    PushDelivery,
    DeliverPushReactor,
    FiredPushes,
    DeliverOnTimeReactor,
    DeliverFiredReactor,
    ResumeDeliveryReactor,
    TakeBackReactor,
    RemindReactor,
    AcknowledgePushReactor,
    FollowUps,
    DeliverySchedule,
    NoticeStore,
    Notices,
    FileNoticeReactor,
    ShownEndpoints,
    TellElsewhereReactor,
    TellReplacedReactor,
    BoundApps,
    TellAppDeletedReactor,
    TellAppTransferredReactor,
    TellOwnerReactor,
    EndpointTestStore,
    Credits,
    DeliveryConfig,
    WechatSignatures,
    WechatReminders,
    Rings,
    TestSlots,
    InboxItems,
    PushTexts,
    Threads,
    ThreadStates,
    InboxMarks,
    ClearOld,
    InboxSearch,
    InboxItemStore,
    InboxNotices,
  ],
})
export class DeliveryModule {}
