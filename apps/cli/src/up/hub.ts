import { Disposables, Running } from '@hark/kernel';
import { CopiedStore, serveEventLogCopies } from '../backup/event-log-copies';
import { assertRestoreFinished } from '../backup/unfinished-restore';
import { type AskedService, startHubHealth } from './hub-health';
import { openMasterKey } from './master-key';
import { takeHome } from './run-file';
import { ServiceProcess } from './service-process';
import { ServiceName, serviceNames, startHere } from './services';
import { Settings } from './settings';
import { type Sandbox, settingsOf, startSandbox } from './start-sandbox';
import { startStores } from './stores';

/** A whole hub that has started. */
export interface Hub extends Running {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly sandboxUrl: string | undefined;
  /** Where `/livez`, `/readyz` and `/metrics` of all services are. */
  readonly healthUrl: string;
  /** Makes the sandbox's page link to the hub; present when it stands in for all that a newcomer needs. */
  readonly showHub: Sandbox['showHub'] | undefined;
  /** HARK_HOME, absolute. */
  readonly home: string;
  /** The environment that every service was given: addresses and the master key. */
  readonly env: NodeJS.ProcessEnv;
  /** Process ids of the services; empty when all run in this process. */
  pids(): Readonly<Record<string, number | undefined>>;
  /**
   * Resolves with the name of a store or thread that ended by itself; the hub must then be stopped and started again.
   */
  readonly lost: Promise<string>;
}

export interface HubOptions {
  /** One process per service, as in production. */
  readonly split?: boolean;
}

/** Starts stores, sandbox and services, in that order, and stops what was started when one of them fails. */
export async function startHub(settings: Settings, options: HubOptions = {}): Promise<Hub> {
  const started = new Disposables();
  const lost = Promise.withResolvers<string>();
  try {
    const home = started.add(takeHome(settings.home));
    assertRestoreFinished(settings.home);
    let eventStore: CopiedStore | undefined;
    const stores = await startStores(settings, started, lost.resolve, (store) => (eventStore = store));
    // Before anything is written: refuses another key, log or vault than the first start had.
    const masterKey = await openMasterKey(settings, stores);
    started.add(await serveEventLogCopies(stores.NATS_URL, masterKey, settings.home, eventStore));
    const sandbox = await startSandbox(settings, started, lost.resolve);
    const env: NodeJS.ProcessEnv = {
      ...settings.env,
      ...(sandbox && settingsOf(sandbox, settings.env)),
      ...stores,
      HARK_MASTER_KEY: masterKey,
      HARK_PORT: String(settings.port),
      // The hub serves the one health address that is set, and asks the services on addresses of their own.
      HARK_HEALTH_HOST: '127.0.0.1',
      HARK_HEALTH_PORT: '0',
    };
    const { url, pids, asked } = await startServices(env, started, options);
    const { healthHost = 'localhost', healthPort = 0 } = settings;
    const { url: healthUrl } = started.add(await startHubHealth(healthHost, healthPort, asked));
    home.ready({ url, healthUrl, ...(sandbox && { sandboxUrl: sandbox.url }), ...stores });
    return {
      url,
      healthUrl,
      sandboxUrl: sandbox?.url,
      showHub: sandbox && !settings.env.WECHAT_BASE_URL && !settings.env.BARK_BASE_URL ? sandbox.showHub : undefined,
      home: settings.home,
      env,
      pids,
      lost: lost.promise,
      close: () => started.close(),
    };
  } catch (error) {
    await started.close();
    throw error;
  }
}

async function startServices(
  env: NodeJS.ProcessEnv,
  started: Disposables,
  { split = false }: HubOptions,
): Promise<Pick<Hub, 'url' | 'pids'> & { readonly asked: readonly AskedService[] }> {
  const backEnd = serviceNames.filter((name) => name !== 'gateway');
  if (!split) {
    const asked: AskedService[] = [];
    const start = async <T extends Running & { healthUrl: string }>(name: ServiceName): Promise<T> => {
      const service = started.add(await startHere<T>(name, env));
      asked.push({ name, healthUrl: () => service.healthUrl });
      return service;
    };
    for (const name of backEnd) await start(name);
    const { url } = await start<Running & { url: string; healthUrl: string }>('gateway');
    return { url, pids: () => ({}), asked };
  }
  const processes = await Promise.all(backEnd.map(async (name) => started.add(await ServiceProcess.start(name, env))));
  const gateway = started.add(await ServiceProcess.start('gateway', env));
  const all = [...processes, gateway];
  const pids = () => Object.fromEntries(all.map(({ name, pid }) => [name, pid]));
  const asked = all.map((service) => ({ name: service.name, healthUrl: () => service.healthUrl }));
  return { url: gateway.url ?? `http://localhost:${env.HARK_PORT}`, pids, asked };
}
