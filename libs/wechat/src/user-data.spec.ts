import { decryptUserData, isRawDataGenuine, sessionSignature } from './user-data';
import { WechatError } from './wechat-error';

// The data of WeChat's own sample code.
const sample = {
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData:
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
};
const appId = 'wx4f4bc4dec97d474b';
const takenMs = 1_477_314_187_000;

describe('encrypted user data', () => {
  it("of WeChat's sample decrypts", () => {
    expect(decryptUserData(sample, { appId, nowMs: takenMs + 60_000 })).toMatchObject({
      openId: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
      nickName: 'Band',
      unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
    });
  });

  it.each([
    ['of another mini program', 'watermark', sample, { appId: 'wx0000000000000000', nowMs: takenMs }],
    ['that is old', 'watermark', sample, { appId, nowMs: takenMs + 11 * 60_000 }],
    ['from the future', 'watermark', sample, { appId, nowMs: takenMs - 6 * 60_000 }],
    ['under another key', 'decrypt', { ...sample, sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==' }, { appId, nowMs: takenMs }],
    ['under half a key', 'decrypt', { ...sample, sessionKey: 'tiihtNczf5s=' }, { appId, nowMs: takenMs }],
    [
      'cut short',
      'decrypt',
      { ...sample, encryptedData: sample.encryptedData.slice(0, 400) },
      { appId, nowMs: takenMs },
    ],
    ['without any', 'decrypt', { ...sample, encryptedData: '' }, { appId, nowMs: takenMs }],
    ['without end', 'decrypt', { ...sample, encryptedData: 'A'.repeat(100_000) }, { appId, nowMs: takenMs }],
  ])('%s fails at the step %s', (_, step, data, checks) => {
    expect(() => decryptUserData(data, checks)).toThrow(new WechatError('BAD_REQUEST', `user-data ${step}`));
  });

  it('of any age is read where the caller says so', () => {
    expect(decryptUserData(sample, { appId, nowMs: 2e12, maxAgeMs: Infinity })).toHaveProperty('openId');
  });
});

describe('raw data', () => {
  const rawData =
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}';
  const sessionKey = 'HyVFkGl5F5OQWJZZaNzBBg==';
  const signature = '75e81ceda165f4ffa64f4068af58c64b8f54b88c';

  it('with its signature is genuine', () => {
    expect(isRawDataGenuine(rawData, sessionKey, signature)).toBe(true);
  });

  it.each([
    [`${rawData} `, signature],
    [rawData, `7${'0'.repeat(39)}`],
    [rawData, ''],
    [rawData, 'not hex'],
  ])('otherwise is not (%#)', (data, given) => {
    expect(isRawDataGenuine(data, sessionKey, given)).toBe(false);
  });
});

describe('the signature of a session', () => {
  it("is WeChat's, with and without a message", () => {
    const key = 'o0q0otL8aEzpcZL/FT9WsQ==';
    expect(sessionSignature(key, '{"foo":"bar"}')).toBe(
      '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
    );
    expect(sessionSignature(key)).toBe('46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128');
  });
});
