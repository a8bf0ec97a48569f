import { idempotent, refusal } from '@hark/testing';
import { start } from '../main';
import { at, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

describe('a push under an Idempotency-Key', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const code = async (data: object, meta = {}) => refusal(world.push(data, meta));

  it('gives the same answer again, also after the consent has gone, the app was suspended, and a restart', async () => {
    const own = await world.app();
    const bound = await world.bind(own);
    const key = idempotent();
    const asked = { credential: bound.key, body: 'x' };
    const first = await world.push(asked, key);
    expect(first.replayed).toBeUndefined();
    const replay = { ...first, replayed: true };
    expect(await world.push(asked, key)).toEqual(replay);
    await world.unbind(bound);
    expect(await world.push(asked, key)).toEqual(replay);
    const until = '2099-01-01T00:00:00.000Z';
    await world.append('standing', own.ownerId, { type: 'standing.suspended', data: { until, at } });
    await world.harness.restart();
    expect(await world.push(asked, key)).toEqual(replay);
    expect(await world.types('message', first.body.id)).toEqual(['pushed']);
  });

  it('refuses another body, also one that would be refused anyway, and stores nothing of it', async () => {
    const bound = await world.bind(app);
    const key = idempotent();
    const { body } = await world.push({ credential: bound.key, body: 'one' }, key);
    const other = { ...key, requestHash: 'b'.repeat(64) };
    expect(await code({ credential: bound.key, body: 'two' }, other)).toBe('idempotency.mismatch');
    expect(await code({ credential: app.secret, openid: 'nobody', body: 'one' }, other)).toBe('idempotency.mismatch');
    await world.unbind(bound);
    expect(await code({ credential: bound.key, body: 'two' }, other)).toBe('idempotency.mismatch');
    expect(await world.types('message', body.id)).toEqual(['pushed']);
  });

  it('still asks for a key that is valid', async () => {
    const bound = await world.bind(app);
    const key = idempotent();
    await world.push({ credential: bound.key, body: 'x' }, key);
    expect(await code({ credential: `${bound.key.slice(0, -3)}xxx`, body: 'x' }, key)).toBe('key.invalid');
  });

  it('makes one push of fifty at once', async () => {
    const bound = await world.bind(app);
    const key = idempotent();
    const asked = { credential: bound.key, body: 'x' };
    const replies = await Promise.all(Array.from({ length: 50 }, () => world.push(asked, key)));
    expect(new Set(replies.map(({ body, position }) => `${body.id} ${position}`)).size).toBe(1);
    expect(replies.filter(({ replayed }) => replayed !== true)).toHaveLength(1);
    expect(await world.types('message', replies[0]!.body.id)).toEqual(['pushed']);
  });

  it('makes one push of two hundred at once at two replicas', async () => {
    const replica = await start(world.harness.env);
    try {
      const bound = await world.bind(app);
      const key = idempotent();
      const asked = { credential: bound.key, body: 'x' };
      const replies = await Promise.all(Array.from({ length: 200 }, () => world.push(asked, key)));
      expect(new Set(replies.map(({ body, position }) => `${body.id} ${position}`)).size).toBe(1);
      expect(await world.types('message', replies[0]!.body.id)).toEqual(['pushed']);
    } finally {
      await replica.close();
    }
  });

  it('tries anew what was refused', async () => {
    const bound = await world.bind(app, { level: 'none' });
    const key = idempotent();
    expect(await code({ credential: bound.key, body: 'x' }, key)).toBe('binding.refused');
    await world.append('binding', bound.bindingId, { type: 'binding.level-set', data: { level: 'strong', at } });
    expect((await world.push({ credential: bound.key, body: 'x' }, key)).replayed).toBeUndefined();
  });
});
