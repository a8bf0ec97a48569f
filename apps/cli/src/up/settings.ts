import { resolve } from 'node:path';
import { HarkError, parseServerUrl } from '@hark/kernel';

/** The settings of `hark up`; the services read theirs from the same environment. */
export interface Settings {
  /** Where the embedded stores keep their data. Absolute. */
  readonly home: string;
  readonly port: number;
  readonly sandboxPort: number;
  /** Of the one health address of all services. */
  readonly healthHost?: string;
  readonly healthPort?: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Addresses that are used before the services read theirs. */
const addresses = [
  'EVENTSTORE_URL',
  'NATS_URL',
  'DATABASE_URL',
  'SMTP_URL',
  'WECHAT_BASE_URL',
  'BARK_BASE_URL',
  'WEBPUSH_BASE_URL',
];

/** Reads HARK_HOME, the ports and the addresses; throws `config.invalid` naming a wrong one. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  for (const name of addresses) assertAddress(name, env[name]);
  return {
    home: resolve(env.HARK_HOME || '.hark'),
    port: portOf(env, 'HARK_PORT', 3000),
    sandboxPort: portOf(env, 'HARK_SANDBOX_PORT', 3100),
    healthHost: env.HARK_HEALTH_HOST || 'localhost',
    healthPort: portOf(env, 'HARK_HEALTH_PORT', 0),
    env,
  };
}

function assertAddress(name: string, value: string | undefined): void {
  if (!value) return;
  try {
    parseServerUrl(value);
  } catch (error) {
    if (!(error instanceof HarkError)) throw error;
    throw new HarkError(error.kind, error.code, `${name} ${error.message}`);
  }
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new HarkError('invalid', 'config.invalid', `${name} must be a port from 0 (a free one) to 65535, not ${value}`);
}
