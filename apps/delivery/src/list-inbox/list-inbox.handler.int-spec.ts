import { aadOf, encodeCursor, PushContent } from '@hark/contracts';
import { plusMs, uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { at, DeliveryWorld, hash } from '../testing/delivery-world.fixture';
import { lookedThroughMax } from './inbox-search';

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
      app: { id: to.appId, name: 'Hacker密码', verified: false },
      bindingId: to.bindingId,
      title: 't',
      body: '正文',
      tags: ['x'],
      thread: 'ticket-1',
      pushedAt: at,
      receivedAt: plusMs(at, 1),
      why: { level: 'strong', reason: 'muted' },
    };
    expect((await world.inbox(to.personId, {}, { position })).body).toEqual({
      items: [item],
      nextCursor: null,
      unread: 1,
    });
  });

  it('counts the unread ones of the moment that it shows, also beside an empty page', async () => {
    const to = await world.recipient();
    const empty = await world.inbox(to.personId);
    expect(empty.body).toEqual({ items: [], nextCursor: null, unread: 0 });
    let isFiling = true;
    const filing = Promise.all(Array.from({ length: 60 }, (_, index) => world.filed(to, 'x', index)));
    void filing.finally(() => (isFiling = false));
    const counts: [number, number][] = [];
    while (isFiling) {
      const { items, unread } = (await world.inbox(to.personId, { limit: 200 })).body;
      counts.push([items.length, unread]);
    }
    expect(counts.length).toBeGreaterThan(0);
    expect(counts).toEqual(counts.map(([shown]) => [shown, shown]));
    await filing;
    const { position } = await world.filed(to, 'the last', 61);
    const found = await world.inbox(to.personId, { q: 'nowhere' }, { position });
    expect(found.body).toMatchObject({ items: [], unread: 61 });
  });

  it('calls an app nobody owns as the person’s own client did, and by its mini program before everybody else', async () => {
    const { appId } = await world.app(null, '头一个人的叫法', { wechatAppId: 'wx0123456789abcdef' });
    const [named, unnamed] = [
      await world.recipient({ app: { appId, ownerId: appId }, appName: '我的叫法' }),
      await world.recipient({ app: { appId, ownerId: appId } }),
    ];
    const appOf = async (to: typeof named) => {
      const { position } = await world.filed(to, 'x', 0);
      const { items } = (await world.inbox(to.personId, {}, { position })).body;
      return items[0]!.app;
    };
    expect(await appOf(named)).toEqual({ id: appId, name: '我的叫法', verified: false });
    expect((await world.inbox(named.personId, { q: '叫法' })).body.items).toHaveLength(1);
    expect(await appOf(unnamed)).toEqual({ id: appId, name: 'wx0123456789abcdef', verified: false });
    await world.append('binding', named.bindingId, { type: 'binding.app-named', data: { appName: '改了的叫法', at } });
    expect(await appOf(named)).toMatchObject({ name: '改了的叫法' });
    await world.finished(await world.push(named));
    await world.finished(await world.push(unnamed));
    expect(JSON.stringify(world.shown(named))).toContain('改了的叫法');
    expect(JSON.stringify(world.shown(unnamed))).toContain('wx0123456789abcdef');
  });

  it('lists them as they were accepted, newest first, whatever the order of filing and whatever the clock said', async () => {
    const to = await world.recipient();
    const accept = (body: string, seconds: number) => world.accepted(to, { body }, plusMs(at, seconds * 1_000));
    // The clock is set back by 90 seconds before the second one.
    const [first, second] = [await accept('first', 0), await accept('second', -90)];
    const third = await accept('third', -89);
    await world.file(to, third, plusMs(at, -88_000));
    await world.file(to, first, plusMs(at, -87_000));
    const { position } = await world.file(to, second, plusMs(at, -86_000));
    expect(bodies((await world.inbox(to.personId, {}, { position })).body.items)).toEqual(['third', 'second', 'first']);
  });

  it('shows one that was held back as new when it comes, with the time at which it was sent', async () => {
    const to = await world.recipient();
    const held = await world.accepted(to, { body: 'held' }, at);
    await world.filed(to, 'meanwhile', 30_000);
    const approvedAt = plusMs(at, 3_600_000);
    const { position } = await world.file(to, held, approvedAt);
    const { items } = (await world.inbox(to.personId, {}, { position })).body;
    expect(bodies(items)).toEqual(['held', 'meanwhile']);
    expect(items[0]).toMatchObject({ pushedAt: at, receivedAt: approvedAt });
  });

  it('does not show what was refused before it was filed', async () => {
    const to = await world.recipient();
    const blocked = await world.accepted(to, { body: 'blocked' });
    const data = { contentHash: hash(blocked), label: 'ads', ruleVersion: '1', wechat: 'off', at };
    await world.append('moderation', blocked, { type: 'moderation.blocked', data });
    await world.accepted(to, { body: 'waiting' });
    const { position } = await world.filed(to, 'there');
    const { body } = await world.inbox(to.personId, {}, { position });
    expect([bodies(body.items), body.unread]).toEqual([['there'], 1]);
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
    await world.inbox(stranger.personId, {}, { position: mine });
    const cursor = encodeCursor([String(2n ** 63n - 1n), uuid7()]);
    expect(bodies((await world.inbox(stranger.personId, { cursor })).body.items)).toEqual(['mine']);
  });

  it('refuses what is no request: cursors that are not its own, limits, unknown fields', async () => {
    const { personId } = await world.recipient();
    const code = (data: object) => refusal(world.inbox(personId, data));
    const forged = [['x'], ['1', 'y'], ['x', uuid7()], ['-1', uuid7()], ['1.5', uuid7()], [String(2n ** 63n), uuid7()]];
    forged.push([at, uuid7()], ['1\u0000', uuid7()], ['', ''], ['1', uuid7(), '1']);
    for (const values of forged) expect(await code({ cursor: encodeCursor(values) })).toBe('request.invalid');
    for (const cursor of ['', 'nonsense', '%']) expect(await code({ cursor })).toBe('request.invalid');
    for (const wrong of [{ limit: 0 }, { limit: 201 }, { appId: 'x' }, { more: 1 }])
      expect(await code(wrong)).toBe('request.invalid');
  });

  it('finds words in both languages, newest first, also those put away, page by page', async () => {
    const to = await world.recipient();
    const say = async (content: PushContent) => world.file(to, await world.accepted(to, content), at);
    const away = await say({ title: '退款通知', body: '您的退款已到账' });
    await say({ body: 'Your REFUND has arrived', tags: ['退款'] });
    const { position: then } = await say({ body: '快递已发出', variants: { en: { body: 'On its way' } } });
    await world.inbox(to.personId, {}, { position: then });
    await world.mark('archive', to.personId, away.pushId);
    const { position } = await say({
      body: '退 款',
      step: { index: 1, of: 2, label: '申请' },
      thread: 'ＲＥＦＵＮＤ-7',
    });
    const search = async (q: string, more: object = {}) =>
      (await world.inbox(to.personId, { q, ...more }, { position })).body;
    const found = async (q: string, more: object = {}) => bodies((await search(q, more)).items);
    expect(await found('退款')).toEqual(['Your REFUND has arrived', '您的退款已到账']);
    expect(await found('退款', { archived: 'false' })).toEqual(['Your REFUND has arrived']);
    expect(await found('refund')).toEqual(['退 款', 'Your REFUND has arrived']);
    expect(await found('ｗａｙ')).toEqual(['快递已发出']);
    expect(await found('退款 arrived')).toEqual(['Your REFUND has arrived']);
    expect(await found('HACKER密码', { limit: 200 })).toHaveLength(4);
    expect(await found('没有的词')).toEqual([]);
    const first = await search('refund', { limit: 1 });
    expect([bodies(first.items), first.unread]).toEqual([['退 款'], 3]);
    const second = await search('refund', { limit: 1, cursor: first.nextCursor! });
    expect([bodies(second.items), second.nextCursor]).toEqual([['Your REFUND has arrived'], null]);
    const code = (data: object) => refusal(world.inbox(to.personId, data));
    const wrong = [{ q: '' }, { q: ' ' }, { q: 'x'.repeat(101) }, { q: 'a b c d e f g h i' }, { q: 'a\u0000' }];
    for (const data of [...wrong, { q: 'a', folded: 'true' }]) expect(await code(data)).toBe('request.invalid');
    const stranger = await world.recipient();
    expect((await world.inbox(stranger.personId, { q: '退款' })).body).toMatchObject({ items: [], nextCursor: null });
    const erased = await world.recipient();
    const last = await world.filed(erased, '退款');
    await world.vault.erase(erased.personId);
    expect((await world.inbox(erased.personId, { q: '退款' }, { position: last.position })).body.items).toEqual([]);
  });

  // As many as HARK_SEARCHED; a few take their place in the suite.
  it('looks through a bounded number at a time, and says where to go on', async () => {
    const to = await world.recipient();
    const count = Number(process.env.HARK_SEARCHED ?? lookedThroughMax + 20);
    const { pushId, position } = await world.filed(to, '最早的一条', 0);
    await world.inbox(to.personId, {}, { position });
    // Copies under other ids open only as what they were sealed for, so each is sealed anew.
    const sealed = await Promise.all(
      Array.from({ length: count }, async () => {
        const id = uuid7();
        const content = {
          title: '工单 1024',
          body: '工程师已出发,预计十分钟后到达。请保持电话畅通。',
          thread: 'ticket-1024',
        };
        return [id, await world.vault.seal(to.personId, JSON.stringify(content), aadOf.content(id))] as const;
      }),
    );
    await world.harness.sql(
      `insert into delivery.inbox (item_id, person_id, app_id, binding_id, place, content, pushed_at, filed_at)
       select s.id, person_id, app_id, binding_id, place + n, s.content, pushed_at, filed_at
         from delivery.inbox, unnest($2::uuid[], $3::text[]) with ordinality s(id, content, n) where item_id = $1`,
      [pushId, sealed.map(([id]) => id), sealed.map(([, content]) => content)],
    );
    await world.harness.sql('analyze delivery.inbox');
    const seen: string[] = [];
    let calls = 0;
    const begunMs = performance.now();
    for (let cursor: string | null | undefined; cursor !== null; calls += 1) {
      const asked = { q: '最早', ...(cursor !== undefined && { cursor }) };
      const { body } = await world.inbox(to.personId, asked);
      seen.push(...bodies(body.items));
      cursor = body.nextCursor;
    }
    if (process.env.HARK_SEARCHED) console.info(JSON.stringify({ count, calls, ms: performance.now() - begunMs }));
    expect([seen, calls]).toEqual([['最早的一条'], Math.ceil((count + 1) / lookedThroughMax)]);
    await world.harness.sql('delete from delivery.inbox where person_id = $1', [to.personId]);
  });

  it('is for people who are logged in', async () => {
    const { requests } = world.harness;
    for (const kind of ['anonymous', 'app', 'key'] as const) {
      const meta = { caller: { kind, roles: [] } };
      expect(await refusal(requests.request('delivery.list-inbox', {}, meta))).toBe('session.required');
    }
  });

  it('waits for no position that no write can have returned', async () => {
    const { personId } = await world.recipient();
    expect(await refusal(world.inbox(personId, {}, { position: '999999999999-delivery' }))).toBe('position.invalid');
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
