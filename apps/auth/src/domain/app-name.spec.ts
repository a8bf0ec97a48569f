import { checkedAppName, skeletonOf } from './app-name';

const coded = (code: string) => expect.objectContaining({ name: 'HarkError', code }) as Error;

describe('an app’s name', () => {
  it.each([
    ['  Hacker密码 ', 'Hacker密码'],
    ['Ｔｉｃｋｅｔｓ', 'Tickets'],
    ['工单\u200b  系统', '工单 系统'],
    ['Почта России', 'Почта России'],
    ['Кафе Paris', 'Кафе Paris'],
  ])('%j is stored as %j', (given, stored) => expect(checkedAppName(given)).toBe(stored));

  it.each(['Раypal', 'αpple', 'Hark', 'ＨＡＲＫ', 'H a r k', 'Наrk', 'нагk', '微信', 'WeChat'])(
    '%j is confusable',
    (name) => expect(() => checkedAppName(name)).toThrow(coded('app.name-confusable')),
  );

  it.each([' ', '\u200b'])('%j is empty', (name) =>
    expect(() => checkedAppName(name)).toThrow(coded('request.invalid')),
  );

  it('has a skeleton that look-alikes share', () => {
    expect(skeletonOf('РАУРАL')).toBe(skeletonOf('paypal'));
    expect(skeletonOf('Ti-cket é')).toBe(skeletonOf('tickete'));
    expect(skeletonOf('Tickets')).not.toBe(skeletonOf('Ticket'));
  });
});
