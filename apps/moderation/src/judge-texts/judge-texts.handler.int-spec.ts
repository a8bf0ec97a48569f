import { JudgedTexts, moderationSubjects } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { refusal } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';

describe('texts that are no push', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: true });
  });
  afterAll(() => world.close());

  const auth: Caller = { kind: 'service', service: 'auth', roles: [] };
  const judge = async (texts: unknown, caller = auth) =>
    (await world.ask<JudgedTexts>(moderationSubjects.judgeTexts, { texts }, { caller })).body.verdicts;
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
    expect(world.questions('')).toEqual([]);
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

  it('are a push that is only asked about: judged as a whole', async () => {
    const content = (body: string) =>
      world.ask(moderationSubjects.judgeContent, { content: { title: '代开', body } }, { caller: auth });
    expect((await content('发票')).body).toEqual({ verdict: 'blocked', label: 'illegal' });
    expect((await content('快递通知')).body).toEqual({ verdict: 'passed' });
    expect(world.questions('')).toEqual([]);
  });

  it('are asked about by services only, a bounded number at a time', async () => {
    const text = { field: 'name', text: 'x' };
    for (const caller of [
      { kind: 'anonymous', roles: ['operator'] },
      { kind: 'user', userId: world.operatorId, roles: ['operator'] },
    ] as const) {
      expect(await refusal(judge([text], caller))).toBe('role.required');
    }
    for (const texts of [[], Array.from({ length: 21 }, () => text), [{ ...text, more: 1 }], [{ field: 'x' }], 'x']) {
      expect(await refusal(judge(texts))).toBe('request.invalid');
    }
  });
});
