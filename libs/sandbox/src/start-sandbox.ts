import { Dispatcher } from './http/dispatcher';
import { HttpFront } from './http/http-front';
import { Sandbox, type ShownHub } from './sandbox';
import { sandboxDefaults, type SandboxOptions } from './sandbox-options';

/** A running sandbox. Both addresses are on the loopback interface and end without a slash. */
export interface RunningSandbox {
  /** Base of everything over HTTP. */
  readonly url: string;
  /** No encryption, any credentials or none. */
  readonly smtpUrl: string;
  /** The settings with which a hub uses the sandbox as its providers. */
  readonly settings: {
    readonly WECHAT_APP_ID: string;
    readonly WECHAT_APP_SECRET: string;
    readonly WECHAT_BASE_URL: string;
    readonly BARK_BASE_URL: string;
    readonly WEBPUSH_BASE_URL: string;
    readonly SMTP_URL: string;
  };
  /** The stand-ins themselves, for code in the same process: everything the control API can do, without HTTP. */
  readonly standIns: Sandbox;
  /** Makes the page link to the hub that this sandbox stands in for. */
  showHub(hub: ShownHub): void;
  /** Cuts every connection and stops. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the stand-ins for WeChat, Bark, mail and webhooks, on free ports unless told otherwise. Rejects, with nothing left
 * open, when a port is taken.
 */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const config = { ...sandboxDefaults, ...options };
  const standIns = new Sandbox(config);
  const dispatcher = new Dispatcher(standIns);
  const front = new HttpFront((request) => dispatcher.dispatch(request));
  const close = async () => void (await Promise.all([front.close(), standIns.mail.close()]));
  const showHub = (hub: ShownHub) => void (standIns.hub = hub);
  try {
    const url = `http://127.0.0.1:${await front.listen(config.port)}`;
    const smtpUrl = `smtp://127.0.0.1:${await standIns.mail.listen(config.smtpPort)}`;
    const settings = {
      WECHAT_APP_ID: config.appId,
      WECHAT_APP_SECRET: config.appSecret,
      WECHAT_BASE_URL: `${url}/wechat`,
      BARK_BASE_URL: `${url}/bark`,
      WEBPUSH_BASE_URL: `${url}/webpush`,
      SMTP_URL: smtpUrl,
    };
    return { url, smtpUrl, settings, standIns, showHub, close };
  } catch (error) {
    await close();
    throw error;
  }
}
