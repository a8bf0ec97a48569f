import { Module } from '@nestjs/common';
import { ApproveHeldHandler } from './approve-held/approve-held.handler';
import { LocalRules } from './domain/local-rules';
import { ruleSets } from './domain/rules';
import { warnings } from './domain/rules/warnings';
import { HeldTexts } from './held-texts.store';
import { JudgeAgainReactor } from './judge-push/judge-again.reactor';
import { JudgeEditedReactor } from './judge-push/judge-edited.reactor';
import { JudgePushReactor } from './judge-push/judge-push.reactor';
import { ModerationSchedule } from './judge-push/moderation.schedule';
import { TextJudge } from './judge-push/text-judge';
import { WechatJudge } from './judge-push/wechat-judge';
import { WechatOpenids } from './judge-push/wechat-openids';
import { JudgeContentHandler } from './judge-texts/judge-content.handler';
import { JudgeTextsHandler } from './judge-texts/judge-texts.handler';
import { CountHeldHandler } from './list-held/count-held.handler';
import { ListHeldHandler } from './list-held/list-held.handler';
import { ModerationConfig } from './moderation.config';
import { ModerationStore } from './moderation.store';
import { ModerationLooks } from './moderation-looks.store';
import { RejectHeldHandler } from './reject-held/reject-held.handler';

@Module({
  controllers: [
    ListHeldHandler,
    CountHeldHandler,
    ApproveHeldHandler,
    RejectHeldHandler,
    JudgeTextsHandler,
    JudgeContentHandler,
  ],
  providers: [
    ModerationConfig,
    ModerationStore,
    HeldTexts,
    WechatOpenids,
    WechatJudge,
    { provide: LocalRules, useFactory: () => new LocalRules(ruleSets, warnings) },
    TextJudge,
    ModerationLooks,
    JudgePushReactor,
    JudgeAgainReactor,
    JudgeEditedReactor,
    ModerationSchedule,
  ],
})
export class ModerationModule {}
