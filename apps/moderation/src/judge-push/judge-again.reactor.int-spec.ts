import { moderationSubjects } from '@hark/contracts';
import { until } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';
import { WechatJudge } from './wechat-judge';

const minuteMs = 60_000;

describe('a text that was held because WeChat did not answer', () => {
  let world: ModerationWorld;
  let ownerId: string;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: true });
    world.visits('owner');
    world.wechatJudges('risky', 'risky', 20_002);
    ({ id: ownerId } = await world.user('owner'));
  });
  afterAll(() => world.close());

  const types = async (pushId: string) => (await world.verdicts(pushId)).map(({ type }) => type.slice(11));
  const comesTo = (pushId: string, expected: readonly string[]) =>
    until(async () => (await types(pushId)).join() === expected.join(), { what: expected.join() });

  it('is judged again when its time comes, until there is a verdict, and released or blocked by it', async () => {
    world.service.app.get(WechatJudge).waitAtMost(1_000);
    world.wechatIs('down');
    const first = await world.push({ body: 'harmless' }, { ownerId });
    await until(async () => (await types(first)).length === 2, { what: 'it is held' });
    // The outage is known by now: these are held at once.
    const [good, bad, decided] = [
      await world.push({ body: 'harmless too' }, { ownerId }),
      await world.push({ body: 'risky' }, { ownerId }),
      await world.push({ body: 'decided by hand' }, { ownerId }),
    ];
    for (const pushId of [first, good, bad, decided]) await comesTo(pushId, ['held', 'deferred']);
    await world.ask(moderationSubjects.reject, { pushId: decided });

    world.passTime(minuteMs);
    for (const pushId of [first, good, bad]) await comesTo(pushId, ['held', 'deferred', 'resumed', 'deferred']);
    expect((await world.verdicts(first))[3]).toMatchObject({ data: { tries: 2 } });

    world.wechatIs('up');
    await world.harness.restart(); // what is due stands in the log, and a new process knows of no outage
    world.passTime(7 * minuteMs);
    await comesTo(good, ['held', 'deferred', 'resumed', 'deferred', 'resumed', 'passed']);
    await comesTo(bad, ['held', 'deferred', 'resumed', 'deferred', 'resumed', 'blocked']);
    expect((await world.verdicts(bad)).at(-1)).toMatchObject({ data: { label: 'porn', wechat: 'risky' } });
    expect(await types(decided)).toEqual(['held', 'deferred', 'rejected']);
  });
});
