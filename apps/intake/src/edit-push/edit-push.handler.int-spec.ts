import { aadOf, DeliveryEvent, EditedEvent, MessageEvent, PushContent } from '@hark/contracts';
import { messageFold } from '@hark/gate';
import { plusMs, uuid7 } from '@hark/kernel';
import { idempotent, refusal, until } from '@hark/testing';
import { at, Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';

const hourMs = 3_600_000;

describe('changing a push', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  let ann: Bound;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
    ann = await world.bind(app);
  });
  afterAll(() => world.close());

  const ahead = (ms: number) => plusMs(world.now(), ms);
  const pushed = async (more: object = {}) =>
    (await world.push({ credential: ann.key, title: '工单', body: '已派单', ...more })).body.id;
  const later = () => pushed({ sendAt: ahead(hourMs) });
  const types = (pushId: string) => world.types('message', pushId);
  const present = async (pushId: string) =>
    (await world.events<MessageEvent>('message', pushId)).reduce(messageFold.evolve, messageFold.initial)!;
  const contentOf = async (pushId: string) =>
    JSON.parse((await world.vault.open((await present(pushId)).content, aadOf.content(pushId)))!) as PushContent;
  const timeline = async (pushId: string) =>
    (await world.get({ credential: ann.key, pushId })).body.timeline.map(({ event }) => event);
  const file = async (pushId: string) => {
    const { appId, ownerId, personId, bindingId, content } = await present(pushId);
    const data = { appId, ownerId, personId, bindingId, content, pushedAt: at, at };
    const filed: DeliveryEvent = { type: 'delivery.filed', data };
    await world.append('delivery', pushId, filed);
  };

  it('changes what is named, takes away what is null, and leaves the rest', async () => {
    const pushId = await pushed({ sendAt: ahead(hourMs), tags: ['a'], url: 'https://example.com/' });
    const before = await present(pushId);
    const sendAt = ahead(2 * hourMs);
    const { body } = await world.edit(ann.key, pushId, { body: '已出发', url: null, sendAt });
    expect(body).toEqual({ id: pushId, status: 'scheduled' });
    expect(await contentOf(pushId)).toEqual({ title: '工单', body: '已出发', tags: ['a'] });
    const after = await present(pushId);
    expect(after).toMatchObject({
      edition: 1,
      priority: 'normal',
      waitsUntil: sendAt,
      earlierHashes: [before.contentHash],
    });
    await until(async () => (await timeline(pushId)).includes('message.edited'), { what: 'the timeline tells' });
    expect(await types(pushId)).toEqual(['pushed', 'scheduled', 'edited', 'scheduled']);
    for (const priority of ['critical', null]) {
      await world.edit(ann.key, pushId, { priority });
      expect(await present(pushId)).toMatchObject({ edition: 1, priority: priority ?? 'normal' });
    }
  });

  it('does nothing twice: the same again, the same under one key, another under it', async () => {
    const pushId = await later();
    const meta = idempotent();
    const first = await world.edit(app.secret, pushId, { body: 'b' }, meta);
    const again = await world.edit(app.secret, pushId, { body: 'b' }, meta);
    expect([again.body, again.replayed]).toEqual([first.body, true]);
    await world.edit(ann.key, pushId, { body: 'b' });
    await world.edit(ann.key, pushId, {});
    expect(await types(pushId)).toEqual(['pushed', 'scheduled', 'edited']);
    const other = { ...meta, requestHash: 'b'.repeat(64) };
    expect(await refusal(world.edit(app.secret, pushId, { body: 'c' }, other))).toBe('idempotency.mismatch');
  });

  it('gives a text that comes back another hash, so that no old verdict is taken for its own', async () => {
    const pushId = await later();
    await world.edit(ann.key, pushId, { body: 'b' });
    await world.edit(ann.key, pushId, { body: '已派单' });
    const { earlierHashes, contentHash } = await present(pushId);
    expect(new Set([...earlierHashes, contentHash]).size).toBe(3);
  });

  it('loses no change of many at the same time', async () => {
    const pushId = await later();
    const changes = [{ title: 't' }, { body: 'b' }, { thread: 'x' }];
    await Promise.all(changes.map((change) => world.edit(ann.key, pushId, change)));
    expect(await contentOf(pushId)).toEqual({ title: 't', body: 'b', thread: 'x' });
  });

  it('fires at the new time alone, and at once where that is asked', async () => {
    const moved = await pushed({ sendAt: ahead(hourMs) });
    await world.edit(ann.key, moved, { sendAt: ahead(2 * hourMs) });
    const now = await later();
    await world.edit(ann.key, now, { sendAt: null });
    await until(async () => (await types(now)).includes('fired'), { what: 'it is sent' });
    world.passTime(hourMs + 1_000);
    const sooner = await pushed({ sendAt: ahead(hourMs / 4) });
    world.passTime(hourMs / 4);
    await until(async () => (await types(sooner)).includes('fired'), { what: 'another one is sent' });
    expect(await types(moved)).not.toContain('fired');
    world.passTime(hourMs);
    await until(async () => (await types(moved)).includes('fired'), { what: 'it is sent' });
  });

  it('ends when it is told to, not when it was to', async () => {
    const pushId = await pushed({ expiresAt: ahead(hourMs) });
    await world.edit(ann.key, pushId, { expiresAt: ahead(2 * hourMs) });
    const other = await pushed({ expiresAt: ahead(hourMs) });
    world.passTime(hourMs);
    await until(async () => (await types(other)).includes('expired'), { what: 'another one is over' });
    expect(await types(pushId)).toEqual(['pushed', 'edited']);
    world.passTime(hourMs);
    await until(async () => (await types(pushId)).includes('expired'), { what: 'it is over' });
    expect(await refusal(world.edit(ann.key, pushId, { body: 'b' }))).toBe('push.expired');
  });

  it('refuses times that cannot be kept and texts that are too long together', async () => {
    const pushId = await later();
    const wrong = [{ sendAt: ahead(367 * 24 * hourMs) }, { sendAt: ahead(-2 * hourMs) }, { expiresAt: ahead(1_000) }];
    for (const times of wrong) expect(await refusal(world.edit(ann.key, pushId, times))).toBe('request.invalid');
    const long = { markdown: '长'.repeat(6_000) };
    expect(await refusal(world.edit(ann.key, pushId, long))).toBe('request.too-large');
    expect(await types(pushId)).toEqual(['pushed', 'scheduled']);
  });

  it('after it was filed replaces its text, until its reader has acknowledged it', async () => {
    const pushId = await pushed();
    await file(pushId);
    expect((await world.edit(ann.key, pushId, { body: 'b', priority: 'high' })).body.status).toBe('accepted');
    expect(await refusal(world.edit(ann.key, pushId, { sendAt: ahead(hourMs) }))).toBe('push.sent');
    await world.append('inbox_item', pushId, { type: 'inbox_item.acknowledged', data: { at } });
    expect(await refusal(world.edit(ann.key, pushId, { body: 'c' }))).toBe('push.acknowledged');
    const [edited] = (await world.events<MessageEvent>('message', pushId)).slice(1) as EditedEvent[];
    expect(edited).toMatchObject({ type: 'message.edited', data: { edition: 1, priority: 'high' } });
  });

  it('is for its sender alone, with the consent that it was accepted under', async () => {
    const pushId = await later();
    const others = [(await world.bind(await world.app())).key, (await world.bind(app)).key];
    for (const key of others) expect(await refusal(world.edit(key, pushId, { body: 'b' }))).toBe('push.unknown');
    expect(await refusal(world.edit(ann.key, uuid7(), { body: 'b' }))).toBe('push.unknown');
    const bob = await world.bind(app);
    const { id } = (await world.push({ credential: bob.key, body: 'x', sendAt: ahead(hourMs) })).body;
    await world.unbind(bob);
    expect(await refusal(world.edit(bob.key, id, { body: 'b' }))).toBe('binding.ended');
    const again = await world.bind(app, { openid: bob.openid });
    expect(await refusal(world.edit(again.key, id, { body: 'b' }))).toBe('binding.ended');
    const gone = await later();
    await world.recall(ann.key, gone);
    expect(await refusal(world.edit(ann.key, gone, { body: 'b' }))).toBe('push.recalled');
  });
});
