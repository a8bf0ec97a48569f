import type { NatsContext } from '@nestjs/microservices';
import { healthSubjectOf, Reply, ServiceHealth } from '@hark/contracts';
import type { ReactorRunner } from '@hark/eventstore';
import { HarkNatsServer, requestContextOf } from '@hark/nats';
import { assertAccess } from './access';
import type { ServiceContext } from './core.module';
import type { Dependencies } from './dependencies';
import type { QueueFigures } from './queue-metrics';

/** What of a service its health is told from, besides its context. */
interface HealthParts {
  readonly service: string;
  readonly dependencies: Dependencies;
  readonly reactors: ReactorRunner;
  queues(): Promise<readonly QueueFigures[]>;
}

/**
 * Serves `<service>.tell-health` for services: how far its tables and reactor groups are behind, what is parked, what
 * waits. Whichever replica answers says the same, because all of it but a group's lag stands in the stores. What lies
 * in a store that is away is left out.
 */
export function addHealthHandler(server: HarkNatsServer, core: ServiceContext, parts: HealthParts): void {
  server.addHandler(
    healthSubjectOf(parts.service),
    async (_: unknown, context: NatsContext): Promise<Reply<ServiceHealth>> => {
      assertAccess('service', requestContextOf(context));
      const [away, tables, groups, queues] = await Promise.all([
        parts.dependencies.away(),
        core.readModel.lags(Date.parse(core.clock.now())).catch(() => undefined),
        groupsOf(parts.reactors).catch(() => undefined),
        parts.queues().catch(() => undefined),
      ]);
      const refusing = core.hubRefusals.channels;
      const known = { ...(tables && { tables }), ...(groups && { groups }), ...(queues && { queues }) };
      return { body: { service: parts.service, away, refusing, ...known } };
    },
  );
}

async function groupsOf(reactors: ReactorRunner): Promise<NonNullable<ServiceHealth['groups']>> {
  const counts = reactors.counts();
  return Object.entries(await reactors.standings()).map(([group, standing]) => ({
    group,
    ...standing,
    lagSeconds: standing.waiting === 0 ? 0 : counts[group]!.lagMs / 1_000,
  }));
}
