import { useEffect } from 'react';
import { queries, readAnew } from '../api/queries';
import { accessToken, refreshed } from '../api/session';
import { listName, refreshLists } from './inbox-list';

/** How soon the stream is opened again after it ended. */
const againMs = 2_000;
/** Changes that come together are read together. */
const togetherMs = 300;

/** With it a comment begins. */
const comment = ':'.charCodeAt(0);

/** One tab has the stream and tells the others: a browser has six connections to a host for all of them (HTTP/1.1). */
const name = 'hark.inbox';
const tabs = new BroadcastChannel(name);
/** Absent where a page came without TLS. */
const locks = (navigator as { locks?: LockManager }).locks;

/** How often the inbox is read though nothing was told: some proxies keep streams back, and without locks there is none. */
export const inboxEveryMs = locks ? 60_000 : 4_000;

/** Reads the inbox anew when the hub says that something changed in it. */
export function useLiveInbox(): void {
  useEffect(() => {
    const over = new AbortController();
    tabs.addEventListener('message', readInbox);
    locks?.request(name, { signal: over.signal }, () => follow(over.signal)).catch(() => undefined);
    return () => {
      over.abort();
      tabs.removeEventListener('message', readInbox);
    };
  }, []);
}

/** Not while somebody waits for a page: reading anew would take it from them. */
function readInbox(): void {
  if (queries.isFetching({ queryKey: [listName] }) > 0) setTimeout(readInbox, togetherMs);
  else void Promise.all([readAnew('inbox'), refreshLists()]).catch(() => undefined);
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const token = await accessToken();
    if (token === undefined) return;
    try {
      const response = await fetch('/v1/inbox/stream', { signal, headers: { authorization: `Bearer ${token}` } });
      if (response.status === 401) await refreshed(token);
      else if (response.ok && response.body) await listen(response.body);
    } catch {
      // The network is away, or this tab has left the inbox.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

/** Until the stream ends. It need not know what changed: whoever reads anew sees it, and what came before it was open. */
async function listen(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  for (let first = 0; ;) {
    // A comment says only that the stream is alive.
    if (first !== comment) {
      timer ??= setTimeout(() => {
        timer = undefined;
        readInbox();
        tabs.postMessage('changed');
      }, togetherMs);
    }
    const { done, value } = await reader.read();
    if (done) return;
    first = value[0]!;
  }
}
