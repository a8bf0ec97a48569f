import { join } from 'node:path';
import { Disposables } from '@hark/kernel';
import { HubThread } from './hub-thread';
import { Settings } from './settings';
import { watched } from './watched';

/** Where the sandbox is. */
export interface SandboxPlace {
  readonly url: string;
  readonly smtpUrl: string;
}

/** The hub that the sandbox's page shows. */
export interface ShownHub {
  readonly url: string;
  readonly pushLine: string;
}

/** The stand-ins for the providers that are not set, in a thread of their own. */
export interface Sandbox extends SandboxPlace {
  /** Makes the sandbox's page link to the hub. */
  readonly showHub: (hub: ShownHub) => void;
}

/** The sandbox stands in for every provider without an address. When all have one it is not started. */
const providers = ['WECHAT_BASE_URL', 'SMTP_URL', 'BARK_BASE_URL'] as const;
const credentials = { WECHAT_APP_ID: 'wx74db71d8a9e3b699', WECHAT_APP_SECRET: 'sandbox-secret' };

/** Starts the sandbox when a provider has no address. `lost` is called when it ended by itself. */
export async function startSandbox(
  { env, home, sandboxPort }: Settings,
  started: Disposables,
  lost: (what: string) => void,
): Promise<Sandbox | undefined> {
  if (providers.every((name) => env[name])) return undefined;
  const thread = await HubThread.start<SandboxPlace>('sandbox', {
    ...credentials,
    ...env,
    HARK_SANDBOX_PORT: String(sandboxPort),
    // Its devices and visits must survive a restart like everything else, or endpoints would look gone.
    HARK_SANDBOX_STATE: join(home, 'sandbox.ndjson'),
  });
  started.add(watched('the sandbox', thread, lost));
  return { ...thread.said, showHub: (hub) => thread.tell(hub) };
}

/** The settings with which the services use the sandbox in the place of the providers that are not set. */
export function settingsOf({ url, smtpUrl }: SandboxPlace, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...(!env.WECHAT_BASE_URL && {
      ...credentials,
      ...pick(env, Object.keys(credentials)),
      WECHAT_BASE_URL: `${url}/wechat`,
      // Anybody can log in as anybody there: a second factor would protect nothing.
      HARK_SECOND_FACTOR: env.HARK_SECOND_FACTOR || 'off',
      HARK_SANDBOX_URL: url,
    }),
    ...(!env.SMTP_URL && { SMTP_URL: smtpUrl }),
    ...(!env.BARK_BASE_URL && { BARK_BASE_URL: `${url}/bark` }),
    ...(!env.WEBPUSH_BASE_URL && { WEBPUSH_BASE_URL: `${url}/webpush` }),
  };
}

const pick = (env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
