import type { CDPSession } from 'playwright-core';
import { seen } from '../demo/wait';
import type { HubProcess } from '../up/hub-process';
import type { Visitor } from './browser.fixture';

interface Subscribed {
  readonly path: string;
  readonly keys: object;
}
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly path: string;
}

// In the page: a browser without a line to its maker has no push service, so the sandbox's stands in its place.
const subscribeBySandbox = `PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  const subscription = await subscribeAtSandbox(applicationServerKey);
  return { toJSON: () => subscription };
};`;
// In the service worker.
const listNotifications = `registration.getNotifications().then((all) =>
  all.map(({ title, body, data }) => ({ title, body, path: data.path })))`;

/** What stands between the hub and a browser's service worker: the sandbox's push service, and the debugger that hands on. */
export class BrowserPush {
  private path = '';
  private registrationId = '';

  private constructor(
    private readonly visitor: Visitor,
    private readonly hub: HubProcess,
    private readonly debug: CDPSession,
  ) {}

  /** For `visitor`, whose next page may subscribe. */
  static async of(visitor: Visitor, hub: HubProcess): Promise<BrowserPush> {
    const { context, page } = visitor;
    await context.grantPermissions(['notifications'], { origin: hub.url });
    const debug = await context.newCDPSession(page);
    const push = new BrowserPush(visitor, hub, debug);
    debug.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const { registrationId, isDeleted } of registrations) if (!isDeleted) push.registrationId = registrationId;
    });
    await debug.send('ServiceWorker.enable');
    await page.exposeFunction('subscribeAtSandbox', (key: string) => push.subscribe(key));
    await context.addInitScript({ content: subscribeBySandbox });
    return push;
  }

  /** Hands the `at`-th message that came for this browser to its service worker, as the browser would. */
  async hears(at: number): Promise<void> {
    const data = await seen(`message ${at} for the browser`, async () => (await this.messages())[at]?.data);
    await this.debug.send('ServiceWorker.deliverPushMessage', {
      origin: this.hub.url,
      registrationId: this.registrationId,
      data,
    });
  }

  /** What the browser shows. */
  async notifications(): Promise<Shown[]> {
    const [worker] = this.visitor.context.serviceWorkers();
    return worker!.evaluate<Shown[]>(listNotifications);
  }

  /** The subscription ends, as when a person takes the permission back. */
  async unsubscribe(): Promise<void> {
    await this.control('/unsubscriptions', { path: this.path });
  }

  private async subscribe(applicationServerKey: string): Promise<object> {
    const { path, keys } = (await this.control('/subscriptions', { applicationServerKey })) as Subscribed;
    this.path = path;
    return { endpoint: this.hub.sandboxUrl + path, keys };
  }

  private async messages(): Promise<{ data?: string }[]> {
    if (this.path === '') return [];
    const list = await fetch(`${this.hub.sandboxUrl}/control/webpush/messages?path=${this.path}`);
    return ((await list.json()) as { items: { data?: string }[] }).items;
  }

  private async control(call: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.hub.sandboxUrl}/control/webpush${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return response.json();
  }
}
