import { Resolver as CaresResolver } from 'node:dns/promises';

/** Where the guard takes a foreign host's addresses from. A port, so that tests answer for the name server. */
export abstract class Resolver {
  /** All IPv4 and IPv6 addresses of `host` as text; throws an error with a system `code` when there are none. */
  abstract resolve(host: string, timeoutMs: number): Promise<readonly string[]>;
}

const triesMax = 2;

/**
 * Asks the name servers of the machine directly. Not `getaddrinfo`: that would also read the hosts file and search
 * domains (a cluster's service names), cannot be cut short, and four slow names would block every file access.
 */
export class DnsResolver extends Resolver {
  async resolve(host: string, timeoutMs: number): Promise<readonly string[]> {
    const resolver = new CaresResolver({ timeout: Math.max(1, Math.floor(timeoutMs / triesMax)), tries: triesMax });
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error('no address');
      return found;
    } finally {
      clearTimeout(timer);
    }
  }
}
