import { positionToken, uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';
import { PushEvents } from '../testing/push-events.fixture';

describe('what became of a push', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  let bound: Bound;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
    bound = await world.bind(app);
  });
  afterAll(() => world.close());

  const pushed = async (to = bound) => (await world.push({ credential: to.key, body: 'x' })).body.id;
  const code = async (data: object) => refusal(world.get(data));

  it('is told with the write itself in it: moderating, and whom it is for', async () => {
    const { body, position } = await world.push({ credential: bound.key, body: 'x' });
    const seen = await world.get({ credential: bound.key, pushId: body.id }, { position: position! });
    expect(seen.body).toEqual({
      id: body.id,
      status: 'moderating',
      timeline: [{ event: 'message.pushed', at: expect.stringMatching(/Z$/) as string, text: '已接受' }],
      recipients: [{ openid: bound.openid, status: 'moderating' }],
    });
  });

  it('is told right after its 202, also before any table shows it', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await pushed();
      const { body } = await world.get({ credential: app.secret, pushId: id });
      expect(body).toMatchObject({ id, status: expect.stringMatching(/^(accepted|moderating)$/) as string });
    }
    // A table that has not come so far: what is told then stands in the push's own stream.
    const { body: told, position } = await world.push({ credential: bound.key, body: 'x' });
    await world.get({ credential: bound.key, pushId: told.id }, { position: position! });
    await world.harness.sql('delete from intake.pushes where push_id = $1', [told.id]);
    const { id } = told;
    expect((await world.get({ credential: bound.key, pushId: id })).body).toEqual({
      id,
      status: 'accepted',
      timeline: [{ event: 'message.pushed', at: expect.stringMatching(/Z$/) as string, text: '已接受' }],
      recipients: [{ openid: bound.openid, status: 'accepted' }],
    });
    const sibling = await world.bind(app);
    expect(await code({ credential: sibling.key, pushId: id })).toBe('push.unknown');
    expect(await code({ credential: (await world.app()).secret, pushId: id })).toBe('push.unknown');
  });

  it('is told to the key of its binding, to the secret of its app, and to nobody else', async () => {
    const [sibling, otherApp] = [await world.bind(app), await world.app()];
    const pushId = await pushed();
    const stranger = await world.bind(otherApp);
    for (const credential of [bound.key, app.secret]) {
      expect((await world.get({ credential, pushId }, await caughtUp())).body.id).toBe(pushId);
    }
    for (const credential of [sibling.key, stranger.key, otherApp.secret]) {
      expect(await code({ credential, pushId })).toBe('push.unknown');
    }
    expect(await code({ credential: 'has_nonsense', pushId })).toBe('key.invalid');
  });

  it.each(['x', '', uuid7().toUpperCase(), '%2e%2e', 7, null])('knows no push %j', async (pushId) =>
    expect(await code({ credential: bound.key, pushId })).toBe('push.unknown'),
  );

  it('names a field it does not know, and a credential that is missing', async () => {
    expect(await code({ credential: bound.key, pushId: uuid7(), more: 1 })).toBe('request.invalid');
    expect(await code({ pushId: uuid7() })).toBe('request.invalid');
  });

  it('stays readable after the binding has ended, and names nobody after the person was erased', async () => {
    const gone = await world.bind(app);
    const pushId = await pushed(gone);
    await world.unbind(gone);
    const { body } = await world.get({ credential: gone.key, pushId }, await caughtUp());
    expect(body.recipients).toMatchObject([{ openid: gone.openid }]);
    await world.vault.erase(gone.personId);
    await world.harness.restart(); // a key that was in use is remembered for a minute
    expect((await world.get({ credential: gone.key, pushId }, await caughtUp())).body.recipients).toEqual([]);
  });

  /** Behind everything that was written so far. */
  async function caughtUp(): Promise<{ position: string }> {
    const probe = await world.push({ credential: app.secret, openid: bound.openid, body: 'probe' });
    return { position: probe.position! };
  }

  it('tells its way step by step, to its end', async () => {
    const life = new PushEvents('2026-11-22T09:00:01.000Z');
    const [pushId, attempt] = [await pushed(), uuid7()];
    await world.append('moderation', pushId, life.passed);
    const tries = [life.attempted(attempt), life.sent(attempt), life.finished('delivered')];
    const { position } = await world.append('delivery', pushId, life.decided('deliver'), life.filed(), ...tries);
    const meta = { position: positionToken(position, 'delivery') };
    const { body } = await world.get({ credential: bound.key, pushId }, meta);
    expect(body).toMatchObject({ status: 'delivered', recipients: [{ openid: bound.openid, status: 'delivered' }] });
    expect(body.timeline.map(({ event, channel }) => [event, channel].filter(Boolean).join(' '))).toEqual([
      'message.pushed',
      'moderation.passed',
      'delivery.decided',
      'delivery.filed',
      'delivery.attempted bark',
      'delivery.sent bark',
      'delivery.finished',
    ]);
  });

  it('says why it went no further', async () => {
    const life = new PushEvents('2026-11-22T09:00:01.000Z');
    const pushId = await pushed();
    const blocked = life.judged('moderation.blocked', 'fraud');
    const position = positionToken((await world.append('moderation', pushId, blocked)).position, 'moderation');
    const ended = { status: 'blocked', reason: 'moderation.fraud' };
    const { body } = await world.get({ credential: bound.key, pushId }, { position });
    expect(body).toMatchObject({
      ...ended,
      reasonText: '内容审核未通过：欺诈',
      recipients: [{ openid: bound.openid, ...ended }],
    });
    expect(body.timeline.at(-1)).toMatchObject({ event: 'moderation.blocked', text: '内容审核未通过：欺诈' });
    const english = await world.get({ credential: bound.key, pushId }, { locale: 'en' });
    expect(english.body).toMatchObject({ reasonText: 'its text did not pass: fraud' });
  });
});
