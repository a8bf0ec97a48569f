import { PushPreview } from '@hark/contracts';
import { ringsIdOf } from '@hark/gate';
import { uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { at, Bound, IntakeWorld } from '../testing/intake-world.fixture';

describe('a push that is only asked about', () => {
  let world: IntakeWorld;
  beforeAll(async () => {
    world = await IntakeWorld.start();
  });
  afterAll(() => world.close());

  const preview = async ({ key }: Bound, push: object = {}): Promise<PushPreview> =>
    (await world.preview({ credential: key, body: 'b', ...push })).body;
  const endpoint = async ({ personId }: Bound) => {
    const endpointId = uuid7();
    const data = { endpointId, kind: 'bark', address: `v1.${personId}.aa.bb`, addressHash: 'a'.repeat(64), at };
    const verified = { type: 'user.endpoint-verified', data: { endpointId, at } };
    await world.append('user', personId, { type: 'user.endpoint-added', data }, verified);
  };

  it('is told who would get it, how, and why not, and leaves nothing behind', async () => {
    const app = await world.app();
    const bound = await world.bind(app, { openid: 'o-preview' });
    const passed = { verdict: 'passed' };
    const answer = (more: object) => [{ openid: 'o-preview', ...more }];
    expect(await preview(bound)).toMatchObject({
      moderation: passed,
      recipients: answer({ decision: 'file-only', reason: 'no-channel' }),
    });
    await endpoint(bound);
    const rings = { decision: 'deliver', channels: ['bark'] };
    expect((await preview(bound)).recipients).toEqual(answer({ ...rings, priority: 'normal' }));
    expect((await preview(bound, { priority: 'critical' })).recipients).toEqual(answer({ ...rings, priority: 'high' }));
    const allow = { type: 'binding.critical-set', data: { critical: true, at } };
    const cap = { type: 'binding.cap-set', data: { dailyCap: 1, at } };
    await world.append('binding', bound.bindingId, allow, cap);
    const loud = answer({ ...rings, priority: 'critical' });
    expect((await preview(bound, { priority: 'critical' })).recipients).toEqual(loud);

    const days = [1, 2, 3, 4, 5, 6, 7];
    const quietHours = [{ days, from: '01:00', to: '02:00', mode: 'defer' }];
    await world.append(
      'user',
      bound.personId,
      { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
      { type: 'user.quiet-hours-set', data: { quietHours, at } },
    );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const sendAt = `${tomorrow}T01:30:00.000Z`;
    expect(await preview(bound, { sendAt })).toEqual({
      at: sendAt,
      moderation: passed,
      recipients: answer({
        decision: 'defer',
        reason: 'quiet-hours',
        until: `${tomorrow}T02:00:00.000Z`,
        channels: ['bark'],
        priority: 'normal',
      }),
    });
    const counted = { type: 'ring.counted', data: { pushId: uuid7(), at } };
    const midday = `${tomorrow}T12:00:00.000Z`;
    await world.append('ring', ringsIdOf(bound.bindingId, 'UTC', midday), counted);
    const full = answer({ decision: 'file-only', reason: 'daily-cap' });
    expect((await preview(bound, { sendAt: midday })).recipients).toEqual(full);
    expect(await preview(bound, { body: 'held' })).toMatchObject({
      moderation: { verdict: 'held', label: 'ads' },
      recipients: answer({ decision: 'hold', reason: 'verdict-held' }),
    });
    await world.unbind(bound);
    expect((await preview(bound)).recipients).toEqual(answer({ decision: 'refuse', reason: 'unbound' }));
    expect((await world.list({ credential: app.secret })).body.items).toEqual([]);
  });

  it('needs what a push needs', async () => {
    const app = await world.app();
    const other = await world.bind(await world.app());
    const twoKeys = { credential: app.secret, key: other.key, body: 'b' };
    expect(await refusal(world.preview(twoKeys))).toBe('binding.unknown');
    expect(await refusal(world.preview({ credential: app.secret, body: 'b', openid: 'nobody' }))).toBe(
      'binding.unknown',
    );
    const bound = await world.bind(app);
    const past = '2020-01-01T00:00:00.000Z';
    expect(await refusal(world.preview({ credential: bound.key, body: 'b', sendAt: past }))).toBe('request.invalid');
  });
});
