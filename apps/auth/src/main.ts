import { bootstrap, runMain, RunningService } from '@hark/service';
import { NoteTransferReactor } from './accept-transfer/note-transfer.reactor';
import { AuthModule } from './auth.module';
import { QueueCallbackReactor } from './call-app/queue-callback.reactor';
import { QueuePushCallbackReactor } from './call-app/queue-push-callback.reactor';
import { SendCallbackReactor } from './call-app/send-callback.reactor';
import { EndBindingsReactor } from './delete-app/end-bindings.reactor';
import { ChallengeAgainReactor } from './disable-endpoint/challenge-again.reactor';
import { DisableEndpointReactor } from './disable-endpoint/disable-endpoint.reactor';
import { NoteProofReactor } from './disable-endpoint/note-proof.reactor';
import { ErasePersonReactor } from './erase-me/erase-person.reactor';
import { erasureRows } from './erase-me/erasure-rows.projection';
import { appRows } from './list-apps/app-rows.projection';
import { bindingRows } from './list-bindings/binding-rows.projection';
import { callbackRows } from './list-callbacks/callback-rows.projection';
import { endpointRows } from './list-endpoints/endpoint-rows.projection';
import { sessionRows } from './list-sessions/session-rows.projection';
import { staffRows } from './list-staff/staff-rows.projection';
import { SendLogInCodeReactor } from './log-in-by-code/send-log-in-code.reactor';
import { ReadModels1763800000000 } from './migrations/1-read-models.migration';
import { ListsByPlace1795800000011 } from './migrations/2-lists-by-place.migration';
import { DueAndTroubles1795800000021 } from './migrations/3-due-and-troubles.migration';
import { ConfirmedBindings1796000000000 } from './migrations/4-confirmed-bindings.migration';
import { AppsThatChange1796000000010 } from './migrations/5-apps-that-change.migration';
import { Callbacks1796000000011 } from './migrations/6-callbacks.migration';
import { EndpointOrder1796400000046 } from './migrations/7-endpoint-order.migration';
import { Sessions1796400000060 } from './migrations/8-sessions.migration';
import { Staff1796400000480 } from './migrations/10-staff.migration';
import { Erasures1796000000047 } from './migrations/47-erasures.migration';
import { CriticalPushes1796400000059 } from './migrations/52-critical-pushes.migration';
import { ReadReceipts1796400000058 } from './migrations/58-read-receipts.migration';
import { Digests1796500000066 } from './migrations/66-digests.migration';
import { EndpointsByAddress1796600000077 } from './migrations/77-endpoints-by-address.migration';
import { NoteTroubleReactor } from './note-trouble/note-trouble.reactor';
import { AuthSchedule } from './send-challenge/auth.schedule';
import { dueRows } from './send-challenge/due-rows.projection';
import { ResendChallengeReactor } from './send-challenge/resend-challenge.reactor';
import { SendChallengeReactor } from './send-challenge/send-challenge.reactor';
import { states } from './states.config';
import { NoteNoReactor } from './unbind/note-no.reactor';

/** Starts the auth service; resolves when it is ready. Throws a HarkError that names the setting at fault. */
export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> =>
  bootstrap(
    {
      name: 'auth',
      module: AuthModule,
      states,
      projections: [appRows, bindingRows, endpointRows, dueRows, callbackRows, staffRows, erasureRows, sessionRows],
      reactors: [
        SendLogInCodeReactor,
        SendChallengeReactor,
        ResendChallengeReactor,
        DisableEndpointReactor,
        ChallengeAgainReactor,
        NoteProofReactor,
        EndBindingsReactor,
        NoteTransferReactor,
        NoteNoReactor,
        ErasePersonReactor,
        QueueCallbackReactor,
        QueuePushCallbackReactor,
        SendCallbackReactor,
        NoteTroubleReactor,
      ],
      schedule: AuthSchedule,
      migrations: [
        ReadModels1763800000000,
        ListsByPlace1795800000011,
        DueAndTroubles1795800000021,
        ConfirmedBindings1796000000000,
        AppsThatChange1796000000010,
        Callbacks1796000000011,
        EndpointOrder1796400000046,
        Staff1796400000480,
        Erasures1796000000047,
        ReadReceipts1796400000058,
        CriticalPushes1796400000059,
        Sessions1796400000060,
        Digests1796500000066,
        EndpointsByAddress1796600000077,
      ],
    },
    env,
  );

if (require.main === module) void runMain(start);
