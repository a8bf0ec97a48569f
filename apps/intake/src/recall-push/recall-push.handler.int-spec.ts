import { MessageEvent } from '@hark/contracts';
import { plusMs, uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

describe('taking a push back', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  let ann: Bound;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
    ann = await world.bind(app);
  });
  afterAll(() => world.close());

  const types = async (pushId: string) =>
    (await world.events<MessageEvent>('message', pushId)).map(({ type }) => type.replace('message.', ''));
  const pushed = async (times: object = {}) => (await world.push({ credential: ann.key, body: 'x', ...times })).body.id;

  it('is done once, by its key or by the secret of its app', async () => {
    const byKey = await pushed();
    for (let times = 0; times < 2; times += 1) await world.recall(ann.key, byKey);
    expect(await types(byKey)).toEqual(['pushed', 'recalled']);
    const bySecret = await pushed({ sendAt: plusMs(world.now(), 3_600_000) });
    await world.recall(app.secret, bySecret);
    expect(await types(bySecret)).toEqual(['pushed', 'scheduled', 'recalled']);
  });

  it('is for its sender alone; others learn nothing of it', async () => {
    const pushId = await pushed();
    const other = await world.bind(await world.app());
    const another = await world.bind(app);
    for (const { key } of [other, another]) expect(await refusal(world.recall(key, pushId))).toBe('push.unknown');
    expect(await refusal(world.recall(ann.key, uuid7()))).toBe('push.unknown');
    expect(await types(pushId)).toEqual(['pushed']);
  });

  it('is possible after the person has withdrawn consent', async () => {
    const bob = await world.bind(app);
    const { id } = (await world.push({ credential: bob.key, body: 'x' })).body;
    await world.unbind(bob);
    await world.recall(bob.key, id);
    expect(await types(id)).toEqual(['pushed', 'recalled']);
  });
});
