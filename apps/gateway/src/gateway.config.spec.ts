import { randomBytes } from 'node:crypto';
import { readGatewayConfig } from './gateway.config';

const needed = { NATS_URL: 'nats://localhost:4222', HARK_MASTER_KEY: randomBytes(32).toString('base64') };

describe('the settings', () => {
  it('are few, and have generous defaults', () => {
    expect(readGatewayConfig(needed)).toMatchObject({
      port: 3000,
      host: 'localhost',
      healthHost: 'localhost',
      healthPort: 0,
      rates: {
        caller: { name: 'caller', perSecond: 1_000, burst: 2_000 },
        address: { name: 'address', perSecond: 1_000, burst: 2_000 },
      },
    });
  });

  it('can turn the limits off', () => {
    const { rates } = readGatewayConfig({ ...needed, HARK_RATE_PER_CALLER: '0', HARK_RATE_PER_ADDRESS: '5' });
    expect([rates.caller.perSecond, rates.address.burst]).toEqual([0, 10]);
  });

  it.each([
    ['NATS_URL', 'http://localhost'],
    ['NATS_URL', ''],
    ['HARK_MASTER_KEY', 'c2hvcnQ='],
    ['HARK_PORT', '65536'],
    ['HARK_PORT', 'http'],
    ['HARK_HEALTH_PORT', '-1'],
    ['HARK_LOG', 'loud'],
    ['HARK_RATE_PER_CALLER', '1e3'],
    ['HARK_RATE_PER_ADDRESS', '-5'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(() => readGatewayConfig({ ...needed, [name]: value })).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(name) as string }) as Error,
    );
  });
});
