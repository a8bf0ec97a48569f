import { z } from 'zod';
import { HarkError } from '@hark/kernel';
import { Config } from './config';
import { Keys } from './keys';
import { parseEnv, setting } from './parse-env';

const key = Buffer.alloc(32, 3);
const env = {
  EVENTSTORE_URL: 'esdb://localhost:2113?tls=false',
  NATS_URL: 'nats://localhost:4222',
  DATABASE_URL: 'postgres://hark@localhost/hark',
  HARK_MASTER_KEY: key.toString('base64'),
};

describe('settings', () => {
  it('are read once, with their defaults', () =>
    expect(new Config({ ...env, HARK_LOG: '' })).toMatchObject({
      eventStoreUrl: env.EVENTSTORE_URL,
      masterKey: key,
      logLevel: undefined,
      healthHost: 'localhost',
      healthPort: 0,
    }));

  it.each([
    ['EVENTSTORE_URL', 'http://localhost', 'must begin with esdb://'],
    ['NATS_URL', '', 'is not set'],
    ['DATABASE_URL', 'mysql://localhost', 'must begin with postgres://'],
    ['EVENTSTORE_URL', 'esdb://u:50%@host', 'has a % that belongs to a name or a password: write it as %25'],
    ['NATS_URL', 'nats://u:a#b@host', 'write it as %23'],
    ['DATABASE_URL', 'postgres://hark:a/b@db/hark', 'write it as %2F'],
    ['HARK_MASTER_KEY', 'short', 'must be 32 bytes in base64'],
    ['HARK_HEALTH_PORT', 'http', 'must be a port number'],
    ['HARK_HEALTH_PORT', '70000', 'must be a port number'],
  ])('name %s when it is %p', (name, value, reason) => {
    const wrong = () => new Config({ ...env, [name]: value });
    expect(wrong).toThrow(HarkError);
    expect(wrong).toThrow(name);
    expect(wrong).toThrow(reason);
  });

  it('of one service are read in the same way', () => {
    const config = new Config({ ...env, HARK_ADMINS: 'email:a@example.org' });
    expect(config.read({ HARK_ADMINS: z.string().default(''), SMTP_URL: z.string().optional() })).toEqual({
      HARK_ADMINS: 'email:a@example.org',
    });
    expect(() => config.read({ SMTP_URL: setting.url('smtp') })).toThrow('SMTP_URL is not set');
    expect(parseEnv({ PORT: setting.port() }, { PORT: '3000' })).toEqual({ PORT: 3_000 });
  });
});

describe('keys', () => {
  it('are the same for the same master key, and all different', () => {
    const keys = Object.values({ ...new Keys(key) }).map((derived) => derived.toString('hex'));
    expect(keys).toEqual(Object.values({ ...new Keys(key) }).map((derived) => derived.toString('hex')));
    expect(new Set([...keys, key.toString('hex')]).size).toBe(keys.length + 1);
    expect(Object.values({ ...new Keys(Buffer.alloc(32, 4)) }).map((derived) => derived.toString('hex'))).not.toEqual(
      keys,
    );
  });

  it('never change: what they signed and sealed is stored', () =>
    expect(new Keys(key).caller.toString('hex')).toBe(
      'b9527d759f7ed8946f16436b1940e2ae598f11fed966b28cad0066c0bbc62fb2',
    ));
});
