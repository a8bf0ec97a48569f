import { intakeSubjects, ToldPushes } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { Caller } from '@hark/nats';
import { operator, refusal, until, user } from '@hark/testing';
import { IntakeWorld } from '../testing/intake-world.fixture';
import { PushEvents } from '../testing/push-events.fixture';

const minuteMs = 60_000;

describe('what another service is told of an app’s pushes', () => {
  let world: IntakeWorld;
  beforeAll(async () => {
    world = await IntakeWorld.start();
  });
  afterAll(() => world.close());

  const tell = async (appId: unknown, since: unknown = '2026-01-01T00:00:00Z', caller?: Caller) =>
    (await world.ask<ToldPushes>(intakeSubjects.tellPushes, { appId, since }, { ...(caller && { caller }) })).body;
  /** What it is told once the table has come so far. */
  const told = (appId: string, isSo: (told: ToldPushes) => boolean, since?: string) =>
    until(
      async () => {
        const now = await tell(appId, since);
        return isSo(now) ? now : undefined;
      },
      { what: 'the pushes as they are' },
    );

  it('is how many there were since then, to how many bindings, and the latest ones with their state, without a text', async () => {
    const app = await world.app();
    const [ann, bob] = [await world.bind(app), await world.bind(app)];
    const push = async (credential: string) =>
      (await world.push({ credential, title: 'Marker-of-a-title', body: 'Marker-of-a-body' })).body.id;
    const [a, b] = [await push(ann.key), await push(ann.key)];
    const blocked = new PushEvents(world.now()).judged('moderation.blocked', 'fraud');
    await world.append('moderation', b, blocked);
    world.passTime(10 * minuteMs);
    const since = world.now();
    const c = await push(bob.key);
    const all = await told(app.appId, ({ pushes, latest }) => pushes === 3 && latest[1]?.status === 'blocked');
    const pushedAt = expect.stringMatching(/Z$/) as string;
    expect(all).toEqual({
      pushes: 3,
      recipients: 2,
      latest: [
        { id: c, status: 'moderating', pushedAt },
        { id: b, status: 'blocked', reason: 'moderation.fraud', reasonText: '内容审核未通过：欺诈', pushedAt },
        { id: a, status: 'moderating', pushedAt },
      ],
    });
    expect(JSON.stringify(all)).not.toMatch(/Marker/);
    // The latest are shown whenever they were; what is counted is of the window.
    expect(await tell(app.appId, since)).toEqual({ ...all, pushes: 1, recipients: 1 });
  });

  it('is the twenty latest', async () => {
    const app = await world.app();
    const { key } = await world.bind(app);
    // One after the other: those of a batch are written at the same time, in any order.
    const ids: string[] = [];
    for (let n = 0; n < 22; n += 1) ids.push((await world.push({ credential: key, body: String(n) })).body.id);
    // How many there are and which are the latest is read beside each other.
    const { latest } = await told(app.appId, (now) => now.pushes === 22 && now.latest[0]?.id === ids.at(-1));
    expect(latest.map(({ id }) => id)).toEqual(ids.slice(2).reverse());
  });

  it('is nothing of other apps’, none of an app that pushed nothing, and for services alone', async () => {
    expect(await tell(uuid7())).toEqual({ pushes: 0, recipients: 0, latest: [] });
    for (const caller of [operator(), user(uuid7()), { kind: 'app', roles: [] } as const])
      expect(await refusal(tell(uuid7(), undefined, caller))).toBe('role.required');
    for (const strange of ['x', '', null, 7]) expect(await refusal(tell(strange))).toBe('app.unknown');
    for (const since of ['yesterday', '', null]) expect(await refusal(tell(uuid7(), since))).toBe('request.invalid');
  });
});
