import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { encodeCursor, HeldCount, HeldView, moderationSubjects, Page } from '@hark/contracts';
import { operator, poisonSubject, refusal, user } from '@hark/testing';
import { ModerationWorld } from '../testing/moderation-world.fixture';

const missing = '00000000-0000-7000-8000-0000000000ff';

describe('the queue of held texts', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: false });
  });
  afterAll(() => world.close());

  const held = async (title: string): Promise<string> => {
    const pushId = await world.push({ title, body: '武装推翻政府' });
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.held' });
    return pushId;
  };
  const list = async (query: object = {}) => (await world.ask<Page<HeldView>>(moderationSubjects.listHeld, query)).body;
  const ids = (page: Page<HeldView>) => page.items.map(({ pushId }) => pushId);

  it('shows what is held with its text, newest first, page by page, and nothing that passed or was blocked', async () => {
    await world.verdict(await world.push({ body: '已派单' }));
    const blocked = await world.push({ title: 'x', body: '代开发票', tags: ['t'], url: 'https://x.example/' });
    await world.verdict(blocked);
    const first = await held('one');
    const second = await held('two');
    const page = await list();
    expect(page).toMatchObject({
      items: [
        { pushId: second, label: 'politics', title: 'two', body: '武装推翻政府' },
        { pushId: first, label: 'politics', title: 'one', body: '武装推翻政府' },
      ],
      nextCursor: null,
    });
    expect(page.items[0]!.appId).not.toBe(page.items[1]!.appId);
    expect(page.items[0]).toMatchObject({
      status: 'held',
      appName: 'Tickets',
      matched: ['武装推翻政府'],
      history: [{ event: 'moderation.held', label: 'politics' }],
    });
    expect((await list({ status: 'blocked' })).items).toMatchObject([
      {
        pushId: blocked,
        status: 'blocked',
        label: 'illegal',
        body: '代开发票',
        url: 'https://x.example/',
        tags: ['t'],
        matched: ['代开发票'],
        history: [{ event: 'moderation.blocked', label: 'illegal' }],
      },
    ]);
    const half = await list({ limit: 1 });
    expect(ids(half)).toEqual([second]);
    expect(ids(await list({ limit: 1, cursor: half.nextCursor! }))).toEqual([first]);
    const oldest = await list({ limit: 1, order: 'oldest' });
    expect(ids(oldest)).toEqual([first]);
    expect(await list({ limit: 1, order: 'oldest', cursor: oldest.nextCursor! })).toMatchObject({
      items: [{ pushId: second }],
      nextCursor: null,
    });
  });

  it('keeps no words of anybody in its table', async () => {
    const pushId = await held('secret');
    await list();
    const rows = await world.harness.sql('select * from moderation.reviews where push_id = $1', [pushId]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/secret|政府/);
  });

  it('shows no text of somebody who was erased', async () => {
    const user = await world.user('erased-reader');
    const pushId = await world.push({ body: '武装推翻政府' }, { personId: user.id });
    await world.verdict(pushId);
    await world.vault.erase(user.id);
    const item = (await list()).items.find((one) => one.pushId === pushId)!;
    expect(item).toMatchObject({ label: 'politics' });
    expect(item).not.toHaveProperty('body');
  });

  it('shows what was decided, by whom and why', async () => {
    const pushId = await held('noted');
    await world.ask(moderationSubjects.reject, { pushId, note: 'sent before' });
    const { items } = await list({ status: 'rejected' });
    expect(items[0]).toMatchObject({ pushId, title: 'noted', status: 'rejected' });
    expect(items[0]!.history).toMatchObject([
      { event: 'moderation.held' },
      { event: 'moderation.rejected', by: world.operatorId, note: 'sent before', label: 'politics' },
    ]);
  });

  it('loses what an operator approves or rejects', async () => {
    const counted = async () => (await world.ask<HeldCount>(moderationSubjects.countHeld, {})).body.waiting;
    const [good, bad] = [await held('good'), await held('bad')];
    const before = await counted();
    await world.ask(moderationSubjects.approve, { pushId: good });
    await world.ask(moderationSubjects.reject, { pushId: bad });
    expect(ids(await list()).filter((id) => id === good || id === bad)).toEqual([]);
    expect(await counted()).toBe(before - 2);
  });

  it('records each look, once for each answer, with what it showed', async () => {
    const pushId = await held('looked at');
    const looker = randomUUID();
    const look = async (query: object) =>
      world.ask<Page<HeldView>>(moderationSubjects.listHeld, query, { caller: operator(looker) });
    const { body } = await look({ limit: 2 });
    expect(ids(body)).toContain(pushId);
    expect(await world.looks(looker)).toMatchObject([{ pushIds: ids(body) }]);
    expect((await look({ cursor: encodeCursor(['0', missing]) })).body.items).toEqual([]);
    expect(await world.looks(looker)).toHaveLength(1); // nothing shown, nothing to record
    expect(await refusal(world.ask(moderationSubjects.listHeld, {}, { caller: user(looker) }))).toBe('role.required');
    expect(await world.looks(looker)).toHaveLength(1);
  });

  it('refuses what is no page', async () => {
    for (const query of [{ limit: 0 }, { limit: 201 }, { cursor: 'x' }, { pushId: missing }, { status: 'passed' }]) {
      expect(await refusal(world.ask(moderationSubjects.listHeld, query))).toBe('request.invalid');
    }
  });

  it.each(Object.values(moderationSubjects))('answers malformed requests with a typed error: %s', async (subject) => {
    const caller = operator(world.operatorId);
    const { requests, keys } = world.harness;
    const options = { caller, callerKey: keys.caller, count: 1_000, seed: 20_261_122, unfit: true };
    const codes = await poisonSubject(requests.connection, subject, options);
    expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(1_000);
    expect(await world.service.app.get(DataSource).query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is the same built anew from the log', async () => {
    await list();
    const { body } = await world.harness.requests.request<{ tables: { rows: number; equal: boolean }[] }>(
      'moderation.rebuild-read-models',
      {},
      { timeoutMs: 20_000 },
    );
    expect(body.tables).toMatchObject([
      { table: 'moderation.reviews', equal: true },
      { table: 'moderation.due', equal: true },
    ]);
    expect(body.tables[0]!.rows).toBeGreaterThan(4);
  });
});
