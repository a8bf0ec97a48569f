import { PushView } from '@hark/contracts';
import { positionToken } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { Bound, IntakeWorld, refusal, RegisteredApp } from '../testing/intake-world.fixture';
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
  const code = async (data: object) => (await refusal(world.get(data))).code;

  it('is told with the write itself in it: moderating, and whom it is for', async () => {
    const { body, position } = await world.push({ credential: bound.key, body: 'x' });
    const seen = await world.get({ credential: bound.key, pushId: body.id }, { position: position! });
    expect(seen.body).toEqual({
      id: body.id,
      status: 'moderating',
      timeline: [{ event: 'message.pushed', at: expect.stringMatching(/Z$/) as string }],
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
      timeline: [{ event: 'message.pushed', at: expect.stringMatching(/Z$/) as string }],
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

  describe('step by step', () => {
    const life = new PushEvents('2026-11-22T09:00:01.000Z');
    const [one, two] = [uuid7(), uuid7()];
    type Steps = readonly (readonly [stream: 'moderation' | 'delivery', ...Parameters<IntakeWorld['append']>[2][]])[];
    const story = async (...steps: Steps): Promise<PushView> => {
      const pushId = await pushed();
      let token = '';
      for (const [stream, ...events] of steps)
        token = positionToken(await world.append(stream, pushId, ...events), stream);
      const { body } = await world.get({ credential: bound.key, pushId }, { position: token });
      const { status, reason } = body;
      expect(body.recipients).toEqual([{ openid: bound.openid, status, ...(reason && { reason }) }]);
      return body;
    };
    const lines = ({ timeline }: PushView) =>
      timeline.map(({ event, channel, detail }) => [event, channel, detail].filter(Boolean).join(' '));

    it('blocked by moderation', async () => {
      const seen = await story(['moderation', life.judged('moderation.blocked', 'fraud')]);
      expect(seen).toMatchObject({ status: 'blocked', reason: 'moderation.fraud' });
      expect(lines(seen)).toEqual(['message.pushed', 'moderation.blocked fraud']);
    });

    it('held, then rejected or approved', async () => {
      const held = life.judged('moderation.held', 'ads');
      expect(await story(['moderation', held])).toMatchObject({ status: 'held', reason: 'moderation.ads' });
      const rejected = await story(['moderation', held, life.reviewed('moderation.rejected', 'ads')]);
      expect(rejected).toMatchObject({ status: 'blocked', reason: 'moderation.ads' });
      const approved = await story(['moderation', held, life.reviewed('moderation.approved')]);
      expect(approved.status).toBe('moderating');
      expect(approved).not.toHaveProperty('reason');
    });

    it('delivered', async () => {
      const seen = await story(
        ['moderation', life.passed],
        [
          'delivery',
          life.decided('deliver'),
          life.filed(),
          life.attempted(one),
          life.sent(one),
          life.finished('delivered'),
        ],
      );
      expect(seen.status).toBe('delivered');
      expect(lines(seen)).toEqual([
        'message.pushed',
        'moderation.passed',
        'delivery.decided',
        'delivery.filed',
        'delivery.attempted bark',
        'delivery.sent bark',
        'delivery.finished',
      ]);
    });

    it('delivered without its link, which the channel could not carry', async () => {
      const seen = await story(['delivery', life.decided('deliver'), life.attempted(one), life.sent(one, 'link')]);
      expect(lines(seen).at(-1)).toBe('delivery.sent bark link-left-out');
    });

    it('filed, then on its way with a failure in between', async () => {
      const filed = [life.decided('deliver'), life.filed()] as const;
      expect((await story(['delivery', ...filed])).status).toBe('filed');
      const failure = life.ended('delivery.failed', one, 'TRANSIENT', false);
      const seen = await story(['delivery', ...filed, life.attempted(one), failure, life.attempted(two)]);
      expect(seen.status).toBe('delivering');
      expect(lines(seen)).toContain('delivery.failed bark TRANSIENT');
    });

    it('delivering still while a refusal that passes is waited out, with the time of the next try', async () => {
      const failure = life.ended('delivery.failed', one, 'THROTTLED', false);
      const putOff = [life.decided('deliver'), life.filed(), life.attempted(one), failure, life.deferred(one)] as const;
      const seen = await story(['delivery', ...putOff, life.resumed()]);
      expect(seen.status).toBe('delivering');
      expect(seen.timeline.at(-1)).toMatchObject({
        event: 'delivery.deferred',
        channel: 'bark',
        detail: 'THROTTLED',
        retryAt: expect.stringMatching(/^2/) as string,
      });
    });

    it('failed with the word for it, where the class of the failure does not say why', async () => {
      const end = life.ended('delivery.failed', one, 'CONFIG', true, 'redirected');
      const seen = await story(['delivery', life.decided('deliver'), life.filed(), life.attempted(one), end]);
      expect(lines(seen)).toContain('delivery.failed bark redirected');
    });

    it('failed for good', async () => {
      const end = life.ended('delivery.failed', one, 'RECIPIENT_GONE', true);
      const seen = await story([
        'delivery',
        life.decided('deliver'),
        life.filed(),
        life.attempted(one),
        end,
        life.finished('failed'),
      ]);
      expect(seen.status).toBe('failed');
    });

    it.each(['muted', 'weak', 'no-channel', 'app-throttled'])('in the inbox only: %s', async (reason) => {
      const seen = await story([
        'delivery',
        life.decided('file-only', reason),
        life.filed(reason),
        life.finished('inbox-only', reason),
      ]);
      expect(seen).toMatchObject({ status: 'inbox-only', reason });
    });

    it('suppressed, at the decision or later', async () => {
      const atOnce = await story([
        'delivery',
        life.decided('refuse', 'unbound'),
        life.finished('suppressed', 'unbound'),
      ]);
      expect(atOnce).toMatchObject({ status: 'suppressed', reason: 'unbound' });
      const later = [life.suppressed('unbound'), life.finished('suppressed', 'unbound')];
      const seen = await story(['delivery', life.decided('deliver'), life.filed(), ...later]);
      expect(seen).toMatchObject({ status: 'suppressed', reason: 'unbound' });
      expect(lines(seen)).toContain('delivery.suppressed bark unbound');
    });
  });
});
