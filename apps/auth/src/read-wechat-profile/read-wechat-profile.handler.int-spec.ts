import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { authSubjects, SessionReply } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { refusal } from '@hark/testing';
import { AuthWorld } from '../testing/auth-world.fixture';

const dayMs = 24 * 3_600_000;

describe('what WeChat encrypted of somebody', () => {
  let auth: AuthWorld;
  let appId: string;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    appId = auth.harness.env.WECHAT_APP_ID!;
  });
  afterAll(() => auth.close());

  const logIn = async (openid: string, unionid?: string) => {
    const sessionKey = randomBytes(16).toString('base64');
    const code = auth.codeOf(openid, sessionKey, unionid);
    const { body } = await auth.ask<SessionReply>(authSubjects.logIn, { provider: 'wechat', code });
    const sessionId = String(decodeJwt(body.accessToken).sid);
    const caller: Caller = { kind: 'user', userId: body.user.id, roles: ['user'], sessionId };
    return {
      id: body.user.id,
      sessionKey,
      read: (data: object) => auth.ask(authSubjects.readWechatProfile, data, { caller }),
    };
  };
  const encrypted = (sessionKey: string, watermark: object = {}, ids: object = {}) => {
    const iv = randomBytes(16);
    const plain = {
      openId: 'o-1',
      unionId: 'u-1',
      nickName: 'Band',
      gender: 1,
      avatarUrl: 'https://wx.example/0',
      ...ids,
      watermark: { appid: appId, timestamp: Date.parse(auth.now()) / 1_000, ...watermark },
    };
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv);
    const encryptedData = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final()]).toString('base64');
    return { encryptedData, iv: iv.toString('base64') };
  };
  const signed = (rawData: string, sessionKey: string) => ({
    rawData,
    signature: createHash('sha1')
      .update(rawData + sessionKey)
      .digest('hex'),
  });

  it('is read with the session’s key, without the ids by which WeChat knows them', async () => {
    const ann = await logIn('ann');
    const { body } = await ann.read({ ...encrypted(ann.sessionKey), ...signed('{"nickName":"Band"}', ann.sessionKey) });
    expect(body).toEqual({ nickName: 'Band', gender: 1, avatarUrl: 'https://wx.example/0' });
  });

  it('says by its unionid who comes later through another mini program, where it is the session’s own', async () => {
    const ann = await logIn('ann-of-one');
    const ids = { openId: 'ann-of-one', unionId: 'union-of-ann' };
    for (const _ of [1, 2]) await ann.read(encrypted(ann.sessionKey, {}, ids));
    expect((await logIn('ann-of-two', 'union-of-ann')).id).toBe(ann.id);
    expect((await logIn('ann-of-one')).id).toBe(ann.id);
    expect(JSON.stringify(await auth.events('user', ann.id))).not.toContain('union-of-ann');
    const ben = await logIn('ben-of-one');
    await ben.read(encrypted(ben.sessionKey, {}, { openId: 'somebody-else', unionId: 'union-of-another' }));
    expect((await logIn('another', 'union-of-another')).id).not.toBe(ben.id);
  });

  it('fails each in its own way', async () => {
    const ben = await logIn('ben');
    const good = encrypted(ben.sessionKey);
    const old = { timestamp: Date.parse(auth.now()) / 1_000 - 11 * 60 };
    const fails = (data: object) => refusal(ben.read(data));
    expect(await fails({ ...good, ...signed('{}', 'another key') })).toBe('wechat.signature');
    expect(await fails(encrypted(randomBytes(16).toString('base64')))).toBe('wechat.decrypt');
    expect(await fails({ ...good, iv: 'AAAA' })).toBe('wechat.decrypt');
    expect(await fails(encrypted(ben.sessionKey, { appid: 'wx0000000000000000' }))).toBe('wechat.watermark');
    expect(await fails(encrypted(ben.sessionKey, old))).toBe('wechat.watermark');
    expect(await fails({ ...good, rawData: '{}' })).toBe('request.invalid');
  });

  it('cannot be read once the key is gone: replaced by a log-in, three days old, or of no log-in by WeChat', async () => {
    const replaced = await logIn('cat');
    await logIn('cat');
    expect(await refusal(replaced.read(encrypted(replaced.sessionKey)))).toBe('wechat.session-expired');
    const old = await logIn('dan');
    const asked = auth.codeExchanges();
    auth.passTime(3 * dayMs);
    expect(await refusal(old.read(encrypted(old.sessionKey)))).toBe('wechat.session-expired');
    expect(auth.codeExchanges()).toBe(asked);
  });

  it('waits where WeChat does not answer whether the key is good', async () => {
    const eve = await logIn('eve');
    auth.outside.faults.set({ provider: 'wechat', mode: 'error', errcode: -1 });
    const answered = await refusal(eve.read(encrypted(eve.sessionKey)));
    auth.outside.faults.clear('wechat');
    expect(answered).toBe('session.provider-unavailable');
  });
});
