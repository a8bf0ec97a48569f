import { resolve } from 'node:path';
import { HarkError } from '@hark/kernel';

/** What `hark up` is told by its environment; the services read their own settings from the same one. */
export interface Settings {
  /** Where the embedded stores keep their data. Absolute. */
  readonly home: string;
  readonly port: number;
  readonly sandboxPort: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Reads HARK_HOME, HARK_PORT and HARK_SANDBOX_PORT; throws `config.invalid` naming the wrong one. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    home: resolve(env.HARK_HOME || '.hark'),
    port: portOf(env, 'HARK_PORT', 3000),
    sandboxPort: portOf(env, 'HARK_SANDBOX_PORT', 3100),
    env,
  };
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new HarkError('invalid', 'config.invalid', `${name} must be a port from 0 (a free one) to 65535, not ${value}`);
}
