import type { INestMicroservice } from '@nestjs/common';
import { DynamicModule, Module, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule, NestFactory } from '@nestjs/core';
import { checkReply, eventSchemas } from '@hark/contracts';
import { EventStore, Reactor, ReactorRunner } from '@hark/eventstore';
import { SystemClock } from '@hark/kernel';
import { HarkErrorFilter, HarkNatsServer, RpcClient } from '@hark/nats';
import { AnyProjection, createDataSource, DataSourceParts, ReadModel, Schedule, Scheduler } from '@hark/readmodel';
import { Vault } from '@hark/vault';
import { AccessGuard } from './access.guard';
import { BusinessMetrics } from './business-metrics';
import { Closable, closeAll } from './closing';
import { Config } from './config';
import { connectWithRetry, storeTimeoutMsDefault } from './connect-with-retry';
import { CoreModule, ServiceContext } from './core.module';
import { CredentialUses } from './credential-uses';
import { Dependencies } from './dependencies';
import { GuessInterceptor } from './guess.interceptor';
import { GuessLimits } from './guess-limits';
import { startHealth } from './health';
import { addHealthHandler } from './health-handler';
import { HubRefusals } from './hub-refusals';
import { Keys } from './keys';
import { createLog, frameworkLog } from './log';
import { ByLabel, Metrics } from './metrics';
import { openInstallation } from './open-installation';
import { toOutage } from './outage';
import { exportQueues, Queue } from './queue-metrics';
import { addRebuildHandler } from './rebuild-handler';
import type { RunningProcess } from './run-main';
import { addStateHandler } from './state-handler';
import type { StatesOf } from './state-of';

/** What differs between services; `bootstrap` does the rest. */
export interface ServiceOptions {
  /** Also its queue group and the schema of its tables. Lower case, one word. */
  readonly name: string;
  /** The handlers and what they need; `ServiceContext` can be injected everywhere. */
  readonly module: Type | DynamicModule;
  /** Tables kept in step with the log; a `FoldProjection` each. */
  readonly projections?: readonly AnyProjection[];
  /** TypeORM migrations, oldest first. */
  readonly migrations?: DataSourceParts['migrations'];
  /** Providers of the module, by class; each runs on its own persistent subscription. */
  readonly reactors?: readonly Type<Reactor>[];
  /** A provider of the module that acts when a time comes. Its table is written by one of the projections. */
  readonly schedule?: Type<Schedule>;
  /** What its streams add up to, for operators. */
  readonly states?: Partial<StatesOf<string>>;
  /** The tables whose waiting rows the metrics count. */
  readonly queues?: readonly Queue[];
  /** How long the start waits for each store to answer; 20 s unless said otherwise. */
  readonly storeTimeoutMs?: number;
}

/** A service that is ready. */
export interface RunningService extends RunningProcess {
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  readonly healthUrl: string;
  /** The Nest application, for tests that want a provider. */
  readonly app: INestMicroservice;
  /** For tests that set the clock: a schedule that is woken need not find out by itself. */
  readonly scheduler?: Scheduler;
}

const closeTimeoutMs = 10_000;

/**
 * Starts a service: settings, stores, migrations, module, read models, reactors, requests; resolves when it is ready.
 * Throws a HarkError that names the setting at fault, with everything closed again that had been opened.
 * `close()` goes backwards, answers the requests at hand, and takes at most 10 s.
 */
export async function bootstrap(options: ServiceOptions, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const config = new Config(env);
  const log = createLog(options.name, config.logLevel);
  const opened: Closable[] = [];
  const closeOpened = (): Promise<void> =>
    closeAll(opened, closeTimeoutMs, (part, err) => log.error({ part, err }, 'could not close'));
  try {
    return await open(options, config, log, opened, closeOpened);
  } catch (error) {
    log.error({ err: error }, 'could not start');
    await closeOpened();
    throw error;
  }
}

async function open(
  options: ServiceOptions,
  config: Config,
  log: ServiceContext['log'],
  opened: Closable[],
  closeOpened: () => Promise<void>,
): Promise<RunningService> {
  const core = await openCore(options, config, log, opened);
  const status = { ready: false };
  const dependencies = new Dependencies({
    nats: () => core.requests.isUp,
    database: () => core.database.query('select 1'),
    eventstore: () => core.eventStore.ping(),
  });
  core.metrics.dependencies(dependencies);
  const health = await startHealth({
    host: config.healthHost,
    port: config.healthPort,
    live: () => !core.requests.connection.isClosed(),
    ready: () => status.ready,
    dependencies,
    troubles: () => core.hubRefusals.channels.map((kind) => `${kind} (its provider refuses the hub)`),
    metrics: core.metrics,
  });
  opened.push({ name: 'health', close: () => health.close() });

  const server = new HarkNatsServer({
    connection: core.requests.connection,
    queue: options.name,
    callerKey: core.keys.caller,
    log,
    observe: core.metrics.observeRequest,
    mapError: toOutage,
    ...(config.checkReplies && { checkReply }),
  });
  core.metrics.gauge('hark_requests_in_flight', 'Requests being carried out.', () => server.inFlight);
  const app = await NestFactory.createMicroservice(rootModule(core, options.module), {
    strategy: server,
    logger: frameworkLog(log),
    abortOnError: false, // else Nest ends the process, which may be running other services
  });
  addRebuildHandler(server, options.name, core.readModel);
  addStateHandler(server, core.eventStore, options.name, options.states ?? {});
  await app.init();
  opened.push({ name: 'module', close: () => app.close() });

  await core.readModel.start();
  opened.push({ name: 'read models', close: () => core.readModel.stop() });
  const reactors = new ReactorRunner(
    core.eventStore,
    (options.reactors ?? []).map((reactor) => app.get(reactor)),
    log,
  );
  reactors.start();
  opened.push({ name: 'reactors', close: () => reactors.stop() });
  exportCounts(core, reactors);
  const due = options.schedule ? [dueQueue(app.get(options.schedule))] : [];
  const queues = exportQueues(core.metrics, core.database, [...(options.queues ?? []), ...due]);
  addHealthHandler(server, core, { service: options.name, dependencies, reactors, queues });
  const scheduler = options.schedule && (await startSchedule(core, options.name, app.get(options.schedule), opened));
  await app.listen();
  opened.push({ name: 'requests served', close: () => server.close() });
  await server.flushed();

  status.ready = true;
  log.info({}, 'ready');
  const close = async (): Promise<void> => {
    status.ready = false;
    await closeOpened();
    log.info({}, 'closed');
  };
  let closed: Promise<void> | undefined;
  return { healthUrl: health.url, app, scheduler, close: () => (closed ??= close()) };
}

async function openCore(
  options: ServiceOptions,
  config: Config,
  log: ServiceContext['log'],
  opened: Closable[],
): Promise<ServiceContext> {
  const { name, migrations = [], projections = [], storeTimeoutMs = storeTimeoutMsDefault } = options;
  const keys = new Keys(config.masterKey);
  const metrics = new Metrics(name);
  opened.push({ name: 'metrics', close: () => metrics.close() });
  const { appended: onAppended } = new BusinessMetrics(metrics);
  const eventStore = EventStore.connect(config.eventStoreUrl, { schemas: eventSchemas, share: true, onAppended });
  opened.push({ name: 'event store', close: () => eventStore.close() });
  await connectWithRetry('EVENTSTORE_URL', storeTimeoutMs, () => eventStore.ping());
  // Before the migrations: a start with the wrong key, log or vault must write nothing at all.
  const open = () => openInstallation(config.databaseUrl, eventStore, keys);
  await connectWithRetry('DATABASE_URL', storeTimeoutMs, open, isLastingDatabaseFailure);

  const parts: DataSourceParts = { service: name, url: config.databaseUrl, migrations };
  const database = await connectWithRetry(
    'DATABASE_URL',
    storeTimeoutMs,
    () => createDataSource(parts),
    isLastingDatabaseFailure,
  );
  opened.push({ name: 'database', close: () => database.destroy() });

  const asking = { url: config.natsUrl, name, service: name, callerKey: keys.caller, log, connectTimeoutMs: 0 };
  const requests = await connectWithRetry('NATS_URL', storeTimeoutMs, () => RpcClient.connect(asking));
  opened.push({ name: 'NATS', close: () => requests.close() });

  const clock = new SystemClock();
  return {
    config,
    keys,
    log,
    clock,
    hubRefusals: new HubRefusals(log, metrics),
    metrics,
    eventStore,
    vault: new Vault(database, { vaultKey: keys.vault, lookupKey: keys.lookup }),
    requests,
    database,
    credentialUses: new CredentialUses(database, () => clock.now(), log),
    guessLimits: new GuessLimits(database, keys.lookup, () => clock.now()),
    readModel: new ReadModel({ service: name, store: eventStore, dataSource: database, projections, log }),
  };
}

async function startSchedule(
  core: ServiceContext,
  service: string,
  schedule: Schedule,
  opened: Closable[],
): Promise<Scheduler> {
  const { database: dataSource, clock, readModel, log, metrics } = core;
  const late = metrics.histogram(
    'hark_schedule_lag_seconds',
    'How long after its time what was due was fired.',
    lagBuckets,
  );
  const onFired = (lagMs: number): void => late.observe(lagMs / 1_000);
  const scheduler = new Scheduler({ dataSource, service, schedule, clock, readModel, log, onFired });
  await scheduler.start();
  opened.push({ name: 'schedule', close: () => scheduler.stop() });
  metrics.counted('hark_schedule_fired_total', 'What was due and was fired here.', () => scheduler.counts.fired);
  metrics.counted(
    'hark_schedule_failures_total',
    'Firings that failed and are repeated.',
    () => scheduler.counts.failures,
  );
  metrics.gauge('hark_schedule_leader', 'Whether this process fires what is due.', () =>
    Number(scheduler.counts.leader),
  );
  metrics.gauge(
    'hark_schedule_clock_ahead_seconds',
    'How far the clock here is ahead of the slowest replica.',
    () => scheduler.counts.aheadMs / 1_000,
  );
  return scheduler;
}

/** For the schedule: a row due a second ago and not fired is late. */
const lagBuckets = [0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600];
const dueQueue = ({ table }: Schedule): Queue => ({
  name: 'due',
  sql: `select count(*) as waiting, extract(epoch from now() - min(due_at)) as oldest_seconds
        from ${table} where due_at <= now()`,
});

function exportCounts({ metrics, readModel }: ServiceContext, reactors: ReactorRunner): void {
  const byGroup = (of: (counts: ReactorCounts) => number) => (): ByLabel =>
    Object.fromEntries(Object.entries(reactors.counts()).map(([group, counts]) => [group, of(counts)]));
  const each = <T extends string>(name: T, help: string, of: (counts: ReactorCounts) => number) =>
    [name, help, 'group', byGroup(of)] as const;
  metrics.countedBy(...each('hark_reactions_processed_total', 'Reactions that succeeded.', (it) => it.processed));
  metrics.countedBy(
    ...each('hark_reactions_retried_total', 'Tries of reactions that are repeated.', (it) => it.retried),
  );
  metrics.countedBy(...each('hark_reactions_parked_total', 'Events given up here.', (it) => it.parked));
  metrics.gaugeBy(...each('hark_reactions_running', 'Reactions running.', (it) => it.running));
  metrics.gaugeBy(
    ...each('hark_reactor_lag_seconds', 'Age of the latest event at its reaction.', (it) => it.lagMs / 1_000),
  );
  metrics.gaugeBy(
    ...each('hark_reactor_connected', 'Whether a group is subscribed here.', (it) => Number(it.connected)),
  );
  metrics.gaugeBy('hark_reactor_parked', 'Events that stand parked in the store; page somebody.', 'group', async () =>
    Object.fromEntries(Object.entries(await reactors.standings()).map(([group, { parked }]) => [group, parked])),
  );
  metrics.counted('hark_readmodel_events_total', 'Events carried into tables.', () => readModel.counts.events);
  metrics.counted(
    'hark_readmodel_failures_total',
    'Times the read model began again.',
    () => readModel.counts.failures,
  );
  metrics.gauge(
    'hark_readmodel_lag_seconds',
    'Age of the latest event when it was written.',
    () => readModel.counts.lagMs / 1_000,
  );
  metrics.gauge('hark_readmodel_leader', 'Whether this process writes the tables.', () =>
    Number(readModel.counts.leader),
  );
}

type ReactorCounts = ReturnType<ReactorRunner['counts']>[string];

const sqlState = /^[0-9A-Z]{5}$/;
/** Waiting helps against a database that is away or starting, not against a wrong password or a failing migration. */
function isLastingDatabaseFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return sqlState.test(code) && !code.startsWith('08') && !code.startsWith('57P');
}

function rootModule(core: ServiceContext, module: Type | DynamicModule): DynamicModule {
  @Module({})
  class ServiceModule {}
  return {
    module: ServiceModule,
    imports: [DiscoveryModule, CoreModule.forRoot(core), module],
    providers: [
      { provide: APP_FILTER, useClass: HarkErrorFilter },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_INTERCEPTOR, useClass: GuessInterceptor },
    ],
  };
}
