import { chosenLanguage } from '../texts/language';

import type { components } from '#openapi';

type Opened = components['schemas']['Session'];
type LogInCode = components['schemas']['LogInCode'];
/** Who is logged in on this browser: `asking` until that is known. */
export type Session =
  { readonly is: 'asking' } | { readonly is: 'none' } | { readonly is: 'open'; readonly user: Opened['user'] };

interface Held {
  readonly token: string;
  readonly expiresAtMs: number;
  readonly user: Opened['user'];
  /** Names this refresh among the tabs of the browser. */
  readonly id: string;
}

/** Names the last refresh of any tab; absent: nobody is logged in here. No secret. */
const lastRefresh = 'hark.session';
/** A token is refreshed so long before it ends. */
const earlyMs = 30_000;
/** A tab that waits longer for its turn was not the first. */
const turnMs = 20;
/** How long a tab waits for what another tab has just refreshed. */
const heardWithinMs = 1_000;

let held: Held | undefined;
let session: Session = { is: 'asking' };
const listeners = new Set<() => void>();
const tabs = new BroadcastChannel('hark.session');

tabs.onmessage = ({ data }: MessageEvent<Held | null>) => take(data ?? undefined);

/** For `useSyncExternalStore`. */
export const sessionStore = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): Session => session,
};

/** Finds out whether somebody is logged in on this browser. Called once, when the page is loaded. */
export async function findSession(): Promise<void> {
  if (localStorage.getItem(lastRefresh) === null) return take(undefined);
  await refreshed(undefined);
}

/** The access token, fresh for half a minute at least; `undefined` when nobody is logged in. */
export async function accessToken(): Promise<string | undefined> {
  if (!held) return undefined;
  return Date.now() < held.expiresAtMs - earlyMs ? held.token : refreshed(held.token);
}

/**
 * A token other than `spent`. Of all tabs one asks the hub and tells the others; the refresh token itself lies in a
 * cookie that no script reads. `undefined` when the session has ended.
 */
export async function refreshed(spent: string | undefined): Promise<string | undefined> {
  const askedMs = performance.now();
  return oneTabAtATime(async () => {
    const isNew = () => held !== undefined && held.token !== spent;
    // Whoever had to wait for its turn comes after another tab; the storage tells of it too, but may be late in this one.
    const isSecond = performance.now() - askedMs > turnMs || localStorage.getItem(lastRefresh) !== held?.id;
    if (spent !== undefined && isSecond && !isNew()) await heard();
    if (held && isNew()) return held.token;
    const response = await post('/v1/sessions/refresh', {});
    if (response.ok) return tell((await response.json()) as Opened);
    // Only a clear no ends it here: during an outage people stay logged in.
    if (response.status === 401) over();
    return undefined;
  });
}

/** Asks for a code by mail; answers the challenge it belongs to. */
export async function askForCode(address: string): Promise<LogInCode> {
  return (await answer(await post('/v1/sessions', { provider: 'email', address }))) as LogInCode;
}

/** Logs this browser in. Throws the `Response`'s problem document when it is refused. */
export async function logIn(
  proof:
    | { provider: 'email'; challengeId: string; code: string }
    | { provider: 'device'; deviceCode: string }
    | { provider: 'wechat'; code: string },
): Promise<void> {
  tell((await answer(await post('/v1/sessions', proof))) as Opened);
}

/** Ends the session on all tabs, also when the hub does not answer. */
export async function logOut(): Promise<void> {
  const token = held?.token;
  over();
  await fetch('/v1/sessions/current', {
    method: 'DELETE',
    headers: { ...inCookie, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  }).catch(() => undefined);
}

const inCookie = { 'hark-session': 'cookie' };

const post = (path: string, body: object): Promise<Response> =>
  fetch(path, {
    method: 'POST',
    headers: { ...inCookie, 'content-type': 'application/json', 'accept-language': chosenLanguage() },
    body: JSON.stringify(body),
  });

async function answer(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  if (response.ok) return body;
  throw body;
}

function tell({ accessToken: token, expiresIn, user }: Opened): string {
  const mine: Held = { token, user, expiresAtMs: Date.now() + expiresIn * 1_000, id: newId() };
  localStorage.setItem(lastRefresh, mine.id);
  tabs.postMessage(mine);
  take(mine);
  return token;
}

/** `crypto.randomUUID` is there with TLS only. */
const newId = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

function over(): void {
  localStorage.removeItem(lastRefresh);
  tabs.postMessage(null);
  take(undefined);
}

function take(next: Held | undefined): void {
  held = next;
  session = next ? { is: 'open', user: next.user } : { is: 'none' };
  for (const listener of listeners) listener();
}

/** Until another tab tells of a session, or it is clear that none will. */
const heard = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, heardWithinMs);
    listeners.add(done);
    function done(): void {
      clearTimeout(timer);
      listeners.delete(done);
      resolve();
    }
  });

/** Browsers without locks (pages without TLS) refresh per tab; the hub answers a doubled refresh with the same pair. */
const oneTabAtATime = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('hark.session', work) : work();
