import { whenText } from './when-text';

const now = new Date(2026, 10, 28, 20, 0);
const en = { today: 'today', yesterday: 'yesterday' };

describe('a time as people say it', () => {
  it.each([
    [new Date(2026, 10, 28, 9, 5), 'today 09:05'],
    [new Date(2026, 10, 27, 23, 59), 'yesterday 23:59'],
    [new Date(2026, 10, 26, 12, 0), 'Nov 26 12:00'],
    [new Date(2025, 11, 31, 0, 30), 'Dec 31, 2025 00:30'],
  ])('%s: %s', (at, said) => expect(whenText(at, now, 'en', en)).toBe(said));

  it('in Chinese', () => {
    expect(whenText(new Date(2026, 10, 26, 12, 0), now, 'zh-CN', { today: '今天', yesterday: '昨天' })).toBe(
      '11月26日 12:00',
    );
  });
});
