import { checkedAppName } from './app-name';
import { skeletonOf } from './name-skeleton';

const coded = (code: string) => expect.objectContaining({ name: 'HarkError', code }) as Error;

describe('an app’s name', () => {
  it.each([
    ['  Hacker密码 ', 'Hacker密码'],
    ['Ｔｉｃｋｅｔｓ', 'Tickets'],
    ['👩‍🔧  维修', '👩‍🔧 维修'],
    ['Почта России', 'Почта России'],
    ['Кафе Paris', 'Кафе Paris'],
    ['ひらがなカタカナ漢字ABC', 'ひらがなカタカナ漢字ABC'],
    ['한국어 알림', '한국어 알림'],
    ['Việt Nam Ếch', 'Việt Nam Ếch'],
    ['🐟 鱼缸', '🐟 鱼缸'],
    ['字'.repeat(50), '字'.repeat(50)],
  ])('%j is stored as %j', (given, stored) => expect(checkedAppName(given)).toBe(stored));

  it.each([
    '第一个应用',
    '压力测试',
    'Bench 0a1b2c',
    'Shark Tank',
    'Harkness 图书馆',
    'GitHub Actions 通知',
    'Apple stock watcher',
    '小米粥食谱',
    '非官方天气',
    'Unofficial Bahn',
    '身份认证助手',
    'Ресурс',
    'Ειδήσεις',
    'pineapple',
    'Modern',
    'C++',
    'home-assistant',
  ])('%j is nobody else’s', (name) => expect(checkedAppName(name)).toBe(name));

  it.each([
    [
      'the hub',
      [
        'Hark',
        'ＨＡＲＫ',
        'H a r k',
        'Наrk',
        'нагk',
        'Hark 官方',
        'Hark官方',
        'Hark Support',
        'hark-bot',
        'HarkTeam',
        'harkofficial',
        'Official Hark',
        '我的 Hark',
        'HARK®',
      ],
    ],
    [
      'vouched for',
      [
        '天气 官方',
        '官 方天气',
        'Weather (official)',
        'O f f i c i a l weather',
        '0fficial weather',
        'Verified Weather',
        '天气 ✓',
        '天气✔️',
        '✅天气',
        '㊣天气',
        '天气Ⓥ',
        '已认证天气',
        '天气官网',
      ],
    ],
    [
      'a brand',
      [
        '微信',
        '微信支付',
        '微 信 支 付',
        'WeChat',
        'WeChat Pay',
        'wechatpay',
        'We-Chat',
        '支付宝',
        '支付寶客服',
        'Alipay',
        'A1ipay',
        'AIipay 客服',
        'Paypal',
        'Pay-Pal',
        'PayPa|',
        'ｐａｙｐａｌ support',
        'Apple',
        'Google',
        'GitHub',
        '苹果',
        '中国银行',
        '国家反诈中心',
        '12306',
      ],
    ],
    [
      'another by its letters',
      ['Раypal', 'αpple', 'Аррӏе', 'аррӏе', 'РАУРАL', 'ΡΑΥΡΑL', 'ԌооɡӀе', 'Goоgle', 'ꓮpple', 'Аррlе ρay'],
    ],
  ])('is not %s', (_, names) => {
    const taken = names.filter((name) => {
      try {
        checkedAppName(name);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'app.name-confusable' });
        return false;
      }
    });
    expect(taken).toEqual([]);
  });

  it.each([' ', '\u200b', '\u3164', '\u2800\u2800', '\uffa0', '\u115f\u1160', '\u180e\u200d', '…', '--', '\u0301'])(
    '%j is empty',
    (name) => expect(() => checkedAppName(name)).toThrow(coded('request.invalid')),
  );

  it.each([
    ['\ufdfa'.repeat(3), 'characters that fold to eighteen each'],
    ['字'.repeat(51), 'one character too many'],
    ['H\u3164ark', 'a blank letter'],
    ['微信\u200b支付', 'a space without width'],
    ['工单\u202e', 'an override of the direction'],
    ['工\u200d单', 'a joiner that joins nothing'],
    [`a${'\u0316'.repeat(4)}b`, 'marks on marks'],
    ['天气\ue000', 'a private character'],
    ['天气\u{e0080}x\u0378', 'a character that there is not'],
  ])('%j is not shown: %s', (name) =>
    expect(() => checkedAppName(name, 'appName')).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        detail: { errors: [{ path: 'appName', message: expect.any(String) as string }] },
      }) as Error,
    ),
  );

  it('has a skeleton that look-alikes share', () => {
    for (const [one, other] of [
      ['РАУРАL', 'paypal'],
      ['Аррӏе', 'apple'],
      ['PayPaI', 'paypal'],
      ['rnodern', 'modern'],
      ['vvhy', 'why'],
      ['ɢᴏᴏɢʟᴇ', 'google'],
      ['Ti-cket é', 'tickete'],
    ]) {
      expect(skeletonOf(one!)).toBe(skeletonOf(other!));
    }
    expect(skeletonOf('Tickets')).not.toBe(skeletonOf('Ticket'));
  });
});
