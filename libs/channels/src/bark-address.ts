/** A device as its address names it; `server` has no trailing slash. */
export interface BarkAddress {
  readonly server: string;
  readonly key: string;
}

/**
 * Routes of bark-server itself (its source, route table). They win over `/:device_key`, so no key has such a name, and
 * none is part of a server's address.
 */
const routes: ReadonlySet<string> = new Set(['push', 'ping', 'register', 'info', 'healthz', 'mcp']);
const publicServer = 'https://api.day.app';
const deviceKey = /^[\w-]{1,64}$/;
/** A key as bark-server makes them: a short UUID of 22 characters. */
const madeKey = /^[A-Za-z0-9]{22}$/;

/** Whether the text may be the key of a device. */
export const isDeviceKey = (text: string): boolean => deviceKey.test(text) && !isRoute(text);

/**
 * Server and key from an address as people copy it (`https://server/prefix/KEY/title/body`): the segment that looks
 * like a key is the key, everything before it is the server. Under a `known` server the next segment is the key,
 * whatever it looks like. Answers `ambiguous` when several segments may be the key, undefined when none may.
 */
export function readBarkAddress(url: URL, known: readonly string[]): BarkAddress | 'ambiguous' | undefined {
  const whole = url.origin + url.pathname;
  const server = [...known, publicServer].find((one) => `${whole}/`.startsWith(`${one}/`));
  if (server !== undefined) {
    const key = segmentsOf(whole.slice(server.length)).find((segment) => !isRoute(segment));
    return key !== undefined && isDeviceKey(key) ? { server, key } : undefined;
  }
  const segments = segmentsOf(url.pathname);
  const made = segments.filter((segment) => madeKey.test(segment));
  const named = segments.filter((segment) => !isRoute(segment));
  if (made.length > 1 || (made.length === 0 && named.length > 1)) return 'ambiguous';
  const key = made[0] ?? named[0];
  if (key === undefined || !isDeviceKey(key)) return undefined;
  return { server: joined(url.origin, segments.slice(0, segments.indexOf(key))), key };
}

/** The server that an address names, without the device's key or the route behind it. */
export function readBarkServer(url: URL, key: string): string {
  const segments = segmentsOf(url.pathname);
  const at = segments.indexOf(key);
  return joined(url.origin, at < 0 ? segments : segments.slice(0, at));
}

function joined(origin: string, segments: readonly string[]): string {
  const last = segments.findLastIndex((segment) => !isRoute(segment));
  return [origin, ...segments.slice(0, last + 1)].join('/');
}

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');
const isRoute = (segment: string): boolean => routes.has(segment.toLowerCase());
