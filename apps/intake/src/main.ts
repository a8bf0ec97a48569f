import { bootstrap, runMain, RunningService } from '@hark/service';
import { EscalatePushReactor } from './escalate-push/escalate-push.reactor';
import { dueRows } from './fire-push/due-rows.projection';
import { IntakeSchedule } from './fire-push/intake.schedule';
import { pushRows } from './get-push/push-rows.projection';
import { IntakeModule } from './intake.module';
import { openids } from './list-pushes/openids.projection';
import { CreatePushes1795000000001 } from './migrations/1-create-pushes.migration';
import { CreateDue1796100000001 } from './migrations/2-create-due.migration';
import { ListsOfPushes1796200000058 } from './migrations/3-lists-of-pushes.migration';
import { ChangesOfPushes1796200000059 } from './migrations/4-changes-of-pushes.migration';
import { states } from './states.config';

/** Starts the intake service: accepts pushes and tells their senders what became of them. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'intake',
      module: IntakeModule,
      states,
      projections: [pushRows, openids, dueRows],
      migrations: [
        CreatePushes1795000000001,
        CreateDue1796100000001,
        ListsOfPushes1796200000058,
        ChangesOfPushes1796200000059,
      ],
      reactors: [EscalatePushReactor],
      schedule: IntakeSchedule,
    },
    env,
  );

if (require.main === module) void runMain(start);
