import { Resolver as CaresResolver } from 'node:dns/promises';
import { Resolver } from './resolver';

const triesMax = 2;

/**
 * Asks the machine's name servers directly. Not `getaddrinfo`: it would also read the hosts file and search domains (a
 * cluster's service names), it cannot be cancelled, and four slow names would fill Node's thread pool and block all
 * file access.
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

  override async texts(name: string, timeoutMs: number): Promise<readonly string[]> {
    const resolver = new CaresResolver({ timeout: Math.max(1, Math.floor(timeoutMs / triesMax)), tries: triesMax });
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch {
      return []; // no such name, no such record, or no answer in time
    } finally {
      clearTimeout(timer);
    }
  }
}
