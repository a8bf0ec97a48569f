import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { Access } from '../routes/route';
import { SessionTokens } from '../session/session-tokens';
import { authorise } from './authorise';

const sessionKey = randomBytes(32);
const sessions = new SessionTokens(sessionKey);
const userId = '11111111-1111-4111-8111-111111111111';
const sessionId = '22222222-2222-4222-8222-222222222222';
const session = (roles: string[]) =>
  new SignJWT({ roles, sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setIssuer('hark')
    .setAudience('hark')
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(sessionKey);

const shown = {
  nothing: async () => undefined,
  garbage: async () => 'garbage',
  key: async () => 'hk_111_2',
  'a short key': async () => 'hk_1',
  'a short secret': async () => 'has_1',
  'a long key': async () => `hk_${'1'.repeat(200)}`,
  secret: async () => 'has_11_2',
  user: () => session(['user']),
  operator: () => session(['user', 'operator']),
  admin: () => session(['user', 'admin']),
};
const user = { kind: 'user', userId, sessionId };
const anonymous = { kind: 'anonymous' };

// Who calls · what they show · who they are then, or why not.
const table: [Access, keyof typeof shown, object | string][] = [
  ['anyone', 'nothing', anonymous],
  ['anyone', 'garbage', anonymous],
  ['anyone', 'user', anonymous],
  ['user', 'nothing', 'session.required'],
  ['user', 'garbage', 'session.invalid'],
  ['user', 'key', 'credential.not-enough'],
  ['user', 'secret', 'credential.not-enough'],
  ['user', 'user', user],
  ['user', 'operator', user],
  ['operator', 'nothing', 'session.required'],
  ['operator', 'garbage', 'session.invalid'],
  ['operator', 'key', 'credential.not-enough'],
  ['operator', 'secret', 'credential.not-enough'],
  ['operator', 'user', 'role.required'],
  ['operator', 'admin', 'role.required'],
  ['operator', 'operator', user],
  ['admin', 'nothing', 'session.required'],
  ['admin', 'garbage', 'session.invalid'],
  ['admin', 'key', 'credential.not-enough'],
  ['admin', 'secret', 'credential.not-enough'],
  ['admin', 'user', 'role.required'],
  ['admin', 'operator', 'role.required'],
  ['admin', 'admin', user],
  ['app', 'nothing', 'credential.required'],
  ['app', 'garbage', 'key.invalid'],
  ['app', 'user', 'key.invalid'],
  ['app', 'key', 'credential.app-needed'],
  ['app', 'secret', { kind: 'app' }],
  ['credential', 'nothing', 'credential.required'],
  ['credential', 'garbage', 'key.invalid'],
  ['credential', 'user', 'key.invalid'],
  ['credential', 'operator', 'key.invalid'],
  ['credential', 'a short key', 'key.invalid'],
  ['credential', 'a long key', 'key.invalid'],
  ['credential', 'key', { kind: 'key' }],
  ['credential', 'secret', { kind: 'app' }],
  ['owner-or-app', 'nothing', 'session.required'],
  ['owner-or-app', 'garbage', 'session.invalid'],
  ['owner-or-app', 'key', 'credential.not-enough'],
  ['owner-or-app', 'a short secret', 'key.invalid'],
  ['owner-or-app', 'secret', { kind: 'app' }],
  ['owner-or-app', 'user', user],
];

describe('who may call', () => {
  it.each(table)('%s, showing %s', async (who, what, expected) => {
    const bearer = await shown[what]();
    const result = authorise(who, bearer, sessions);
    if (typeof expected === 'string') return expect(result).rejects.toMatchObject({ kind: 'refused', code: expected });
    const { caller, credential } = await result;
    expect(caller).toMatchObject(expected);
    expect(credential).toBe(['key', 'app'].includes(caller.kind) ? bearer : undefined);
  });

  it('is decided for every kind of row and every kind of token', () => {
    const kinds: Access[] = ['user', 'operator', 'admin', 'app', 'credential', 'owner-or-app'];
    for (const kind of kinds) {
      const decided = table.filter(([who]) => who === kind).map(([, what]) => what);
      expect(decided).toEqual(expect.arrayContaining(['nothing', 'garbage', 'key', 'secret', 'user']));
    }
  });
});
