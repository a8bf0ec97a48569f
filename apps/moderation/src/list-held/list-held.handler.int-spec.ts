import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { encodeCursor, HeldView, moderationSubjects, Page } from '@hark/contracts';
import { poisonSubject } from '@hark/testing';
import { ModerationStack } from '../testing/moderation-world.fixture';

const missing = '00000000-0000-7000-8000-0000000000ff';

describe('the queue of held texts', () => {
  let stack: ModerationStack;
  beforeAll(async () => {
    stack = await ModerationStack.start({ wechat: false });
  });
  afterAll(() => stack.close());

  const held = async (title: string): Promise<string> => {
    const pushId = await stack.push({ title, body: '武装推翻政府' });
    expect(await stack.verdict(pushId)).toMatchObject({ type: 'moderation.held' });
    return pushId;
  };
  const list = async (query: object = {}) => {
    const at = await stack.position();
    return (await stack.ask<Page<HeldView>>(moderationSubjects.listHeld, query, ['operator'], at)).body;
  };
  const ids = (page: Page<HeldView>) => page.items.map(({ pushId }) => pushId);

  it('shows what is held with its text, newest first, page by page, and nothing that passed or was blocked', async () => {
    await stack.verdict(await stack.push({ body: '已派单' }));
    const blocked = await stack.push({ title: 'x', body: '代开发票', tags: ['t'], url: 'https://x.example/' });
    await stack.verdict(blocked);
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
  });

  it('keeps no words of anybody in its table', async () => {
    const pushId = await held('secret');
    await list();
    const rows = await stack.harness.sql('select * from moderation.reviews where push_id = $1', [pushId]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/secret|政府/);
  });

  it('shows no text of somebody who was erased', async () => {
    const user = await stack.user('erased-reader');
    const pushId = await stack.push({ body: '武装推翻政府' }, { personId: user.id });
    await stack.verdict(pushId);
    await stack.vault.erase(user.id);
    const item = (await list()).items.find((one) => one.pushId === pushId)!;
    expect(item).toMatchObject({ label: 'politics' });
    expect(item).not.toHaveProperty('body');
  });

  it('loses what an operator approves or rejects; the first decision wins', async () => {
    const [good, bad] = [await held('good'), await held('bad')];
    const approved = await stack.ask(moderationSubjects.approve, { pushId: good, note: 'harmless' });
    expect(approved.body).toEqual({ pushId: good, status: 'approved' });
    expect(approved.position).toMatch(/-moderation$/);
    expect((await stack.ask(moderationSubjects.reject, { pushId: bad })).body).toEqual({
      pushId: bad,
      status: 'rejected',
    });
    expect((await stack.verdicts(good)).at(-1)).toMatchObject({
      type: 'moderation.approved',
      data: { operatorId: stack.operatorId },
    });
    expect((await stack.verdicts(bad)).at(-1)).toMatchObject({
      type: 'moderation.rejected',
      data: { label: 'politics' },
    });
    expect(ids(await list())).not.toEqual(expect.arrayContaining([good]));
    expect(ids(await list())).not.toEqual(expect.arrayContaining([bad]));

    expect((await stack.ask(moderationSubjects.approve, { pushId: good })).body).toMatchObject({ status: 'approved' });
    expect(await stack.verdicts(good)).toHaveLength(2);
    expect(await stack.refusal(moderationSubjects.reject, { pushId: good })).toBe('review.already-decided');
    expect(await stack.refusal(moderationSubjects.approve, { pushId: bad })).toBe('review.already-decided');
  });

  it('shows what was decided, by whom and why', async () => {
    const pushId = await held('noted');
    await stack.ask(moderationSubjects.reject, { pushId, note: 'sent before' });
    const { items } = await list({ status: 'rejected' });
    expect(items[0]).toMatchObject({ pushId, title: 'noted', status: 'rejected' });
    expect(items[0]!.history).toMatchObject([
      { event: 'moderation.held' },
      { event: 'moderation.rejected', by: stack.operatorId, note: 'sent before', label: 'politics' },
    ]);
  });

  it('is not for the app’s owner to decide, nor for whoever is to receive the text', async () => {
    const [ownerId, personId] = [randomUUID(), randomUUID()];
    const pushId = await stack.push({ body: '武装推翻政府' }, { ownerId, personId });
    await stack.verdict(pushId);
    for (const subject of [moderationSubjects.approve, moderationSubjects.reject]) {
      for (const party of [ownerId, personId])
        expect(await stack.refusal(subject, { pushId }, ['operator'], party)).toBe('ops.own-matter');
    }
    expect(await stack.verdicts(pushId)).toHaveLength(1);
    expect((await stack.ask(moderationSubjects.approve, { pushId })).body).toMatchObject({ status: 'approved' });
  });

  it('records each look, once for each answer, with what it showed', async () => {
    const pushId = await held('looked at');
    const looker = randomUUID();
    const look = async (query: object) =>
      stack.ask<Page<HeldView>>(moderationSubjects.listHeld, query, ['operator'], await stack.position(), looker);
    const { body } = await look({ limit: 2 });
    expect(ids(body)).toContain(pushId);
    expect(await stack.looks(looker)).toMatchObject([{ pushIds: ids(body) }]);
    expect((await look({ cursor: encodeCursor(['0', missing]) })).body.items).toEqual([]);
    expect(await stack.looks(looker)).toHaveLength(1); // nothing shown, nothing to record
    expect(await stack.refusal(moderationSubjects.listHeld, {}, [], looker)).toBe('role.required');
    expect(await stack.looks(looker)).toHaveLength(1);
  });

  it('lets one of many operators decide at once', async () => {
    const pushId = await held('race');
    const asked = Array.from({ length: 8 }, (_, n) =>
      stack.ask(n % 2 ? moderationSubjects.approve : moderationSubjects.reject, { pushId }),
    );
    const replies = await Promise.allSettled(asked);
    expect(replies.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await stack.verdicts(pushId)).toHaveLength(2);
  });

  it('knows nothing of what is not held, nor of ids that are none', async () => {
    const passed = await stack.push({ body: '已派单' });
    await stack.verdict(passed);
    for (const subject of [moderationSubjects.approve, moderationSubjects.reject]) {
      for (const pushId of [passed, missing, 'moderation-*', '', 7])
        expect(await stack.refusal(subject, { pushId })).toBe('review.unknown');
      expect(await stack.refusal(subject, { pushId: passed, verdict: 'x' })).toBe('request.invalid');
    }
  });

  it('is for operators only', async () => {
    for (const [subject, data] of [
      [moderationSubjects.listHeld, {}],
      [moderationSubjects.approve, { pushId: missing }],
      [moderationSubjects.reject, { pushId: missing }],
    ] as const) {
      expect(await stack.refusal(subject, data, [])).toBe('role.required');
    }
  });

  it('refuses what is no page', async () => {
    for (const query of [{ limit: 0 }, { limit: 201 }, { cursor: 'x' }, { pushId: missing }, { status: 'passed' }]) {
      expect(await stack.refusal(moderationSubjects.listHeld, query)).toBe('request.invalid');
    }
  });

  it.each(Object.values(moderationSubjects))('answers malformed requests with a typed error: %s', async (subject) => {
    const caller = { kind: 'user' as const, userId: stack.operatorId, roles: ['operator'] };
    const { requests, keys } = stack.harness;
    const options = { caller, callerKey: keys.caller, count: 1_000, seed: 20_261_122, unfit: true };
    const codes = await poisonSubject(requests.connection, subject, options);
    expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(1_000);
    expect(await stack.harness.service.app.get(DataSource).query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is the same built anew from the log', async () => {
    await list();
    const { body } = await stack.harness.requests.request<{ tables: { rows: number; equal: boolean }[] }>(
      'moderation.rebuild-read-models',
      {},
    );
    expect(body.tables).toMatchObject([
      { table: 'moderation.reviews', equal: true },
      { table: 'moderation.due', equal: true },
    ]);
    expect(body.tables[0]!.rows).toBeGreaterThan(4);
  });
});
