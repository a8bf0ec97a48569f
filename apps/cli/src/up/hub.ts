import { join } from 'node:path';
import { Disposables, Running } from '@hark/kernel';
import { CopiedStore, serveEventLogCopies } from '../backup/event-log-copies';
import { assertRestoreFinished } from '../backup/unfinished-restore';
import { type AskedService, startHubHealth } from './hub-health';
import { openMasterKey } from './master-key';
import { takeHome } from './run-file';
import { ServiceProcess } from './service-process';
import { ServiceName, serviceNames, startHere } from './services';
import { Settings } from './settings';
import { startStores } from './stores';

/** A whole hub that has started. */
export interface Hub extends Running {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly sandboxUrl: string | undefined;
  /** Where `/livez`, `/readyz` and `/metrics` of all services are. */
  readonly healthUrl: string;
  /** The sandbox, which stands in for WeChat and Bark; present when a newcomer can use it. */
  readonly sandbox: Sandbox | undefined;
  /** HARK_HOME, absolute. */
  readonly home: string;
  /** The environment that every service was given: addresses and the master key. */
  readonly env: NodeJS.ProcessEnv;
  /** Process ids of the services; empty when all run in this process. */
  pids(): Readonly<Record<string, number | undefined>>;
  /**
   * Resolves with the name of an embedded store that ended by itself; the hub must then be stopped and started again.
   */
  readonly lost: Promise<string>;
}

export interface HubOptions {
  /** One process per service, as in production. */
  readonly split?: boolean;
}

/** The part of the sandbox that this package needs. */
interface Sandbox extends Running {
  readonly url: string;
  readonly smtpUrl: string;
  /** Makes the sandbox's page link to the hub. */
  showHub(hub: { readonly url: string; readonly pushLine: string }): void;
}

/** The sandbox stands in for every provider without an address. When all have one it is not started. */
const providers = ['WECHAT_BASE_URL', 'SMTP_URL', 'BARK_BASE_URL'] as const;
const sandboxCredentials = { WECHAT_APP_ID: 'wx74db71d8a9e3b699', WECHAT_APP_SECRET: 'sandbox-secret' };

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
    const sandbox = providers.every((name) => settings.env[name]) ? undefined : await startSandbox(settings, started);
    const env: NodeJS.ProcessEnv = {
      ...settings.env,
      ...(sandbox && settingsOfSandbox(sandbox, settings.env)),
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
      sandbox: forNewcomers(settings, sandbox),
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

async function startSandbox(settings: Settings, started: Disposables): Promise<Sandbox> {
  // Its devices and visits must survive a restart like everything else, or endpoints would look gone.
  const env = {
    ...sandboxCredentials,
    ...settings.env,
    HARK_SANDBOX_PORT: String(settings.sandboxPort),
    HARK_SANDBOX_STATE: join(settings.home, 'sandbox.ndjson'),
  };
  return started.add(await startHere<Sandbox>('sandbox', env));
}

const forNewcomers = ({ env }: Settings, sandbox: Sandbox | undefined): Sandbox | undefined =>
  env.WECHAT_BASE_URL || env.BARK_BASE_URL ? undefined : sandbox;

function settingsOfSandbox({ url, smtpUrl }: Sandbox, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...(!env.WECHAT_BASE_URL && {
      ...sandboxCredentials,
      ...pick(env, Object.keys(sandboxCredentials)),
      WECHAT_BASE_URL: `${url}/wechat`,
    }),
    ...(!env.SMTP_URL && { SMTP_URL: smtpUrl }),
    ...(!env.BARK_BASE_URL && { BARK_BASE_URL: `${url}/bark` }),
    HARK_SANDBOX_URL: url,
  };
}

const pick = (env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
