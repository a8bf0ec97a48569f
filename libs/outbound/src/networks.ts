import * as ipaddr from 'ipaddr.js';

/** The networks of an operator's list (`10.1.0.0/16`); throws on one that does not parse. */
export class Networks {
  private readonly ranges: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

  constructor(cidrs: readonly string[]) {
    this.ranges = cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  }

  include(address: string): boolean {
    if (address.includes('%') || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.parse(address);
    return this.ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range[0], range[1]));
  }
}
