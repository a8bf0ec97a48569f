import { AddressClass, classifyAddress, sameAddress } from './address-class';
import { Networks } from './networks';

const table: readonly (readonly [string, AddressClass])[] = [
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['100.63.255.255', 'public'],
  ['100.64.0.1', 'shared'],
  ['100.100.100.200', 'shared'],
  ['100.127.255.255', 'shared'],
  ['100.128.0.0', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['168.63.129.16', 'metadata'],
  ['169.254.169.254', 'link-local'],
  ['172.15.255.255', 'public'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'public'],
  ['192.0.0.192', 'reserved'],
  ['192.0.2.1', 'documentation'],
  ['192.88.99.1', 'reserved'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarking'],
  ['198.19.255.255', 'benchmarking'],
  ['198.20.0.0', 'public'],
  ['198.51.100.7', 'documentation'],
  ['203.0.113.9', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['1.1.1.1', 'public'],
  ['8.8.8.8', 'public'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'embeds-v4'],
  ['::ffff:8.8.8.8', 'embeds-v4'],
  ['::ffff:0:7f00:1', 'embeds-v4'],
  ['::127.0.0.1', 'embeds-v4'],
  ['64:ff9b::7f00:1', 'embeds-v4'],
  ['64:ff9b:1:ffff::a00:1', 'embeds-v4'],
  ['100::1', 'reserved'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'embeds-v4'],
  ['2001:2::1', 'benchmarking'],
  ['2001:20::1', 'reserved'],
  ['2001:db8::1', 'documentation'],
  ['2002:7f00:1::', 'embeds-v4'],
  ['2606:4700::5efe:7f00:1', 'embeds-v4'],
  ['2606:4700:0:0:0:5efe:7f00:1', 'embeds-v4'],
  ['2606:4700:0:0:200:5efe:a00:1', 'embeds-v4'],
  ['3fff::1', 'documentation'],
  ['4000::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['fc00::1', 'private'],
  ['fd00:ec2::254', 'private'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['2606:4700::1111%1', 'link-local'],
  ['fec0::1', 'private'],
  ['ff02::1', 'multicast'],
  ['2606:4700:4700::1111', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['', 'unparsable'],
  ['localhost', 'unparsable'],
  ['127.1', 'unparsable'],
  ['0x7f000001', 'unparsable'],
  ['2130706433', 'unparsable'],
];

describe('the class of an address', () => {
  it.each(table)('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });
});

describe('the same address', () => {
  it('is recognised in the mapped form of a dual-stack socket', () => {
    expect(sameAddress('::ffff:8.8.8.8', '8.8.8.8')).toBe(true);
    expect(sameAddress('2001:4860:4860:0:0:0:0:8888', '2001:4860:4860::8888')).toBe(true);
  });

  it('is told from another one, and from what does not parse', () => {
    expect(sameAddress('8.8.8.8', '8.8.4.4')).toBe(false);
    expect(sameAddress('', '')).toBe(false);
  });
});

describe("an operator's networks", () => {
  it('include what lies inside them and nothing else', () => {
    const networks = new Networks(['10.1.0.0/16', 'fd00::/64']);
    expect(networks.include('10.1.2.3')).toBe(true);
    expect(networks.include('10.2.0.1')).toBe(false);
    expect(networks.include('fd00::5')).toBe(true);
    expect(networks.include('::ffff:10.1.2.3')).toBe(false);
  });

  it('fail loudly when mistyped', () => {
    expect(() => new Networks(['10.1.0.0/33x'])).toThrow();
  });
});
