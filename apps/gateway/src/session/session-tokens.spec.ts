import { createHmac, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';
import { SessionTokens } from './session-tokens';

const key = randomBytes(32);
const nowMs = Date.parse('2026-11-22T09:00:00Z');
const now = nowMs / 1_000;
const sub = '11111111-1111-4111-8111-111111111111';
const sid = '22222222-2222-4222-8222-222222222222';
const header = { alg: 'HS256', typ: 'at+jwt' };
const claims = { iss: 'hark', aud: 'hark', sub, sid, roles: ['user', 'operator'], iat: now, exp: now + 900 };

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** A token with a right signature, whatever is in it. */
function signed(head: unknown = header, body: unknown = claims, withKey: Uint8Array = key, hash = 'sha256'): string {
  const text = `${part(head)}.${part(body)}`;
  return `${text}.${createHmac(hash, withKey).update(text).digest('base64url')}`;
}
const without = (claim: string) => Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim));
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = { kty: 'oct', k: randomBytes(32).toString('base64url') };
function rsaSigned(head: unknown): string {
  const text = `${part(head)}.${part(claims)}`;
  return `${text}.${signWith('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}
const [head, body, signature] = signed().split('.') as [string, string, string];
const otherKey = randomBytes(32);

describe('an access token', () => {
  const tokens = new SessionTokens(key);

  it('names a person, their session and their roles', async () => {
    const session = { userId: sub, sessionId: sid, roles: ['user', 'operator'], rolesVersion: 0 };
    expect(await tokens.verify(signed(), nowMs)).toEqual(session);
    expect(await tokens.verify(signed(), nowMs)).toEqual(session);
  });

  it('tells whose it was for thirty days, and nothing of a forged one', async () => {
    const dayMs = 24 * 3_600_000;
    expect(await tokens.knownUser(signed(), nowMs + 29 * dayMs)).toBe(sub);
    const refused = [signed(header, claims, otherKey), 'garbage', undefined, 'x'.repeat(3_000)];
    for (const token of refused) expect(await tokens.knownUser(token, nowMs)).toBeUndefined();
    expect(await tokens.knownUser(signed(), nowMs + 31 * dayMs)).toBeUndefined();
    await expect(tokens.verify(signed(), nowMs + dayMs)).rejects.toMatchObject({ code: 'session.expired' });
  });

  it('counts only roles that are words', async () => {
    const odd = await tokens.verify(signed(header, { ...claims, roles: ['user', 1, null, ['operator']] }), nowMs);
    expect(odd.roles).toEqual(['user']);
    expect((await tokens.verify(signed(header, { ...claims, roles: 'operator' }), nowMs)).roles).toEqual([]);
    expect((await tokens.verify(signed(header, without('roles')), nowMs)).roles).toEqual([]);
  });

  it('says of which roles it knew, none when it is older than that or odd', async () => {
    const versions = [3, undefined, -1, 1.5, '3'].map(async (rv) => {
      const { rolesVersion } = await tokens.verify(signed(header, { ...claims, rv }), nowMs);
      return rolesVersion;
    });
    expect(await Promise.all(versions)).toEqual([3, 0, 0, 0, 0]);
  });

  it('is good until it expires, remembered or not', async () => {
    const token = signed();
    expect((await tokens.verify(token, nowMs + 899_999)).userId).toBe(sub);
    await expect(tokens.verify(token, nowMs + 900_000)).rejects.toMatchObject({ code: 'session.expired' });
    await expect(tokens.verify(token, nowMs + 900_000)).rejects.toMatchObject({ code: 'session.expired' });
    await expect(new SessionTokens(key).verify(token, nowMs + 900_000)).rejects.toMatchObject({
      code: 'session.expired',
    });
  });

  const refused: Readonly<Record<string, string>> = {
    nothing: '',
    'no token': 'x',
    'two parts': `${head}.${body}`,
    'four parts': `${head}.${body}.${signature}.x`,
    'five parts, as if encrypted': `${head}.${body}.${signature}.x.y`,
    dots: '..',
    'no signature': `${head}.${body}.`,
    'a cut signature': `${head}.${body}.${signature.slice(0, -4)}`,
    'another signature': `${head}.${body}.${part('x'.repeat(32))}`,
    'a signature that is no base64url': `${head}.${body}.!!!!`,
    'claims changed after signing': `${head}.${part({ ...claims, roles: ['admin'] })}.${signature}`,
    'a header changed after signing': `${part({ ...header, kid: 'x' })}.${body}.${signature}`,
    'alg none': `${part({ ...header, alg: 'none' })}.${body}.`,
    'alg None, signed': signed({ ...header, alg: 'None' }),
    'alg nOnE': `${part({ ...header, alg: 'nOnE' })}.${body}.${signature}`,
    'no alg': signed({ typ: 'at+jwt' }),
    'alg null': signed({ ...header, alg: null }),
    'alg a list': signed({ ...header, alg: ['HS256'] }),
    'alg lower case': signed({ ...header, alg: 'hs256' }),
    'HS384 under the same key': signed({ ...header, alg: 'HS384' }, claims, key, 'sha384'),
    'HS512 under the same key': signed({ ...header, alg: 'HS512' }, claims, key, 'sha512'),
    'RS256 by a key of their own': rsaSigned({ ...header, alg: 'RS256' }),
    'RS256 said to be HS256': rsaSigned(header),
    'HS256 under a public key': signed(header, claims, Buffer.from(pem)),
    'HS256 under another key': signed(header, claims, otherKey),
    'HS256 under no key': signed(header, claims, Buffer.alloc(0)),
    'HS256 under zeros': signed(header, claims, Buffer.alloc(32)),
    'a kid that is a path': signed({ ...header, kid: '../../../../dev/null' }, claims, Buffer.alloc(0)),
    'a kid that is SQL': signed({ ...header, kid: "x' union select 'key'--" }, claims, Buffer.from('key')),
    'a jku': signed({ ...header, jku: 'http://127.0.0.1:9/keys' }, claims, otherKey),
    'an x5u': signed({ ...header, x5u: 'http://127.0.0.1:9/cert' }, claims, otherKey),
    'its own jwk': signed({ ...header, jwk }, claims, Buffer.from(jwk.k, 'base64url')),
    'its own x5c': signed({ ...header, x5c: [pem] }, claims, otherKey),
    'an unknown crit': signed({ ...header, crit: ['exp'], exp: now }),
    'b64 false': signed({ ...header, b64: false, crit: ['b64'] }),
    'no typ': signed({ alg: 'HS256' }),
    'the typ of any JWT': signed({ ...header, typ: 'JWT' }),
    'the typ of a refresh token': signed({ ...header, typ: 'rt+jwt' }),
    'a typ that is a list': signed({ ...header, typ: ['at+jwt'] }),
    'no iss': signed(header, without('iss')),
    'another iss': signed(header, { ...claims, iss: 'evil' }),
    'no aud': signed(header, without('aud')),
    'another aud': signed(header, { ...claims, aud: 'auth.bind' }),
    'a list of other auds': signed(header, { ...claims, aud: ['auth', 'x'] }),
    'no sub': signed(header, without('sub')),
    'a sub that is no id': signed(header, { ...claims, sub: 'admin' }),
    'a sub that is an object': signed(header, { ...claims, sub: { $ne: 1 } }),
    'a sub in capitals': signed(header, { ...claims, sub: sub.replaceAll('1', 'A') }),
    'no sid': signed(header, without('sid')),
    'a sid that is a wildcard': signed(header, { ...claims, sid: '*' }),
    'no exp': signed(header, without('exp')),
    'an exp that is text': signed(header, { ...claims, exp: '9999999999' }),
    'an exp that is null': signed(header, { ...claims, exp: null }),
    'no iat': signed(header, without('iat')),
    'issued in the future': signed(header, { ...claims, iat: now + 180 }),
    'not valid yet': signed(header, { ...claims, nbf: now + 60 }),
    'claims that are a list': signed(header, [claims]),
    'claims that are null': signed(header, 'null'),
    'claims that are no JSON': signed(header, '{nope'),
    'a header that is no JSON': signed('{nope'),
    'a header that is a list': signed([header]),
    'a sub that stands twice': signed(header, `{"sub":"${sub}",${JSON.stringify(claims).slice(1)}`),
    'roles that stand twice': signed(header, `${JSON.stringify(claims).slice(0, -1)},"roles":["admin"]}`),
    'an exp that stands twice': signed(header, `${JSON.stringify(claims).slice(0, -1)},"exp":9999999999}`),
    'an alg that stands twice': signed('{"alg":"none","alg":"HS256","typ":"at+jwt"}'),
    'a typ that stands twice': signed('{"alg":"HS256","typ":"JWT","typ":"at+jwt"}'),
    'a token of 1 MB': signed(header, { ...claims, padding: 'x'.repeat(1_000_000) }),
  };
  it('is tried with sixty forgeries at least', () => expect(Object.keys(refused).length).toBeGreaterThanOrEqual(60));

  it.each(Object.entries(refused))('is refused with %s', async (_, token) => {
    await expect(tokens.verify(token, nowMs)).rejects.toMatchObject({ kind: 'refused', code: 'session.invalid' });
  });

  it.each([
    ['a second ago', now - 1],
    ['this moment', now],
    ['at the beginning of time', 0],
    ['before it', -1],
  ])('is expired when it ended %s', async (_, exp) => {
    const token = signed(header, { ...claims, iat: now - 1_000, exp });
    await expect(tokens.verify(token, nowMs)).rejects.toMatchObject({ code: 'session.expired' });
  });

  it('may come from a clock that was ahead, or from our own before it was set back by 90 s', async () => {
    expect((await tokens.verify(signed(header, { ...claims, iat: now + 90 }), nowMs)).userId).toBe(sub);
  });
});
