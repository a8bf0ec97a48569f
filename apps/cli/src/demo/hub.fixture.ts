import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase } from '@hark/testing';
import { readFirstPushKey } from '../first-push/first-push';
import { asTyped, HubProcess } from '../up/hub-process';
import { seen } from './wait';

/** The openid that works the queues in a hub of `hubHome`. */
export const operatorOpenid = 'o0TestOperator0000000000000001';

/** For tests of what stands in HARK_HOME: the embedded stores, also where others are given. */
export const embeddedStores = { DATABASE_URL: '', NATS_URL: '', EVENTSTORE_URL: '' };

/** Of several given brokers each worker of Jest has its own: hubs on one broker would answer each other's requests. */
const brokerOfWorker = process.env.HARK_TEST_NATS_URLS?.split(' ')[Number(process.env.JEST_WORKER_ID ?? 1) - 1];

/** A place where a hub can be started, killed and started again; removed at the end. */
export interface HubHome {
  readonly env: NodeJS.ProcessEnv;
  /** Starts `hark up` and waits until it has done all it does by itself, so that a test sees only what it does. */
  start(...args: string[]): Promise<HubProcess>;
  /** The same by `./hark up`, with nothing of its user's in HOME. */
  startAsTyped(): Promise<HubProcess>;
  /** The same; all that it can log goes to the open file. */
  startLogging(log: number): Promise<HubProcess>;
  remove(): Promise<void>;
}

/**
 * A home of its own on free ports. Stores are the embedded ones, or those that NATS_URL, EVENTSTORE_URL and DATABASE_URL
 * name, so that the same tests run against Debian's servers; of a given Postgres it takes a fresh database.
 */
export async function hubHome(more: NodeJS.ProcessEnv = {}): Promise<HubHome> {
  const home = mkdtempSync(join(tmpdir(), 'hark-e2e-'));
  const database = process.env.DATABASE_URL && more.DATABASE_URL === undefined ? await freshDatabase() : undefined;
  const started: HubProcess[] = [];
  const { WECHAT_BASE_URL: _w, SMTP_URL: _s, BARK_BASE_URL: _b, ...rest } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...rest,
    ...(database && { DATABASE_URL: database.url }),
    ...(brokerOfWorker !== undefined && { NATS_URL: brokerOfWorker }),
    HARK_HOME: home,
    HARK_PORT: '0',
    HARK_SANDBOX_PORT: '0',
    HARK_ADMINS: `wechat:${operatorOpenid}`,
    // A few readers get what in life would go to thousands.
    HARK_PUSH_RATE_PER_RECIPIENT: '0',
    HARK_CHECK_REPLIES: 'true',
    ...more,
  };
  const launched = async (hub: HubProcess): Promise<HubProcess> => {
    started.push(hub);
    await seen('the key of the first push', async () => readFirstPushKey(home));
    return hub;
  };
  return {
    env,
    start: async (...args) => launched(await HubProcess.start(env, args)),
    startAsTyped: async () => launched(await HubProcess.start({ ...env, HOME: home }, [], 'inherit', asTyped)),
    startLogging: async (log) => launched(await HubProcess.start({ ...env, HARK_LOG: 'debug' }, [], log)),
    async remove() {
      for (const hub of started) await hub.stop();
      await database?.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
