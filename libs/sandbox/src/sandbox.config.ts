import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const schema = z.object({
  HARK_SANDBOX_PORT: port(3100),
  HARK_SANDBOX_SMTP_PORT: port(0),
  HARK_SANDBOX_STATE: z.string().min(1).optional(),
  WECHAT_APP_ID: z.string().min(1).default('wx74db71d8a9e3b699'),
  WECHAT_APP_SECRET: z.string().min(1).default('sandbox-secret'),
});

/** Everything the sandbox can be told. Times in milliseconds. */
export interface SandboxConfig {
  /** HTTP port on the loopback interface; 0 takes a free one. */
  readonly port: number;
  /** SMTP port on the loopback interface; 0 takes a free one. */
  readonly smtpPort: number;
  /** File that keeps device keys and WeChat users over restarts; absent keeps them in memory only. */
  readonly stateFile: string | undefined;
  readonly appId: string;
  readonly appSecret: string;
  /** Newest incoming requests that the journal keeps. */
  readonly journalMax: number;
  /** Newest arrivals kept per provider, over all device keys, mailboxes and paths. */
  readonly arrivalsMax: number;
  /** How long a `slow` answer takes when the fault names no delay, and how long the mailbox `slow@` thinks. */
  readonly slowMs: number;
  /** After this long a `hang` is cut, so that a forgotten one cannot hold connections for ever. */
  readonly hangMaxMs: number;
  /** How long one `subscribe/send` occupies its openid: another within that time is refused with 43108. */
  readonly subscribeSendMs: number;
}

/** Reads the settings; throws with the name and the reason of every wrong one. */
export function readConfig(env: NodeJS.ProcessEnv, overrides: Partial<SandboxConfig> = {}): SandboxConfig {
  // A variable that is set but empty counts as not set, as shells and compose files do.
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`sandbox settings: ${reasons.join('; ')}`);
  }
  const settings = parsed.data;
  return {
    port: settings.HARK_SANDBOX_PORT,
    smtpPort: settings.HARK_SANDBOX_SMTP_PORT,
    stateFile: settings.HARK_SANDBOX_STATE,
    appId: settings.WECHAT_APP_ID,
    appSecret: settings.WECHAT_APP_SECRET,
    journalMax: 20_000,
    arrivalsMax: 20_000,
    slowMs: 2_000,
    hangMaxMs: 120_000,
    subscribeSendMs: 5,
    ...overrides,
  };
}
