import { Breakers } from './breakers';
import { Deadline } from './deadline';
import { DnsResolver } from './dns-resolver';
import { parseProxyUrl } from './outbound-proxy';
import { boundRequest, OutboundReply, OutboundRequest } from './outbound-request';
import { Resolver } from './resolver';
import { TargetOptions, TargetRules } from './target-rules';
import { TrustedRoute } from './trusted-route';
import { UntrustedRoute } from './untrusted-route';

/** Where requests may go, and who resolves names (default: the machine's name servers). */
export interface OutboundOptions extends TargetOptions {
  readonly resolver?: Resolver;
  /**
   * `HARK_OUTBOUND_PROXY` (`parseProxyUrl`). The guard still runs here: names are resolved and checked before the proxy
   * is asked.
   */
  readonly proxyUrl?: string | undefined;
}

const textsMs = 3_000;
const textsMax = 100;

/**
 * The only place that sends HTTP to the outside. Each request is tried once within one deadline; redirects are not
 * followed, nothing is decompressed, no cookies are kept. A caller that retries must look at the error's reason first.
 */
export class Outbound {
  private readonly rules: TargetRules;
  private readonly configured: TrustedRoute;
  private readonly foreign: UntrustedRoute;
  private readonly resolver: Resolver;
  private readonly breakers = new Breakers();

  constructor(options: OutboundOptions = {}) {
    this.rules = new TargetRules(options);
    const proxy = options.proxyUrl === undefined ? undefined : parseProxyUrl(options.proxyUrl);
    this.configured = new TrustedRoute(proxy);
    this.resolver = options.resolver ?? new DnsResolver();
    this.foreign = new UntrustedRoute(this.rules, this.resolver, proxy);
  }

  /** The ports that a person's URL may use. */
  get ports(): readonly number[] {
    return [...this.rules.ports];
  }

  /** The answer, whatever its status; `OutboundError` when there is none. */
  async request(request: OutboundRequest): Promise<OutboundReply> {
    const target = this.rules.parse(request.url, request.trusted);
    const bounded = boundRequest(request);
    const deadline = new Deadline(bounded.timeoutMs);
    const route = target.configured ? this.configured : this.foreign;
    return this.breakers.run(target.url.origin, target.configured, () => route.send(target, bounded, deadline));
  }

  /**
   * Throws `refused` for a person's URL that no request may go to. Resolves no name, so a URL that passes may still be
   * refused when it is requested.
   */
  assertAllowed(url: string): void {
    this.rules.parse(url);
  }

  /** The TXT records of a public name; none for every other name, and where none is found in time. */
  async texts(name: string): Promise<readonly string[]> {
    try {
      this.rules.parse(`https://${name}/`);
    } catch {
      return [];
    }
    return ((await this.resolver.texts?.(name, textsMs)) ?? []).slice(0, textsMax);
  }

  /** Closes kept connections. Requests under way fail. */
  async close(): Promise<void> {
    await this.configured.close();
  }
}
