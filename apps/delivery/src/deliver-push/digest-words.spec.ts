import { digestWords } from './digest-words';

const line = (name: string, count: number, verified = true) => ({ name, count, verified });

describe('what a digest says', () => {
  it('is how many messages there are, and of whom, the most first', () => {
    const lines = [line('天气', 1), line('工单', 5), line('陌生', 2, false)];
    expect(digestWords(lines, 'zh-CN', '、', false)).toEqual({
      title: '8 条新消息',
      body: '工单 5 条、陌生（未认证） 2 条、天气 1 条',
    });
    expect(digestWords(lines, 'en', ', ', true)).toEqual({
      title: '8+ new messages',
      body: '工单: 5, 陌生 (unverified): 2, 天气: 1',
    });
    expect(digestWords([line('Tickets', 1)], 'en', ', ', false).title).toBe('1 new message');
  });

  it('names at most twenty apps', () => {
    const lines = Array.from({ length: 22 }, (_, index) => line(`app ${index}`, 30 - index));
    const { title, body } = digestWords(lines, 'en', '\n', false);
    expect(title).toBe('429 new messages');
    expect(body.split('\n')).toHaveLength(21);
    expect(body).toMatch(/2 other apps: 19$/);
  });
});
