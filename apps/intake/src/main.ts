import { bootstrap, runMain, RunningService } from '@hark/service';
import { pushRows } from './get-push/push-rows.projection';
import { IntakeModule } from './intake.module';
import { CreatePushes1795000000001 } from './migrations/1-create-pushes.migration';

/** Starts the intake service: accepts pushes and tells their senders what became of them. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    { name: 'intake', module: IntakeModule, projections: [pushRows], migrations: [CreatePushes1795000000001] },
    env,
  );

if (require.main === module) void runMain(start);
