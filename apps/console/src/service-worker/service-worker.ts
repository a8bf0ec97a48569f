// Shows what the hub sends to this browser while no page of the console is open. Served at /service-worker.js, in one file.
import type { HeardCode } from '../channels/heard-code';

declare const self: ServiceWorkerGlobalScope;

/** What the hub sends: `WebPushMessage` of libs/channels. */
interface Message {
  readonly title: string;
  readonly body: string;
  readonly lang: string;
  readonly tag: string;
  readonly dedupeId: string;
  readonly path: string;
  readonly silent: boolean;
  readonly stays: boolean;
  readonly at?: string;
  readonly code?: string;
}

// A new build takes over at once: nothing of the old one is under way in a worker that only shows notifications.
self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('push', (event) => event.waitUntil(show(event.data)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data as { path: string }).path));
});

/** Every message must be shown, or the browser shows one of its own (Push API: `userVisibleOnly`). */
async function show(data: PushMessageData | null): Promise<void> {
  const message = read(data);
  const { title, body, lang, tag, dedupeId, silent, stays, at, path } = message;
  const [shown] = tag === '' ? [] : await self.registration.getNotifications({ tag });
  const isCopy = (shown?.data as { dedupeId?: string } | undefined)?.dedupeId === dedupeId;
  await self.registration.showNotification(title, {
    body,
    lang,
    tag,
    silent,
    requireInteraction: stays,
    // A later message under the same tag rings again; a second copy of the same one does not.
    ...(tag !== '' && { renotify: !isCopy && !silent }),
    ...(at !== undefined && { timestamp: Date.parse(at) }),
    data: { path, dedupeId },
  });
  if (message.code !== undefined) await tellPages({ hark: 'code', code: message.code });
}

function read(data: PushMessageData | null): Message {
  const nothing = { title: 'Hark', body: '', lang: '', tag: '', dedupeId: '', path: '/', silent: false, stays: false };
  try {
    return { ...nothing, ...(data?.json() as Partial<Message>) };
  } catch {
    return nothing;
  }
}

async function tellPages(heard: HeardCode): Promise<void> {
  for (const page of await self.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    page.postMessage(heard);
}

/** A page that shows it already comes to the front; else a new one opens. Only paths of the console's own. */
async function open(path: string): Promise<void> {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const same = pages.find((page) => new URL(page.url).pathname === url.pathname);
  await (same === undefined ? self.clients.openWindow(url.href) : same.focus());
}
