import ipaddr from 'ipaddr.js';

/**
 * The name under which an address is counted: for IPv6 its first 64 bits, because one subscriber has all addresses
 * below; for an IPv4 address in the form of IPv6 that address. However it is written it has one name, without the port
 * that some proxies add.
 */
export function addressName(address: string): string {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
  if (!ipaddr.isValid(bare)) return bare.slice(0, nameCharsMax);
  const parsed = ipaddr.process(bare);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const { parts } = parsed as ipaddr.IPv6;
  return parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}

const nameCharsMax = 64;
