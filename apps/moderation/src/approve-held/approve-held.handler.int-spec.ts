import { randomUUID } from 'node:crypto';
import { moderationSubjects } from '@hark/contracts';
import { operator, refusal, user } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';

describe('letting a held text pass', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: false });
  });
  afterAll(() => world.close());

  const approve = (pushId: unknown, more: object = {}, caller = operator(world.operatorId)) =>
    world.ask(moderationSubjects.approve, { pushId, ...more }, { caller });
  const held = async (parties: { ownerId?: string; personId?: string } = {}) => {
    const pushId = await world.push({ body: '武装推翻政府' }, parties);
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.held' });
    return pushId;
  };

  it('is recorded with who decided; a repeat changes nothing, and the first decision wins', async () => {
    const pushId = await held();
    const { body, position } = await approve(pushId, { note: 'seen before' });
    expect(body).toEqual({ pushId, status: 'approved' });
    expect(position).toMatch(/-moderation$/);
    expect((await approve(pushId)).body).toEqual({ pushId, status: 'approved' });
    expect(await refusal(world.ask(moderationSubjects.reject, { pushId }))).toBe('review.already-decided');
    const [, decided, ...more] = await world.verdicts(pushId);
    expect(decided).toMatchObject({ type: 'moderation.approved', data: { operatorId: world.operatorId } });
    expect(more).toEqual([]);
  });

  it('is done by one of many operators who decide at once', async () => {
    const pushId = await held();
    const asked = Array.from({ length: 8 }, (_, n) =>
      n % 2 ? approve(pushId) : world.ask(moderationSubjects.reject, { pushId }),
    );
    const replies = await Promise.allSettled(asked);
    expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await world.verdicts(pushId)).toHaveLength(2);
  });

  it('is for operators who are no party to it', async () => {
    const [ownerId, personId] = [randomUUID(), randomUUID()];
    const pushId = await held({ ownerId, personId });
    expect(await refusal(approve(pushId, {}, user(randomUUID())))).toBe('role.required');
    expect(await refusal(approve(pushId, {}, operator(ownerId)))).toBe('ops.own-matter');
    expect(await refusal(approve(pushId, {}, operator(personId)))).toBe('ops.own-matter');
    expect(await world.verdicts(pushId)).toHaveLength(1);
  });

  it('knows nothing of what is not held, nor of ids that are none', async () => {
    const passed = await world.push({ body: '已派单' });
    await world.verdict(passed);
    for (const pushId of [passed, randomUUID(), 'moderation-*', '', 7])
      expect([pushId, await refusal(approve(pushId))]).toEqual([pushId, 'review.unknown']);
    expect(await refusal(approve(passed, { verdict: 'x' }))).toBe('request.invalid');
  });
});
