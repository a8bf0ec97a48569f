import { Disposables, Running } from '@hark/kernel';
import { CopiedStore, serveEventLogCopies } from '../backup/event-log-copies';
import { assertRestoreFinished } from '../backup/unfinished-restore';
import { type AskedService, startHubHealth } from './hub-health';
import { type Layout, layoutOf } from './layout';
import { openMasterKey } from './master-key';
import { type Replicas } from './replicas';
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
  /** Process ids of the services, `intake-1` and `intake-2` where there are two; empty when all run in this process. */
  pids(): Readonly<Record<string, number | undefined>>;
  readonly layout: Layout;
  /**
   * Resolves with the name of a store or thread that ended by itself; the hub must then be stopped and started again.
   */
  readonly lost: Promise<string>;
}

export interface HubOptions {
  /** Services in processes of their own, as in production, and how many of each. All run in this process without it. */
  readonly replicas?: Replicas;
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
      layout: layoutOf({ replicas: options.replicas, hasSandbox: sandbox !== undefined, env: settings.env }),
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
  { replicas }: HubOptions,
): Promise<Pick<Hub, 'url' | 'pids'> & { readonly asked: readonly AskedService[] }> {
  const backEnd = serviceNames.filter((name) => name !== 'gateway');
  if (!replicas) {
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
  const start = async (name: ServiceName, label: string) => started.add(await ServiceProcess.start(name, label, env));
  const processes = await Promise.all(
    backEnd.flatMap((name) => labelsOf(name, replicas[name]).map((label) => start(name, label))),
  );
  const gateway = await start('gateway', 'gateway');
  const all = [...processes, gateway];
  const pids = () => Object.fromEntries(all.map(({ label, pid }) => [label, pid]));
  return { url: gateway.url ?? `http://localhost:${env.HARK_PORT}`, pids, asked: all.map(asAsked) };
}

const labelsOf = (name: ServiceName, count: number): readonly string[] =>
  count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

const asAsked = (service: ServiceProcess): AskedService => ({
  name: service.label,
  healthUrl: () => service.healthUrl,
  ...(service.label !== service.name && { replica: service.label }),
});
