import { TrustedProxies } from './trusted-proxies';

describe('trusted proxies', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['192.0.2.7, 2001:db8::/32', '192.0.2.7', true],
    ['192.0.2.7, 2001:db8::/32', '2001:db8::9', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['', '127.0.0.1', false],
    ['0.0.0.0/0', 'nonsense', false],
  ])('%j holds %s: %s', (list, address, held) => expect(TrustedProxies.parse(list)!.has(address)).toBe(held));

  it.each(['x', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '::1/129', '10.0.0/8', 'localhost'])(
    '%s is no list',
    (list) => expect(TrustedProxies.parse(list)).toBeUndefined(),
  );
});
