import { MessageEvent, PushedEvent } from '@hark/contracts';
import { escalatedIdOf, openidIdOf } from '@hark/gate';
import { plusMs, uuid7 } from '@hark/kernel';
import { refusal, refused, until } from '@hark/testing';
import { at, Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

const after = 'PT15M';

/** A push that goes to `second` when `first` says nothing. */
interface Case {
  readonly app: RegisteredApp;
  readonly first: Bound;
  readonly second: Bound;
  readonly pushId: string;
}
type Take = (world: IntakeWorld, the: Case) => Promise<unknown>;

const ofBinding =
  (type: string, data: object = {}): Take =>
  (world, { second }) =>
    world.append('binding', second.bindingId, { type, data: { ...data, at } });
const ofStanding =
  (type: string, data: object): Take =>
  (world, { app }) =>
    world.append('standing', app.ownerId, { type, data: { ...data, at } });

/** What is in force when its turn comes, and the reason that the sender is told. */
const takings: [string, string, Take][] = [
  ['unbind', 'binding.ended', ofBinding('binding.unbound', { reason: 'requested' })],
  ['block', 'binding.refused', ofBinding('binding.blocked')],
  [
    'block of the app',
    'binding.refused',
    (world, { app: { appId }, second }) =>
      world.append('user', second.personId, { type: 'user.blocked-app', data: { appId, at } }),
  ],
  [
    'erasure',
    'binding.ended',
    (world, { second }) => world.append('user', second.personId, { type: 'user.erased', data: { at } }),
  ],
  ['a key that is destroyed', 'binding.ended', (world, { second }) => world.vault.erase(second.personId)],
  ['level none', 'binding.refused', ofBinding('binding.level-set', { level: 'none' })],
  ['ban', 'app.banned', ofStanding('standing.banned', { confirmedBy: uuid7() })],
  ['suspension', 'app.suspended', ofStanding('standing.suspended', { until: '2099-01-01T00:00:00.000Z' })],
  [
    'recall',
    'recalled',
    (world, { pushId }) => world.append('message', pushId, { type: 'message.recalled', data: { at } }),
  ],
  [
    'erasure of the first person',
    'binding.ended',
    (world, { first }) => world.append('user', first.personId, { type: 'user.erased', data: { at } }),
  ],
  ['unbind of the first person', 'binding.ended', (world, { first }) => world.unbind(first)],
  [
    'an answer that came meanwhile',
    'acknowledged',
    (world, { pushId }) => world.append('inbox_item', pushId, { type: 'inbox_item.acknowledged', data: { at } }),
  ],
];

describe('a push that nobody acknowledges', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const begin = async (own = app, more: object = {}): Promise<Case> => {
    const [first, second] = [await world.bind(own), await world.bind(own)];
    const escalate = [{ after, openid: second.openid }];
    const asked = { credential: own.secret, openid: first.openid, title: '工单', body: '已出发', escalate, ...more };
    return { app: own, first, second, pushId: (await world.push(asked)).body.id };
  };
  const dataOf = async (id: string) =>
    ((await world.store.read('message', id))[0]?.event as PushedEvent | undefined)?.data;
  /** As delivery tells it when the time has come. */
  const escalate = async ({ pushId, second }: Pick<Case, 'pushId' | 'second'>, number = 1) => {
    const { appId, ownerId, personId, bindingId, content } = (await dataOf(pushId))!;
    const filed = { appId, ownerId, personId, bindingId, content, pushedAt: at, at };
    if (number === 1) await world.append('delivery', pushId, { type: 'delivery.filed', data: filed });
    const data = { number, openidId: openidIdOf(appId, second.openid), epoch: 1, at };
    await world.append('delivery', pushId, { type: 'delivery.escalated', data });
  };
  const arrived = (id: string) => until(() => dataOf(id), { what: `${id} is pushed` });
  const dropped = (pushId: string) =>
    until(
      async () =>
        (await world.events<MessageEvent>('message', pushId)).find(({ type }) => type === 'message.escalation-dropped'),
      { what: `${pushId} goes no further` },
    );
  const types = async (id: string) =>
    (await world.events<MessageEvent>('message', id)).map(({ type }) => type.replace('message.', ''));

  it('is pushed to the next one under their own consent, sealed for them then, with the same words', async () => {
    const expiresAt = plusMs(world.now(), 3_600_000);
    const the = await begin(app, { priority: 'high', thread: 't', expiresAt });
    const { pushId, second } = the;
    const first = (await dataOf(pushId))!;
    expect(first.escalate).toEqual([{ afterMs: 900_000, openidId: openidIdOf(app.appId, second.openid) }]);
    await escalate(the);
    const id = escalatedIdOf(pushId, 1);
    const { content, ...data } = await arrived(id);
    const { personId, bindingId, consentId } = second;
    const { contentHash, threadHash, ownerId } = first;
    const kept = { contentHash, threadHash, ownerId, priority: 'high', expiresAt };
    expect(data).toMatchObject({ personId, bindingId, consentId, ...kept, escalatedFrom: pushId });
    expect(data).not.toHaveProperty('escalate');
    expect(content).toContain(personId);
    const position = (await world.recall(app.secret, (await begin()).pushId)).position!;
    const view = (await world.get({ credential: app.secret, pushId }, { position })).body;
    expect(view.recipients).toEqual([
      { openid: the.first.openid, status: expect.any(String) as string },
      { openid: second.openid, status: 'moderating' },
    ]);
    expect(view.timeline.find(({ event }) => event === 'delivery.escalated')).toHaveProperty('text');
    // Whom else it went to is none of the business of who holds a key.
    const byKey = (await world.get({ credential: the.first.key, pushId }, { position })).body;
    expect(byKey.recipients).toHaveLength(1);
  });

  it('is taken back from everybody, by the answer, and also when it comes to another after that', async () => {
    const [before, between] = [await begin(), await begin()];
    await escalate(before);
    const id = escalatedIdOf(before.pushId, 1);
    await arrived(id);
    await world.recall(app.secret, before.pushId);
    expect(await types(id)).toEqual(['pushed', 'recalled']);

    await escalate(between);
    const late = escalatedIdOf(between.pushId, 1);
    await arrived(late);
    // As if the process had died between the two.
    await world.append('message', between.pushId, { type: 'message.recalled', data: { at } });
    await until(async () => (await types(late)).includes('recalled'), { what: 'it is taken back' });
  });

  describe('does not go to the next one', () => {
    const cases = new Map<string, Case>();
    beforeAll(async () => {
      for (const [name, , take] of takings) {
        const the = await begin(await world.app());
        cases.set(name, the);
        await take(world, the);
      }
      await Promise.all([...cases.values()].map((the) => escalate(the)));
    });

    it.each(takings)('after %s, told as %s', async (name, reason) => {
      const { pushId } = cases.get(name)!;
      expect(await dropped(pushId)).toMatchObject({ data: { number: 1, reason } });
      expect(await dataOf(escalatedIdOf(pushId, 1))).toBeUndefined();
    });

    it('who was not confirmed, who has it under another name, or after its end', async () => {
      const the = await begin();
      const unconfirmed = await world.bind(app, { confirmed: false });
      await escalate({ ...the, second: unconfirmed });
      expect(await dropped(the.pushId)).toMatchObject({ data: { reason: 'binding.unconfirmed' } });
      const over = await begin(app, { expiresAt: plusMs(world.now(), 60_000) });
      world.passTime(60_000);
      await escalate(over);
      expect(await dropped(over.pushId)).toMatchObject({ data: { reason: 'expired' } });
    });
  });

  it('names people whom somebody has claimed to be, with the secret of the app, and each once', async () => {
    const [first, second] = [await world.bind(app), await world.bind(app)];
    const push = (openids: string[], credential = app.secret, more: object = { openid: first.openid }) =>
      world.push({ credential, body: 'x', ...more, escalate: openids.map((openid) => ({ after, openid })) });
    expect(await refusal(push(['nobody']))).toBe('binding.unknown');
    const stranger = { path: 'escalate.1.openid', message: 'must be somebody who has granted this app something' };
    expect(await refused(push([second.openid, 'nobody']))).toMatchObject({ detail: { errors: [stranger] } });
    expect(await refusal(push([second.openid], first.key, {}))).toBe('push.escalate-needs-secret');
    const twice = { path: 'escalate', message: 'must name different people' };
    expect(await refused(push([second.openid, second.openid]))).toMatchObject({ detail: { errors: [twice] } });
    const self = { path: 'escalate.0.openid', message: 'must not name the recipient' };
    expect(await refused(push([first.openid]))).toMatchObject({ detail: { errors: [self] } });
    const early = { credential: app.secret, openid: first.openid, body: 'x' };
    for (const wrong of ['PT59S', 'P8D'])
      expect(await refusal(world.push({ ...early, escalate: [{ after: wrong, openid: second.openid }] }))).toBe(
        'request.invalid',
      );
  });
});
