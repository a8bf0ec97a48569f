import { logLevels, parseEnv, setting } from '@hark/service';
import { z } from 'zod';

/** The settings of the gateway. */
export interface GatewayConfig {
  readonly natsUrl: string;
  readonly masterKey: Buffer;
  readonly port: number;
  readonly host: string;
  readonly logLevel: (typeof logLevels)[number] | undefined;
  readonly healthHost: string;
  readonly healthPort: number;
}

/** Reads them once; throws `config.invalid` naming every wrong one. */
export function readGatewayConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const values = parseEnv(
    {
      NATS_URL: setting.url('nats', 'tls'),
      HARK_MASTER_KEY: setting.key(),
      HARK_PORT: setting.port().default(3000),
      HARK_HOST: z.string().default('localhost'),
      HARK_LOG: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).optional(),
      HARK_HEALTH_HOST: z.string().default('127.0.0.1'),
      HARK_HEALTH_PORT: setting.port().default(0),
    },
    env,
  );
  return {
    natsUrl: values.NATS_URL,
    masterKey: values.HARK_MASTER_KEY,
    port: values.HARK_PORT,
    host: values.HARK_HOST,
    logLevel: values.HARK_LOG,
    healthHost: values.HARK_HEALTH_HOST,
    healthPort: values.HARK_HEALTH_PORT,
  };
}
