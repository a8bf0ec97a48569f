import { moderationSubjects } from '@hark/contracts';
import { until } from '@hark/testing';
import { ModerationStack } from '../testing/moderation-world.fixture';

const minuteMs = 60_000;

describe('a text that was held because WeChat did not answer', () => {
  let stack: ModerationStack;
  let ownerId: string;
  beforeAll(async () => {
    stack = await ModerationStack.start({ wechat: true });
    stack.wechat.active.add('owner');
    stack.wechat.judge = (content) =>
      content.includes('risky') ? { suggest: 'risky', label: 20_002 } : { suggest: 'pass', label: 100 };
    ({ id: ownerId } = await stack.user('owner'));
  });
  afterAll(() => stack.close());

  const types = async (pushId: string) => (await stack.verdicts(pushId)).map(({ type }) => type.slice(11));
  const comesTo = (pushId: string, expected: readonly string[]) =>
    until(async () => (await types(pushId)).join() === expected.join(), { what: expected.join(), deadlineMs: 20_000 });

  it('is judged again when its time comes, until there is a verdict, and released or blocked by it', async () => {
    stack.wechat.status = 502;
    const first = await stack.push({ body: 'harmless' }, { ownerId });
    await until(async () => (await types(first)).length === 2, { what: 'it is held', deadlineMs: 27_000 });
    // The outage is known by now: these are held at once.
    const [good, bad, decided] = [
      await stack.push({ body: 'harmless too' }, { ownerId }),
      await stack.push({ body: 'risky' }, { ownerId }),
      await stack.push({ body: 'decided by hand' }, { ownerId }),
    ];
    for (const pushId of [first, good, bad, decided]) await comesTo(pushId, ['held', 'deferred']);
    await stack.ask(moderationSubjects.reject, { pushId: decided });

    stack.passTime(minuteMs);
    for (const pushId of [first, good, bad]) await comesTo(pushId, ['held', 'deferred', 'resumed', 'deferred']);
    expect((await stack.verdicts(first))[3]).toMatchObject({ data: { tries: 2 } });

    stack.wechat.status = undefined;
    await stack.harness.restart(); // what is due stands in the log, and a new process knows of no outage
    stack.passTime(7 * minuteMs);
    await comesTo(good, ['held', 'deferred', 'resumed', 'deferred', 'resumed', 'passed']);
    await comesTo(bad, ['held', 'deferred', 'resumed', 'deferred', 'resumed', 'blocked']);
    expect((await stack.verdicts(bad)).at(-1)).toMatchObject({ data: { label: 'porn', wechat: 'risky' } });
    expect(await types(decided)).toEqual(['held', 'deferred', 'rejected']);
  }, 90_000);
});
