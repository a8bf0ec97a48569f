import type { NatsContext } from '@nestjs/microservices';
import { Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { HarkNatsServer, requestContextOf } from '@hark/nats';
import type { ReadModel } from '@hark/readmodel';

/** What answers for the subject `<service>.rebuild-read-models`. */
type Rebuilt = Awaited<ReturnType<ReadModel['rebuild']>>;

interface Progress {
  readonly progress: ReadModel['rebuildProgress'];
}

/**
 * Serves `<service>.rebuild-read-models`: builds every table anew beside the live one and swaps. For services (the CLI is
 * one) and admins; anybody else is `refused` `role.required`. One rebuild at a time: asking during one joins it. With
 * `{ progress: true }` it answers at once how far the one is that runs, and begins none.
 */
export function addRebuildHandler(server: HarkNatsServer, service: string, readModel: ReadModel): void {
  let running: Promise<Rebuilt> | undefined;
  server.addHandler(
    `${service}.rebuild-read-models`,
    async (data: unknown, context: NatsContext): Promise<Reply<Rebuilt | Progress>> => {
      const { caller } = requestContextOf(context);
      if (caller.kind !== 'service' && !caller.roles.includes('admin')) {
        throw new HarkError('refused', 'role.required', 'rebuilding is for admins and services', {
          extra: { role: 'admin' },
        });
      }
      if (asksForProgress(data)) return { body: { progress: running ? readModel.rebuildProgress : undefined } };
      running ??= readModel.rebuild().finally(() => (running = undefined));
      return { body: await running };
    },
  );
}

const asksForProgress = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'progress' in data && data.progress === true;
