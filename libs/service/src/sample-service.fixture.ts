// A service as small as one can be, with one of everything: for the specs of this library.
import { once } from 'node:events';
import { Controller, Injectable, Module } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { parse, Reply, StandingEvent, uuid } from '@hark/contracts';
import { DeciderStore, EventStore, Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock, Decider, HarkError, IsoTime, Logger } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { FoldProjection, ReadModel } from '@hark/readmodel';
import { pause } from '@hark/resilience';

import { bootstrap, Requires, runMain, RunningService, ServiceOptions } from '.';

interface Standing {
  readonly points: number | undefined;
  readonly throttled: boolean;
}
type Command = { type: 'Open'; points: number; at: IsoTime } | { type: 'Throttle'; at: IsoTime };

const decider: Decider<Standing, Command, StandingEvent> = {
  initial: { points: undefined, throttled: false },
  decide(command, { points, throttled }) {
    if (command.type === 'Open') {
      return points === undefined
        ? [{ type: 'standing.opened', data: { points: command.points, at: command.at } }]
        : [];
    }
    if (points === undefined) throw new HarkError('not-found', 'standing.unknown', 'there is no such standing');
    return throttled ? [] : [{ type: 'standing.throttled', data: { at: command.at } }];
  },
  evolve(standing, event) {
    if (event.type === 'standing.opened') return { ...standing, points: event.data.points };
    return event.type === 'standing.throttled' ? { ...standing, throttled: true } : standing;
  },
};

@Injectable()
class StandingStore extends DeciderStore<Standing, Command, StandingEvent> {
  constructor(store: EventStore) {
    super(store, 'standing', decider);
  }
}

interface StandingRow {
  id: string;
  points: number;
  throttled: boolean;
}

const standings: FoldProjection<StandingRow, StandingEvent> = {
  name: 'sample.standings.v1',
  table: 'sample.standings',
  key: ['id'],
  categories: ['standing'],
  keyOf: ({ id }) => ({ id }),
  evolve(row, { id, event }) {
    if (event.type === 'standing.opened') return { id, points: event.data.points, throttled: false };
    return row && event.type === 'standing.throttled' ? { ...row, throttled: true } : row;
  },
};

class CreateStandings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create table sample.standings (id uuid primary key, points int not null, throttled boolean not null)',
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sample.standings');
  }
}

const fewPoints = 5;

@Injectable()
class ThrottleWhenFew implements Reactor<StandingEvent> {
  readonly group = 'sample.throttle-when-few';
  readonly reactsTo = ['standing.opened'];

  constructor(
    private readonly standingStore: StandingStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async react({ event, id, eventId }: RecordedEvent<StandingEvent>): Promise<void> {
    if (event.type !== 'standing.opened' || event.data.points >= fewPoints) return;
    this.log.debug({ id }, 'throttling');
    const context = { commandId: eventId, actor: 'service:sample', requestId: eventId, correlationId: eventId };
    await this.standingStore.execute(id, { type: 'Throttle', at: this.clock.now() }, context);
  }
}

const openRequest = z.strictObject({ id: uuid, points: z.number().int() });
const getRequest = z.strictObject({ id: uuid });
const pauseRequest = z.strictObject({ ms: z.number().int().max(5_000) });

@Controller()
@Requires('anyone')
class SampleHandler {
  private stopAsked: Promise<unknown> | undefined;

  constructor(
    private readonly standingStore: StandingStore,
    private readonly readModel: ReadModel,
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  @MessagePattern('sample.open')
  async open(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply> {
    const { commandId, requestId } = requestContextOf(context);
    const { id, points } = parse(openRequest, body);
    const done = await this.standingStore.execute(
      id,
      { type: 'Open', points, at: this.clock.now() },
      { commandId, requestId, correlationId: requestId, actor: 'anonymous' },
    );
    return { body: { revision: done.revision }, ...(done.position ? { position: done.position } : {}) };
  }

  @MessagePattern('sample.get')
  async get(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<StandingRow>> {
    const { id } = parse(getRequest, body);
    await this.readModel.waitForPosition(requestContextOf(context).position);
    const [row] = await this.database.query<StandingRow[]>('select * from sample.standings where id = $1', [id]);
    if (!row) throw new HarkError('not-found', 'standing.unknown', 'there is no such standing');
    return { body: row };
  }

  @MessagePattern('sample.pause')
  async pauseFor(@Payload() body: unknown): Promise<Reply> {
    const { ms } = parse(pauseRequest, body);
    await pause(ms);
    return { body: { ms } };
  }

  /** Answers a moment after this process was told to stop: until then every such request is at hand. */
  @MessagePattern('sample.hold')
  async hold(): Promise<Reply> {
    await (this.stopAsked ??= once(process, 'SIGTERM'));
    await pause(200);
    return { body: {} };
  }
}

@Module({ controllers: [SampleHandler], providers: [StandingStore, ThrottleWhenFew] })
export class SampleModule {}

/** The sample's options, for specs that change one. */
export const sampleOptions: ServiceOptions = {
  name: 'sample',
  module: SampleModule,
  projections: [standings],
  migrations: [CreateStandings1700000000000],
  reactors: [ThrottleWhenFew],
};

export const start = (env: NodeJS.ProcessEnv): Promise<RunningService> => bootstrap(sampleOptions, env);

/** What `main.ts` of a service does when it is run directly. */
export const main = (): Promise<void> =>
  runMain(async (env) => {
    const running = await start(env);
    process.stdout.write(`${running.healthUrl}\n`);
    return running;
  });
