import { HttpFront } from './http/http-front';
import type { ShownHub } from './page/page';
import { Sandbox } from './sandbox';
import { readConfig, type SandboxConfig } from './sandbox.config';

/** A running sandbox. Both addresses are on the loopback interface and end without a slash. */
export interface RunningSandbox {
  /** Base of everything over HTTP: `url + '/wechat'` is WECHAT_BASE_URL, `url + '/bark'` is BARK_BASE_URL. */
  readonly url: string;
  /** SMTP_URL: no encryption, any credentials or none. */
  readonly smtpUrl: string;
  /** Has the page tell about the hub that this sandbox stands in for. */
  showHub(hub: ShownHub): void;
  /** Cuts every connection and stops. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the stand-ins for WeChat, Bark, mail and webhooks. Rejects, with nothing left open, when a setting is wrong
 * or a port is taken.
 */
export async function start(env: NodeJS.ProcessEnv, overrides?: Partial<SandboxConfig>): Promise<RunningSandbox> {
  const config = readConfig(env, overrides);
  const sandbox = new Sandbox(config);
  const front = new HttpFront((request) => sandbox.dispatch(request));
  const close = async () => void (await Promise.all([front.close(), sandbox.mail.close()]));
  const showHub = (hub: ShownHub) => void (sandbox.hub = hub);
  try {
    const port = await front.listen(config.port);
    const smtpPort = await sandbox.mail.listen(config.smtpPort);
    return { url: `http://127.0.0.1:${port}`, smtpUrl: `smtp://127.0.0.1:${smtpPort}`, showHub, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function runAlone(): Promise<void> {
  const sandbox = await start(process.env);
  console.log(`sandbox ${sandbox.url} ${sandbox.smtpUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
}

if (require.main === module) {
  runAlone().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
