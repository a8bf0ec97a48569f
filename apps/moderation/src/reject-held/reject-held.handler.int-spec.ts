import { randomUUID } from 'node:crypto';
import { moderationSubjects } from '@hark/contracts';
import { operator, refusal, user } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';

describe('blocking a held text for good', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: false });
  });
  afterAll(() => world.close());

  const reject = (pushId: unknown, more: object = {}, caller = operator(world.operatorId)) =>
    world.ask(moderationSubjects.reject, { pushId, ...more }, { caller });
  const held = async (parties: { ownerId?: string; personId?: string } = {}) => {
    const pushId = await world.push({ body: '武装推翻政府' }, parties);
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.held' });
    return pushId;
  };

  it('is recorded with who decided; a repeat changes nothing, and the first decision wins', async () => {
    const pushId = await held();
    const { body, position } = await reject(pushId, { note: 'seen before' });
    expect(body).toEqual({ pushId, status: 'rejected' });
    expect(position).toMatch(/-moderation$/);
    expect((await reject(pushId)).body).toEqual({ pushId, status: 'rejected' });
    expect(await refusal(world.ask(moderationSubjects.approve, { pushId }))).toBe('review.already-decided');
    const [, decided, ...more] = await world.verdicts(pushId);
    expect(decided).toMatchObject({ type: 'moderation.rejected', data: { operatorId: world.operatorId } });
    expect(more).toEqual([]);
  });

  it('is for operators who are no party to it', async () => {
    const [ownerId, personId] = [randomUUID(), randomUUID()];
    const pushId = await held({ ownerId, personId });
    expect(await refusal(reject(pushId, {}, user(randomUUID())))).toBe('role.required');
    expect(await refusal(reject(pushId, {}, operator(ownerId)))).toBe('ops.own-matter');
    expect(await refusal(reject(pushId, {}, operator(personId)))).toBe('ops.own-matter');
    expect(await world.verdicts(pushId)).toHaveLength(1);
  });

  it('knows nothing of what is not held, nor of ids that are none', async () => {
    const passed = await world.push({ body: '已派单' });
    await world.verdict(passed);
    for (const pushId of [passed, randomUUID(), 'moderation-*', '', 7])
      expect([pushId, await refusal(reject(pushId))]).toEqual([pushId, 'review.unknown']);
    expect(await refusal(reject(passed, { verdict: 'x' }))).toBe('request.invalid');
  });
});
