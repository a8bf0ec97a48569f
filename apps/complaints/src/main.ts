import { bootstrap, runMain, RunningService } from '@hark/service';
import { LiftPenaltyReactor } from './appeal/lift-penalty.reactor';
import { ComplaintsModule } from './complaints.module';
import { banRows } from './list-bans/ban-rows.projection';
import { complaintRows } from './list-complaints/complaint-rows.projection';
import { CreateComplaints1795000000001 } from './migrations/1-create-complaints.migration';
import { ComplaintsByPlace1795800000031 } from './migrations/2-complaints-by-place.migration';
import { CreateBans1795900000002 } from './migrations/3-create-bans.migration';
import { AddAppeals1796500000073 } from './migrations/4-add-appeals.migration';
import { ComplaintsOfApp1796600000077 } from './migrations/5-complaints-of-app.migration';
import { OpenStandingReactor } from './open-standing/open-standing.reactor';
import { PenalizeOwnerReactor } from './penalize-owner/penalize-owner.reactor';
import { states } from './states.config';

/** Starts the complaints service: complaints, the operators' queue, penalties and standings. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'complaints',
      module: ComplaintsModule,
      states,
      projections: [complaintRows, banRows],
      migrations: [
        CreateComplaints1795000000001,
        ComplaintsByPlace1795800000031,
        CreateBans1795900000002,
        AddAppeals1796500000073,
        ComplaintsOfApp1796600000077,
      ],
      queues: [
        {
          name: 'complaints',
          sql: `select count(*) as waiting, extract(epoch from now() - min(complained_at::timestamptz)) as oldest_seconds
                from complaints.complaints where status = 'open'`,
        },
        {
          name: 'appeals',
          sql: `select count(*) as waiting, extract(epoch from now() - min(appealed_at::timestamptz)) as oldest_seconds
                from complaints.complaints where appeal = 'open'`,
        },
        {
          name: 'proposed-bans',
          sql: `select count(*) as waiting, extract(epoch from now() - min(proposed_at::timestamptz)) as oldest_seconds
                from complaints.bans where lapses_at::timestamptz > now()`,
        },
      ],
      reactors: [PenalizeOwnerReactor, LiftPenaltyReactor, OpenStandingReactor],
    },
    env,
  );

if (require.main === module) void runMain(start);
