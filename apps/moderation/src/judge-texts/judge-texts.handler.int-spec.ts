import { JudgedTexts, moderationSubjects } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { ModerationStack } from '../testing/moderation-world.fixture';

describe('texts that are no push', () => {
  let stack: ModerationStack;
  beforeAll(async () => {
    stack = await ModerationStack.start({ wechat: true });
  });
  afterAll(() => stack.close());

  const auth: Caller = { kind: 'service', service: 'auth', roles: [] };
  const judge = async (texts: unknown, caller = auth) =>
    (await stack.harness.requests.request<JudgedTexts>(moderationSubjects.judgeTexts, { texts }, { caller })).body
      .verdicts;
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );

  it('are judged each, in the order given, without WeChat', async () => {
    const texts = [
      { field: 'name', text: '代开发票 加微信abc' },
      { field: 'description', text: '快递通知' },
      { field: 'purpose', text: '武装推翻政府' },
    ];
    expect(await judge(texts)).toEqual([
      { field: 'name', verdict: 'blocked', label: 'illegal' },
      { field: 'description', verdict: 'passed' },
      { field: 'purpose', verdict: 'held', label: 'politics' },
    ]);
    expect(stack.wechat.questions).toEqual([]);
  });

  it('are read together where each alone is harmless', async () => {
    const texts = [
      { field: 'name', text: '代开' },
      { field: 'description', text: '发票' },
    ];
    expect(await judge(texts)).toEqual([
      { field: 'name', verdict: 'blocked', label: 'illegal' },
      { field: 'description', verdict: 'blocked', label: 'illegal' },
    ]);
  });

  it('are asked about by services only, a bounded number at a time', async () => {
    const text = { field: 'name', text: 'x' };
    for (const caller of [
      { kind: 'anonymous', roles: ['operator'] },
      { kind: 'user', userId: stack.operatorId, roles: ['operator'] },
    ] as const) {
      expect(await codeOf(judge([text], caller))).toBe('role.required');
    }
    for (const texts of [[], Array.from({ length: 21 }, () => text), [{ ...text, more: 1 }], [{ field: 'x' }], 'x']) {
      expect(await codeOf(judge(texts))).toBe('request.invalid');
    }
  });
});
