import { z } from 'zod';
import { logLevels, parseEnv, RateLimit, setting } from '@hark/service';
import { TrustedProxies } from './http/trusted-proxies';

/** The settings of the gateway. */
export interface GatewayConfig {
  readonly natsUrl: string;
  readonly masterKey: Buffer;
  readonly port: number;
  readonly host: string;
  /** Where people reach the gateway; absent: on this machine, at its port. */
  readonly publicUrl: string | undefined;
  /** Where the sandbox stands that tells who somebody is in WeChat's place; absent: no sandbox does. */
  readonly sandboxUrl: string | undefined;
  readonly logLevel: (typeof logLevels)[number] | undefined;
  readonly healthHost: string;
  readonly healthPort: number;
  /** The proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: TrustedProxies;
  readonly rates: { readonly caller: RateLimit; readonly address: RateLimit };
}

/** Default rates in requests per second, for each caller or address: far above what a person or an app sends today. */
const perSecondDefault = 1_000;
/** How many seconds of its rate a bucket holds. */
const burstSeconds = 2;

/** Reads the settings once; throws `config.invalid` naming every wrong one. */
export function readGatewayConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const values = parseEnv(
    {
      NATS_URL: setting.url('nats', 'tls'),
      HARK_MASTER_KEY: setting.key(),
      HARK_PORT: setting.port().default(3000),
      HARK_HOST: z.string().default('localhost'),
      HARK_PUBLIC_URL: setting.url('http', 'https').optional(),
      HARK_SANDBOX_URL: setting.url('http').optional(),
      HARK_LOG: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).optional(),
      HARK_HEALTH_HOST: z.string().default('localhost'),
      HARK_HEALTH_PORT: setting.port().default(0),
      HARK_TRUSTED_PROXIES: z
        .string()
        .default('')
        .transform((text, context) => {
          const proxies = TrustedProxies.parse(text);
          if (proxies) return proxies;
          context.addIssue({
            code: 'custom',
            message: 'must be addresses or ranges such as 10.0.0.0/8, separated by commas',
          });
          return z.NEVER;
        }),
      HARK_RATE_PER_CALLER: setting.perSecond().default(perSecondDefault),
      HARK_RATE_PER_ADDRESS: setting.perSecond().default(perSecondDefault),
    },
    env,
  );
  return {
    natsUrl: values.NATS_URL,
    masterKey: values.HARK_MASTER_KEY,
    port: values.HARK_PORT,
    host: values.HARK_HOST,
    publicUrl: values.HARK_PUBLIC_URL?.replace(/\/+$/, ''),
    sandboxUrl: values.HARK_SANDBOX_URL?.replace(/\/+$/, ''),
    logLevel: values.HARK_LOG,
    healthHost: values.HARK_HEALTH_HOST,
    healthPort: values.HARK_HEALTH_PORT,
    trustedProxies: values.HARK_TRUSTED_PROXIES,
    rates: {
      caller: rateOf('caller', values.HARK_RATE_PER_CALLER),
      address: rateOf('address', values.HARK_RATE_PER_ADDRESS),
    },
  };
}

const rateOf = (name: RateLimit['name'], perSecond: number): RateLimit => ({
  name,
  perSecond,
  burst: perSecond * burstSeconds,
});
