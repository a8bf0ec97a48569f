import { performance } from 'node:perf_hooks';

const windowMs = 5 * 60_000;
const errorsMax = 500;
const serversMax = 1_000;

/**
 * Counts error replies per server over five minutes. The public Bark server bans an address for a day after 1 000 of
 * them; half of that is where Hark stops by itself.
 */
export class ErrorBudget {
  private readonly servers = new Map<string, { sinceMs: number; errors: number }>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Milliseconds to wait before the next request to `server`; 0 when there is budget. */
  waitMs(server: string): number {
    const spent = this.servers.get(server);
    if (spent === undefined || spent.errors < errorsMax) return 0;
    return Math.max(0, spent.sinceMs + windowMs - this.nowMs());
  }

  /** Notes an error reply. */
  spend(server: string): void {
    const nowMs = this.nowMs();
    const spent = this.servers.get(server);
    const fresh = spent === undefined || nowMs - spent.sinceMs >= windowMs;
    this.servers.delete(server);
    this.servers.set(server, fresh ? { sinceMs: nowMs, errors: 1 } : { ...spent, errors: spent.errors + 1 });
    if (this.servers.size > serversMax) this.servers.delete(this.servers.keys().next().value ?? '');
  }
}
