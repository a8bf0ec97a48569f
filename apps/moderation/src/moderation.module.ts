import { Module } from '@nestjs/common';
import { ApproveHeldHandler } from './approve-held/approve-held.handler';
import { ChangeRulesHandler } from './edit-rules/change-rules.handler';
import { GetRulesHandler } from './edit-rules/get-rules.handler';
import { TryRulesHandler } from './edit-rules/try-rules.handler';
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
import { RulesInForce } from './rules-in-force.store';
import { RulesViews } from './rules-views.service';

@Module({
  controllers: [
    ListHeldHandler,
    CountHeldHandler,
    ApproveHeldHandler,
    RejectHeldHandler,
    GetRulesHandler,
    ChangeRulesHandler,
    TryRulesHandler,
    JudgeTextsHandler,
    JudgeContentHandler,
  ],
  providers: [
    ModerationConfig,
    ModerationStore,
    HeldTexts,
    WechatOpenids,
    WechatJudge,
    RulesInForce,
    RulesViews,
    TextJudge,
    ModerationLooks,
    JudgePushReactor,
    JudgeAgainReactor,
    JudgeEditedReactor,
    ModerationSchedule,
  ],
})
export class ModerationModule {}
