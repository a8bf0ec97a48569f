import { ComplaintCase, complaintsSubjects, ComplaintView, encodeCursor, Page } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { RpcOptions } from '@hark/nats';
import { operator, refusal, user } from '@hark/testing';
import { ComplaintsWorld, others, RegisteredApp } from '../testing/complaints-world.fixture';

type Item = ComplaintView & Partial<ComplaintCase>;

describe('lists of complaints', () => {
  let world: ComplaintsWorld;
  let app: RegisteredApp;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
    app = await world.app();
  });
  afterAll(() => world.close());

  const mine = (personId: string, data: object = {}, meta: RpcOptions = {}) =>
    world.ask<Page<Item>>(complaintsSubjects.listMine, data, { caller: user(personId), ...meta });
  const queue = (data: object = {}, meta: RpcOptions = {}) =>
    world.ask<Page<Item>>(complaintsSubjects.listQueue, data, meta);
  const complain = async (personId: string) =>
    (await world.complain(personId, await world.filed(app, personId))).body.id;
  const ids = (page: Page<Item>) => page.items.map(({ id }) => id);

  it('show one’s own, newest first, with their outcomes', async () => {
    const [ann, bob] = [uuid7(), uuid7()];
    await complain(bob);
    const all = [await complain(ann), await complain(ann), await complain(ann)];
    await world.uphold(all[0], 'minor');
    const { position } = await world.ask(complaintsSubjects.dismiss, { complaintId: all[1] });
    const { body } = await mine(ann, {}, { position: position! });
    expect(ids(body)).toEqual([...all].reverse());
    expect(body.items).toMatchObject([
      { status: 'open' },
      { status: 'dismissed' },
      { status: 'upheld', severity: 'minor' },
    ]);
    expect(body.items[0]).not.toHaveProperty('appId');
    expect(body.items[0]).not.toHaveProperty('decidedAt');
    expect(Date.parse(body.items[2]!.decidedAt!)).not.toBeNaN();
  });

  it('show a person their own words, as long as there is a key to read them', async () => {
    const ann = uuid7();
    await complain(ann);
    const { body: made, position } = await world.complain(ann, await world.filed(app, ann), { note: '骗子' });
    const { body } = await mine(ann, {}, { position: position! });
    expect(body.items.map(({ id, note }) => [id, note])).toEqual([
      [made.id, '骗子'],
      [expect.any(String), undefined],
    ]);
    await world.vault.erase(ann);
    await world.harness.restart(); // a key that was in use is remembered for half a minute
    expect((await mine(ann)).body.items[0]).not.toHaveProperty('note');
  });

  it('show the queue by status, with what a person needs to decide, without who complained', async () => {
    const ann = uuid7();
    const pushId = await world.filed(app, ann, { title: '中奖', body: '点此领奖' });
    const { body: made } = await world.complain(ann, pushId, { note: '骗子' });
    const by = operator();
    const { position } = await world.ask(
      complaintsSubjects.dismiss,
      { complaintId: await complain(ann), note: 'harmless' },
      { caller: by },
    );
    const { body } = await queue({ status: 'open' }, { position: position! });
    expect(body.items[0]).toMatchObject({
      ...made,
      appId: app.appId,
      appName: 'x',
      note: '骗子',
      evidence: { title: '中奖', body: '点此领奖' },
      history: [{ event: 'complaint.complained' }],
    });
    expect(new Set(body.items.map(({ status }) => status))).toEqual(new Set(['open']));
    const dismissed = {
      status: 'dismissed',
      history: [{}, { event: 'complaint.dismissed', by: by.userId, note: 'harmless' }],
    };
    expect((await queue({ status: 'dismissed' })).body.items[0]).toMatchObject(dismissed);
    expect((await queue()).body.items[0]).toMatchObject(dismissed); // all of them, newest first
    expect(JSON.stringify(body)).not.toContain(ann);
  });

  it('show the queue from the oldest on when asked to, page by page', async () => {
    const ann = uuid7();
    const [first, second] = [await complain(ann), await complain(ann)];
    const { body: third, position } = await world.complain(ann, await world.filed(app, ann));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const asked = { status: 'open', order: 'oldest', limit: 1, ...(cursor !== null && { cursor }) };
      const { body } = await queue(asked, { position: position! });
      seen.push(...ids(body));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.slice(-3)).toEqual([first, second, third.id]);
    expect(ids((await queue({ status: 'open', limit: 200 })).body).reverse()).toEqual(seen);
  });

  it('record each look at the queue once, with what was shown', async () => {
    const by = operator();
    const { body } = await queue({ limit: 2 }, { caller: by });
    expect(await world.looks(by.userId!)).toMatchObject([{ complaintIds: ids(body) }]);
    expect(
      (await queue({ status: 'upheld', limit: 1, cursor: encodeCursor(['0', uuid7()]) }, { caller: by })).body.items,
    ).toEqual([]);
    expect(await world.looks(by.userId!)).toHaveLength(1); // nothing shown, nothing to record
  });

  it('page without gaps or repeats, also among those of one instant', async () => {
    const ann = uuid7();
    const made = await Promise.all(Array.from({ length: 7 }, () => complain(ann)));
    const last = await world.complain(ann, await world.filed(app, ann));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const asked = { limit: 3, ...(cursor !== null && { cursor }) };
      const { body } = await mine(ann, asked, { position: last.position! });
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...ids(body));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect([...seen].sort()).toEqual([...made, last.body.id].sort());
  });

  it('are in the order of the log, also after the clock was set back', async () => {
    const ann = uuid7();
    const made = [await complain(ann)];
    world.passTime(-90_000);
    made.unshift(await complain(ann));
    const last = await world.complain(ann, await world.filed(app, ann));
    world.passTime(90_000);
    expect(ids((await mine(ann, {}, { position: last.position! })).body)).toEqual([last.body.id, ...made]);
  });

  it('refuse what is no request: cursors that are not their own, limits, unknown fields', async () => {
    const at = world.now();
    for (const values of [['x'], ['x', 'y'], [at, 'y'], ['x', uuid7()], [`${at}\u0000`, uuid7()]]) {
      expect(await refusal(queue({ cursor: encodeCursor(values) }))).toBe('request.invalid');
      expect(await refusal(mine(uuid7(), { cursor: encodeCursor(values) }))).toBe('request.invalid');
    }
    for (const wrong of [{ limit: 0 }, { limit: 201 }, { status: 'closed' }, { more: 1 }]) {
      expect(await refusal(queue(wrong))).toBe('request.invalid');
    }
    expect(await refusal(mine(uuid7(), { status: 'open' }))).toBe('request.invalid');
  });

  it('are for whoever may see them', async () => {
    for (const caller of others) expect(await refusal(queue({}, { caller }))).toMatch(/^(session|role)\.required$/);
    expect(await refusal(mine('', {}, { caller: { kind: 'app', roles: [] } }))).toBe('session.required');
  });

  it('wait for no position that no write can have returned', async () => {
    expect(await refusal(queue({}, { position: '999999999999-complaint' }))).toBe('position.invalid');
  });
});
