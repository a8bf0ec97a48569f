import { bootstrap, runMain, RunningService } from '@hark/service';
import { dueRows } from './judge-push/due-rows.projection';
import { JudgeAgainReactor } from './judge-push/judge-again.reactor';
import { JudgeEditedReactor } from './judge-push/judge-edited.reactor';
import { JudgePushReactor } from './judge-push/judge-push.reactor';
import { ModerationSchedule } from './judge-push/moderation.schedule';
import { reviewRows } from './list-held/review-rows.projection';
import { CreateHeld1795000000001 } from './migrations/1-create-held.migration';
import { HeldByPlace1795800000021 } from './migrations/2-held-by-place.migration';
import { Reviews1795900000001 } from './migrations/3-reviews.migration';
import { ModerationModule } from './moderation.module';
import { states } from './states.config';

/** Starts the moderation service: every push's text is judged, and what is held waits here for an operator. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'moderation',
      module: ModerationModule,
      states,
      projections: [reviewRows, dueRows],
      migrations: [CreateHeld1795000000001, HeldByPlace1795800000021, Reviews1795900000001],
      queues: [
        {
          name: 'held-texts',
          sql: `select count(*) as waiting, extract(epoch from now() - min(held_at::timestamptz)) as oldest_seconds
                from moderation.reviews where status = 'held'`,
        },
      ],
      reactors: [JudgePushReactor, JudgeEditedReactor, JudgeAgainReactor],
      schedule: ModerationSchedule,
    },
    env,
  );

if (require.main === module) void runMain(start);
