import ipaddr from 'ipaddr.js';

/**
 * The proxies whose `X-Forwarded-For` is believed. From any other address the header is ignored, because a client can
 * write anything into it. Of several hops the last one that is not a trusted proxy counts.
 */
export class TrustedProxies {
  private constructor(private readonly ranges: readonly ReturnType<typeof ipaddr.parseCIDR>[]) {}

  /** From addresses and CIDR ranges, separated by commas; `undefined` when one of them is neither. */
  static parse(text: string): TrustedProxies | undefined {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const ranges = parts.map(rangeOf);
    return ranges.every((range) => range !== undefined) ? new TrustedProxies(ranges) : undefined;
  }

  /** Whether a connection from `address` is a trusted proxy's. */
  has(address: string | undefined): boolean {
    if (this.ranges.length === 0 || address === undefined || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
  }
}

function rangeOf(text: string): ReturnType<typeof ipaddr.parseCIDR> | undefined {
  const [address = ''] = text.split('/');
  // Excludes the short and octal spellings of IPv4 that inet_aton takes.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !address.includes(':')) return undefined;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const parsed = ipaddr.parse(text);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
}
