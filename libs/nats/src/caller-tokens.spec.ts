import { SignJWT } from 'jose';
import { Caller } from './caller';
import { CallerTokens } from './caller-tokens';

const key = Buffer.alloc(32, 7);
const user: Caller = { kind: 'user', userId: 'u-1', roles: ['user', 'operator'], sessionId: 's-1' };
const id = '0198c0de-0000-7000-8000-000000000001';
const link = { purpose: 'mute', personId: id, bindingId: id, consentId: id, pushId: id } as const;
const unsigned: unknown = expect.objectContaining({ kind: 'refused', code: 'caller.unsigned' });
const verify = async (token: string | undefined, subject = 'auth.bind'): Promise<Caller> =>
  new CallerTokens(key).verify(token, subject);
const forged = (claims: Record<string, unknown>, signingKey = key, seconds = 30): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(`${seconds} s`).sign(signingKey);

describe('caller tokens', () => {
  it.each<Caller>([
    user,
    { kind: 'service', service: 'gateway', roles: [] },
    { kind: 'anonymous', roles: [] },
    { kind: 'anonymous', roles: [], source: '2001:db8:0:1', knownUserId: 'u-1' },
    { kind: 'app', roles: [] },
    { kind: 'key', roles: [] },
    { kind: 'mail-link', roles: [], source: '192.0.2.1', link },
  ])('say who signed: $kind', async (caller) => {
    const tokens = new CallerTokens(key);
    const token = await tokens.sign(caller, 'auth.bind');
    expect(await tokens.verify(token, 'auth.bind')).toEqual(caller);
    expect(await tokens.verify(token, 'auth.bind')).toEqual(caller); // from the cache
    expect(await tokens.sign(caller, 'auth.bind')).toBe(token);
  });

  it('are good for one subject only, also when remembered', async () => {
    const tokens = new CallerTokens(key);
    const token = await tokens.sign(user, 'auth.bind');
    await expect(verify(token, 'auth.unbind')).rejects.toEqual(unsigned);
    await tokens.verify(token, 'auth.bind');
    expect(() => tokens.verify(token, 'auth.unbind')).toThrow(unsigned as Error);
  });

  it('end, also when remembered', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'],
      now: 1_000_000_000_000,
    });
    try {
      const tokens = new CallerTokens(key);
      const token = await tokens.sign(user, 'auth.bind');
      await tokens.verify(token, 'auth.bind');
      jest.setSystemTime(Date.now() + 33_000);
      expect(() => tokens.verify(token, 'auth.bind')).toThrow(unsigned as Error);
      await expect(verify(token)).rejects.toEqual(unsigned);
      expect(await tokens.sign(user, 'auth.bind')).not.toBe(token);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each<[string, () => string | undefined | Promise<string>]>([
    ['nothing', () => undefined],
    ['garbage', () => 'a.b.c'],
    ['a long text', () => 'x'.repeat(100_000)],
    ['another key', () => forged({ kind: 'user', sub: 'u', aud: 'auth.bind' }, Buffer.alloc(32, 8))],
    ['no audience', () => forged({ kind: 'user', sub: 'u' })],
    ['two audiences', () => forged({ kind: 'user', sub: 'u', aud: ['auth.bind', 'auth.unbind'] })],
    ['an unknown kind', () => forged({ kind: 'root', aud: 'auth.bind' })],
    ['a user without a name', () => forged({ kind: 'user', aud: 'auth.bind' })],
    ['roles that are no list', () => forged({ kind: 'user', sub: 'u', roles: 'admin', aud: 'auth.bind' })],
    ['a link without a right', () => forged({ kind: 'mail-link', sub: 'u', aud: 'auth.bind' })],
    ['a link to more', () => forged({ kind: 'mail-link', link: { ...link, purpose: 'bind' }, aud: 'auth.bind' })],
    ['a link to nothing', () => forged({ kind: 'mail-link', link: { purpose: 'mute' }, aud: 'auth.bind' })],
    ['an expired one', () => forged({ kind: 'user', sub: 'u', aud: 'auth.bind' }, key, -60)],
    [
      'no algorithm',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"kind":"service","sub":"x","aud":"auth.bind","exp":9999999999}').toString('base64url')}.`,
    ],
  ])('refuse %s', async (_, token) => expect(verify(await token())).rejects.toEqual(unsigned));
});
