import { z } from 'zod';
import { sandboxDefaults, type SandboxOptions } from '@hark/sandbox';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const schema = z.object({
  HARK_SANDBOX_PORT: port(3100),
  HARK_SANDBOX_SMTP_PORT: port(0),
  HARK_SANDBOX_STATE: z.string().min(1).optional(),
  WECHAT_APP_ID: z.string().min(1).default(sandboxDefaults.appId),
  WECHAT_APP_SECRET: z.string().min(1).default(sandboxDefaults.appSecret),
});

/** Reads the settings; throws with the name and the reason of every wrong one. */
export function readConfig(env: NodeJS.ProcessEnv): Partial<SandboxOptions> {
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
  };
}
