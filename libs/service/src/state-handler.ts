import type { NatsContext } from '@nestjs/microservices';
import { parse, Reply, stateSubjectOf, StreamState, tellStateRequest } from '@hark/contracts';
import type { EventStore } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { HarkNatsServer, requestContextOf } from '@hark/nats';
import { assertAccess } from './access';
import { auditViewOf } from './audit-view';
import { shownState, StatesOf } from './state-of';

/**
 * Serves `<service>.tell-state` for services: what one of its streams adds up to after one of its events, masked, by the fold
 * that its decisions are made on. A revision that the stream has not reached yet means its latest event. Throws
 * `not-found` `stream.unknown`.
 */
export function addStateHandler(
  server: HarkNatsServer,
  store: EventStore,
  service: string,
  states: Partial<StatesOf<string>>,
): void {
  server.addHandler(
    stateSubjectOf(service),
    async (asked: unknown, context: NatsContext): Promise<Reply<StreamState>> => {
      assertAccess('service', requestContextOf(context));
      const { stream, revision = Infinity } = parse(tellStateRequest, asked);
      const [, category, id] = /^([a-z_]+)-(.*)$/.exec(stream) as unknown as [string, keyof StatesOf<string>, string];
      const all = await store.read(category, id);
      const last = all.at(-1)?.revision;
      const until = all.filter((one) => one.revision <= revision);
      const event = until.at(-1);
      const stateOf = states[category];
      if (!stateOf || event === undefined || last === undefined)
        throw new HarkError('not-found', 'stream.unknown', `${service} folds no such stream`);
      const [before, state] = stateOf(until.map((one) => one.event));
      return { body: { event: auditViewOf(event), last, before: shownState(before), state: shownState(state) } };
    },
  );
}
