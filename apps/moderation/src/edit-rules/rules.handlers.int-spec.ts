import { ModerationLookEvent, moderationSubjects, RulesTrial, RulesView } from '@hark/contracts';
import { operator, refusal, user } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';

const cup = { phrase: '量子水杯', kind: 'word', label: 'ads', then: 'block' } as const;

describe('the rules that operators edit', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: false });
  });
  afterAll(() => world.close());

  const rules = async () => (await world.ask<RulesView>(moderationSubjects.getRules, {})).body;
  const change = (asked: object) =>
    world.ask<RulesView>(moderationSubjects.changeRules, { added: [], removed: [], ...asked });
  const trial = async (asked: object, by = operator()) =>
    (await world.ask<RulesTrial>(moderationSubjects.tryRules, { added: [], removed: [], ...asked }, { caller: by }))
      .body;

  it('are tried on the latest texts first, without changing anything and with each look recorded', async () => {
    const passed = await world.push({ title: 'Room 1408', body: '限时 量子水杯 只要 99 元' });
    const blocked = await world.push({ body: '代开发票' });
    expect(await world.verdict(passed)).toMatchObject({ type: 'moderation.passed' });
    await world.verdict(blocked);
    const by = operator();
    const tried = await trial({ added: [cup], removed: [] }, by);
    expect(tried).toMatchObject({ texts: 2, seen: 2, nextCursor: null });
    expect(tried.changed).toEqual({ blocked: 1, held: 0, eased: 0, released: 0 });
    expect(tried.items).toMatchObject([
      { pushId: passed, edition: 0, before: { verdict: 'passed' }, after: { verdict: 'blocked', label: 'ads' } },
    ]);
    // Around what is found, no more; and no digits.
    expect(tried.items[0]!.excerpts).toEqual([expect.stringContaining('量子水杯')]);
    expect(JSON.stringify(tried.items)).not.toMatch(/1408|99 元/);
    const { version } = await rules();
    expect(tried.version).not.toBe(version);
    expect(await world.looks(by.userId!)).toMatchObject([{ pushIds: [passed] }] satisfies Partial<
      ModerationLookEvent['data']
    >[]);
    const released = await trial({ removed: (await rules()).builtIn.flatMap(({ words }) => words) });
    expect(released.changed.released).toBe(1);
    expect(released.items).toMatchObject([{ pushId: blocked, after: { verdict: 'passed' } }]);
    expect((await trial({})).items).toEqual([]);
    expect(await rules()).toMatchObject({ version, changes: 0, history: [] });
  });

  it('hold from the next text on, in the version that verdicts name', async () => {
    const before = (await rules()).version;
    const { body: changed } = await change({ added: [cup], seen: 0, note: 'cups' });
    expect(changed).toMatchObject({ changes: 1, added: [cup], history: [{ by: world.operatorId, remark: 'cups' }] });
    expect(changed.version).not.toBe(before);
    expect(await rules()).toEqual(changed);
    const last = await world.verdict(await world.push({ body: '量子水杯' }));
    expect(last).toMatchObject({ type: 'moderation.blocked', data: { label: 'ads', ruleVersion: changed.version } });
  });

  it('are changed only by who has seen them as they are, and the same change again changes nothing', async () => {
    expect(await refusal(change({ added: [], seen: 0 }))).toBe('rules.changed-meanwhile');
    expect((await change({ added: [cup], seen: 0 })).body.changes).toBe(1);
    expect((await change({ seen: 1 })).body).toMatchObject({ changes: 2, added: [] });
  });

  it('are for operators, and must be rules', async () => {
    const { getRules, changeRules, tryRules } = moderationSubjects;
    for (const subject of [getRules, changeRules, tryRules])
      expect(await refusal(world.ask(subject, {}, { caller: user(world.operatorId) }))).toBe('role.required');
    for (const subject of [changeRules, tryRules]) {
      const seen = subject === changeRules ? { seen: 2 } : {};
      const ask = (asked: object) => refusal(world.ask(subject, { added: [], removed: [], ...seen, ...asked }));
      for (const phrase of ['x', '..', '\u200b\u200b'])
        expect(await ask({ added: [{ ...cup, phrase }] })).toBe('request.invalid');
      expect(await ask({ added: [{ ...cup, kind: 'domain' }] })).toBe('request.invalid');
      expect(await ask({ removed: ['never heard of'] })).toBe('request.invalid');
      expect(await ask({ added: Array.from({ length: 1_001 }, () => cup) })).toBe('request.invalid');
    }
    for (const cursor of ['x', '1.x', '20000.x', '']) expect(await refusal(trial({ cursor }))).toBe('request.invalid');
  });
});
