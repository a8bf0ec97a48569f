import * as ipaddr from 'ipaddr.js';
import { classifyAddress } from './address-class';
import { Networks } from './networks';
import { OutboundError } from './outbound-error';

/** Where a request may go. A missing field takes the strict default. */
export interface TargetOptions {
  /**
   * Origins that the operator configured (`https://api.day.app`, `http://localhost:3100`; a path is ignored). Only
   * `trusted` requests go there, without the rules on scheme, port, name and address; another person's URL never does.
   */
  readonly allowOrigins?: readonly string[];
  /** Plain http for other people's URLs. Default false. */
  readonly allowHttp?: boolean;
  /** Ports for other people's URLs. Default 443 and 8443, with `allowHttp` also 80. */
  readonly allowPorts?: readonly number[];
  /** Networks (CIDR) that other people's URLs may reach although they are not public, e.g. an intranet. Default none. */
  readonly allowNetworks?: readonly string[];
  /** Names that this hub answers under. Refused for other people's URLs, so that no webhook calls the hub itself. */
  readonly ownHosts?: readonly string[];
}

/** A URL that passed every rule which needs no name resolution. */
export interface Target {
  readonly url: URL;
  /** True when the request is `trusted` and its origin is configured. */
  readonly configured: boolean;
  /** The host without brackets: a name in ASCII, or an IP literal. */
  readonly host: string;
  readonly isLiteral: boolean;
}

const urlCharactersMax = 2_048;
const strictPorts = [443, 8443];
const inwardNames =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|svc|onion|invalid|test)$/;
/** A name that has a meaning only inside a network. */
export const isInwardName = (host: string): boolean => inwardNames.test(host);
const portOf = (url: URL): number => (url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80);

/** The rules a URL must pass before anything is resolved or connected. */
export class TargetRules {
  private readonly origins: ReadonlySet<string>;
  /** For other people's URLs only. */
  readonly ports: ReadonlySet<number>;
  private readonly networks: Networks;
  private readonly ownHosts: ReadonlySet<string>;
  private readonly allowHttp: boolean;

  constructor(options: TargetOptions) {
    this.origins = new Set((options.allowOrigins ?? []).map(originOf));
    this.allowHttp = options.allowHttp ?? false;
    this.ports = new Set(options.allowPorts ?? (this.allowHttp ? [...strictPorts, 80] : strictPorts));
    this.networks = new Networks(options.allowNetworks ?? []);
    this.ownHosts = new Set((options.ownHosts ?? []).map((host) => host.toLowerCase()));
  }

  /**
   * The target of `text`, or `OutboundError` `refused` naming the rule. Resolves nothing. `trusted`: the hub itself
   * wrote the URL, so its origin must be configured. A URL that a person typed must keep every rule, even when it names
   * a configured origin.
   */
  parse(text: string, trusted = false): Target {
    // WHATWG parsing drops tabs and newlines and reads a backslash as a slash. Different programs read such a text as
    // different hosts, so it is refused before parsing hides that.
    if (text.length > urlCharactersMax || !/^[^\s\\\p{Cc}]+$/u.test(text)) throw refused('url');
    const url = URL.parse(text);
    if (url === null) throw refused('url');
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('scheme');
    if (!/^https?:\/\/[^/?#]/i.test(text)) throw refused('url'); // WHATWG also takes `https:host` and `https:///host`
    if (/^https?:\/\/[^/?#]*@/i.test(text)) throw refused('userinfo');
    if (url.hash !== '') throw refused('fragment');
    const literal = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const isLiteral = url.hostname.startsWith('[') || ipaddr.IPv4.isValidFourPartDecimal(literal);
    if (trusted && !this.origins.has(url.origin)) throw refused('not-configured');
    const target = { url, host: literal, isLiteral, configured: trusted };
    if (!trusted) this.assertForeign(target);
    return target;
  }

  /** Throws `refused` unless a request for another person's URL may go to this address. */
  assertAddress(address: string): void {
    const kind = classifyAddress(address);
    if (kind !== 'public' && !this.networks.include(address)) throw refused(`address-${kind}`);
  }

  private assertForeign({ url, host, isLiteral }: Target): void {
    if (url.protocol === 'http:' && !this.allowHttp) throw refused('scheme');
    if (!this.ports.has(portOf(url))) throw refused('port');
    if (this.ownHosts.has(host)) throw refused('own-host');
    if (isLiteral) return this.assertAddress(host);
    if (!/^[a-z0-9._-]+$/.test(host) || !host.includes('.') || host.endsWith('.')) throw refused('name');
    if (isInwardName(host)) throw refused('name');
  }
}

const refused = (rule: string) => new OutboundError('refused', rule);

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('a configured origin is not an http(s) URL');
  return url.origin;
}
