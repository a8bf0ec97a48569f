import { encodeCursor } from '@hark/contracts';
import { plusMs, uuid7 } from '@hark/kernel';
import { at, DeliveryWorld, refusal } from '../testing/delivery-world-spec';

describe('reading one’s messages', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const bodies = (items: readonly { body: string }[]) => items.map(({ body }) => body);

  it('shows everything of a message, right after it was filed', async () => {
    const to = await world.recipient();
    const { pushId, position } = await world.filed(to, '正文', 0, { reason: 'muted' });
    const item = {
      id: pushId,
      pushId,
      app: { id: to.appId, name: 'Hacker密码' },
      bindingId: to.bindingId,
      title: 't',
      body: '正文',
      tags: ['x'],
      thread: 'ticket-1',
      receivedAt: plusMs(at, 1),
      why: { level: 'strong', reason: 'muted' },
    };
    expect((await world.inbox(to.personId, {}, { position })).body).toEqual({
      items: [item],
      nextCursor: null,
      unread: 1,
    });
  });

  it('lists them as they were accepted, newest first, whatever the order of filing', async () => {
    const to = await world.recipient();
    await world.filed(to, 'second', 2);
    await world.filed(to, 'first', 1);
    const { position } = await world.filed(to, 'third', 3);
    expect(bodies((await world.inbox(to.personId, {}, { position })).body.items)).toEqual(['third', 'second', 'first']);
  });

  it('pages without gaps or repeats, also among those of one instant and while others arrive', async () => {
    const to = await world.recipient();
    let position = '';
    for (let index = 0; index < 7; index += 1)
      ({ position } = await world.filed(to, `m${index}`, index < 4 ? 0 : index));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const asked = { limit: 3, ...(cursor !== null && { cursor }) };
      const { body } = await world.inbox(to.personId, asked, { position });
      expect(body.items.length).toBeLessThanOrEqual(3);
      expect(body.unread).toBeGreaterThanOrEqual(7);
      seen.push(...bodies(body.items));
      cursor = body.nextCursor;
      ({ position } = await world.filed(to, 'newcomer', 100 + seen.length));
    } while (cursor !== null);
    expect([...seen].sort()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect(seen.slice(0, 3)).toEqual(['m6', 'm5', 'm4']);
  });

  it('shows the messages of one app', async () => {
    const to = await world.recipient();
    const other = { ...to, ...(await world.app(null, '别家')) };
    await world.filed(to, 'one');
    const { position } = await world.filed(other, 'other');
    const { body } = await world.inbox(to.personId, { appId: other.appId }, { position });
    expect(body.items).toMatchObject([{ body: 'other', app: { id: other.appId, name: '别家' } }]);
    expect((await world.inbox(to.personId, { appId: uuid7() })).body).toMatchObject({ items: [], nextCursor: null });
  });

  it('shows nobody else’s', async () => {
    const [to, stranger] = [await world.recipient(), await world.recipient()];
    const { position } = await world.filed(to, 'private');
    expect((await world.inbox(stranger.personId, {}, { position })).body).toEqual({
      items: [],
      nextCursor: null,
      unread: 0,
    });
    const { position: mine } = await world.filed(stranger, 'mine');
    const theirs = (await world.inbox(stranger.personId, { limit: 1 }, { position: mine })).body.items[0]!;
    const cursor = encodeCursor([plusMs(theirs.receivedAt, 100_000), uuid7()]);
    expect(bodies((await world.inbox(stranger.personId, { cursor })).body.items)).toEqual(['mine']);
  });

  it('refuses what is no request: cursors that are not its own, limits, unknown fields', async () => {
    const { personId } = await world.recipient();
    const code = (data: object) => refusal(world.inbox(personId, data));
    const forged = [
      ['x'],
      ['x', 'y'],
      [at, 'y'],
      ['x', uuid7()],
      ['2026-11-22', uuid7()],
      [`${at}\u0000`, uuid7()],
      ['', ''],
    ];
    for (const values of forged) expect(await code({ cursor: encodeCursor(values) })).toBe('request.invalid');
    for (const cursor of ['', 'nonsense', '%']) expect(await code({ cursor })).toBe('request.invalid');
    for (const wrong of [{ limit: 0 }, { limit: 201 }, { appId: 'x' }, { more: 1 }])
      expect(await code(wrong)).toBe('request.invalid');
  });

  it('is for people who are logged in', async () => {
    const { requests } = world.harness;
    for (const kind of ['anonymous', 'app', 'key'] as const) {
      const meta = { caller: { kind, roles: [] } };
      expect(await refusal(requests.request('delivery.list-inbox', {}, meta))).toBe('session.required');
    }
  });

  it('says so when it cannot show a write in time', async () => {
    const { personId } = await world.recipient();
    expect(await refusal(world.inbox(personId, {}, { position: '999999999999-delivery' }))).toBe('readmodel.behind');
    expect(await refusal(world.inbox(personId, {}, { position: 'nonsense' }))).toBe('position.invalid');
  });

  it('has no words any more once the person is erased', async () => {
    const to = await world.recipient();
    const { pushId, position } = await world.filed(to, 'gone');
    await world.vault.erase(to.personId);
    const { body } = await world.inbox(to.personId, {}, { position });
    expect(body.items).toMatchObject([{ id: pushId, body: '' }]);
    expect(body.items[0]).not.toHaveProperty('title');
  });
});
