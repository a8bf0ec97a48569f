import * as ipaddr from 'ipaddr.js';

/** What kind of IP address this is. Only `public` ones may be connected to for another person's URL. */
export type AddressClass =
  | 'public'
  | 'unparsable'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'metadata'
  | 'documentation'
  | 'benchmarking'
  | 'multicast'
  | 'reserved'
  | 'embeds-v4';

type Range = readonly [cidr: string, kind: AddressClass];

const refusedV4: readonly Range[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'], // RFC 6598 carrier-grade NAT; Alibaba Cloud's metadata address is here too
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'metadata'], // Azure's host agent: a public address that only the host itself answers
  ['169.254.0.0/16', 'link-local'], // the metadata address of most clouds
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'], // RFC 6890 protocol assignments; Oracle Cloud's metadata address
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'], // 6to4 relays
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'], // broadcast included
];

// Only global unicast (2000::/3) can be public (RFC 4291 2.4). These name the rest for the log, and the exceptions
// inside it.
const refusedV6: readonly Range[] = [
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'embeds-v4'],
  ['::ffff:0:0:0/96', 'embeds-v4'],
  ['::/96', 'embeds-v4'],
  ['64:ff9b::/96', 'embeds-v4'],
  ['64:ff9b:1::/48', 'embeds-v4'],
  ['100::/64', 'reserved'], // discard
  ['2001::/32', 'embeds-v4'], // Teredo
  ['2001:2::/48', 'benchmarking'],
  ['2001:db8::/32', 'documentation'],
  ['2001::/23', 'reserved'], // protocol assignments, ORCHID
  ['2002::/16', 'embeds-v4'], // 6to4
  ['2620:4f:8000::/48', 'reserved'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'reserved'], // segment routing
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'], // site-local, deprecated by RFC 3879
  ['ff00::/8', 'multicast'],
];

const v4Table = refusedV4.map(([cidr, kind]) => [ipaddr.IPv4.parseCIDR(cidr), kind] as const);
const v6Table = refusedV6.map(([cidr, kind]) => [ipaddr.IPv6.parseCIDR(cidr), kind] as const);
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const isatapMarker = 0x5efe;

/**
 * The class of an IP address in canonical text form (four decimal parts, or IPv6 without brackets). Refused by default
 * is everything not plainly public: an IPv6 address outside 2000::/3, one that holds an IPv4 address, one with a zone,
 * and any text that does not parse.
 */
export function classifyAddress(address: string): AddressClass {
  if (address.includes('%')) return 'link-local';
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    const v4 = ipaddr.IPv4.parse(address);
    return v4Table.find(([range]) => v4.match(range))?.[1] ?? 'public';
  }
  if (!ipaddr.IPv6.isValid(address)) return 'unparsable';
  const v6 = ipaddr.IPv6.parse(address);
  const named = v6Table.find(([range]) => v6.match(range))?.[1];
  if (named !== undefined) return named;
  if (v6.parts[5] === isatapMarker) return 'embeds-v4';
  return v6.match(globalUnicast) ? 'public' : 'reserved';
}

/** True when both texts name the same address, also where one is the IPv4-mapped form a dual-stack socket reports. */
export function sameAddress(left: string, right: string): boolean {
  if (!ipaddr.isValid(left) || !ipaddr.isValid(right)) return false;
  return ipaddr.process(left).toNormalizedString() === ipaddr.process(right).toNormalizedString();
}
