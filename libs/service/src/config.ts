import { z } from 'zod';
import { logLevels } from './log';
import { parseEnv, setting } from './parse-env';

const shape = {
  EVENTSTORE_URL: setting.url('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'),
  NATS_URL: setting.url('nats', 'tls'),
  DATABASE_URL: setting.url('postgres', 'postgresql'),
  HARK_MASTER_KEY: setting.key(),
  HARK_LOG: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).optional(),
  HARK_CHECK_REPLIES: z.enum(['true', 'false']).default('false'),
  HARK_HEALTH_HOST: z.string().default('localhost'),
  HARK_HEALTH_PORT: setting.port().prefault('0'),
};

/** The settings that every service reads from its environment. A service reads its own with `read`. */
export class Config {
  readonly eventStoreUrl: string;
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly masterKey: Buffer;
  /** Without it nothing is logged. */
  readonly logLevel: (typeof logLevels)[number] | undefined;
  /** For tests: every reply is checked against its contract before it is sent. */
  readonly checkReplies: boolean;
  readonly healthHost: string;
  /** 0: a free one. */
  readonly healthPort: number;

  /** Throws `invalid` `config.invalid` naming what is wrong. */
  constructor(private readonly env: NodeJS.ProcessEnv) {
    const values = parseEnv(shape, env);
    this.eventStoreUrl = values.EVENTSTORE_URL;
    this.natsUrl = values.NATS_URL;
    this.databaseUrl = values.DATABASE_URL;
    this.masterKey = values.HARK_MASTER_KEY;
    this.logLevel = values.HARK_LOG;
    this.checkReplies = values.HARK_CHECK_REPLIES === 'true';
    this.healthHost = values.HARK_HEALTH_HOST;
    this.healthPort = values.HARK_HEALTH_PORT;
  }

  /** Settings of one service's own, by a zod shape; throws `invalid` `config.invalid` naming what is wrong. */
  read<S extends z.ZodRawShape>(own: S): z.output<z.ZodObject<S>> {
    return parseEnv(own, this.env);
  }
}
