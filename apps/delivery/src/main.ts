import { bootstrap, runMain, RunningService } from '@hark/service';
import { DeliveryModule } from './app.module';
import { DeliverPushReactor } from './deliver-push/deliver-push.reactor';
import { appNames } from './list-inbox/app-names.projection';
import { inboxRows } from './list-inbox/inbox-rows.projection';
import { CreateInbox1795000000001 } from './migrations/1-create-inbox.migration';

/** Starts the delivery service: decides what becomes of a push, fills the inbox, sends through the channels. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'delivery',
      module: DeliveryModule,
      projections: [inboxRows, appNames],
      migrations: [CreateInbox1795000000001],
      reactors: [DeliverPushReactor],
    },
    env,
  );

if (require.main === module) void runMain(start);
