import { answered, api } from '../api/client';
import type { HeardCode } from './heard-code';

/** Why this browser cannot be told anything; each has a text of its own. */
export type WebPushRefusal = 'denied' | 'push-service';

/** The browser, not the hub, said no. */
export class WebPushError extends Error {
  constructor(readonly reason: WebPushRefusal) {
    super(reason);
  }
}

/** How long the code may take to come back to this page; later it is typed, as for every channel. */
const codeWithinMs = 30_000;

/** True where a browser can be reached with no page open: a secure page, a service worker, the Push API. */
export const canWebPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/**
 * Makes this browser an endpoint: asks its person, subscribes, adds the endpoint, and proves it by the code that comes
 * through the subscription itself. `applicationServerKey`: the hub's public key. Throws `WebPushError`, or what the hub said.
 */
export async function addThisBrowser(applicationServerKey: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new WebPushError('denied');
  const { endpoint = '', keys: { p256dh = '', auth = '' } = {} } = await subscribe(applicationServerKey);
  const code = nextCode();
  const added = await answered(api.POST('/v1/endpoints', { body: { kind: 'webpush', endpoint, p256dh, auth } }));
  const heard = await code;
  if (heard === undefined) return;
  const params = { path: { endpointId: added.id } };
  await answered(api.POST('/v1/endpoints/{endpointId}/verify', { params, body: { code: heard } }));
}

async function subscribe(applicationServerKey: string): Promise<PushSubscriptionJSON> {
  await navigator.serviceWorker.register('/service-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey };
  try {
    // A browser keeps one subscription and refuses a second for another key, such as that of a hub that was here before.
    await (await pushManager.getSubscription())?.unsubscribe();
    return (await pushManager.subscribe(options)).toJSON();
  } catch {
    throw new WebPushError('push-service');
  }
}

/** The code that the service worker hears next; `undefined` when none comes in time. */
function nextCode(): Promise<string | undefined> {
  const { serviceWorker } = navigator;
  return new Promise((resolve) => {
    const end = (code?: string) => {
      clearTimeout(timer);
      serviceWorker.removeEventListener('message', hear);
      resolve(code);
    };
    const hear = ({ data }: MessageEvent<Partial<HeardCode> | null>) => {
      if (data?.hark === 'code') end(data.code);
    };
    const timer = setTimeout(end, codeWithinMs);
    serviceWorker.addEventListener('message', hear);
    // Messages wait until somebody says that they may come, where they are not set as a property.
    serviceWorker.startMessages();
  });
}
