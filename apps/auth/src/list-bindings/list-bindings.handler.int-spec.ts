import { DataSource } from 'typeorm';
import { authSubjects, BindingView, Page } from '@hark/contracts';
import { ReadModel } from '@hark/readmodel';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

describe('the list of a person’s bindings', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const list = async (user: Somebody, asked: object, position?: string) =>
    (await user.ask<Page<BindingView>>(authSubjects.listBindings, asked, position ? { position } : {})).body;

  it('shows each as it is alone, newest first, also the ended ones, right after the write', async () => {
    const first = (await auth.bind(ann, 'o-1')).binding.id;
    const second = (await auth.bind(ann, 'o-2', 'wx0123456789abcde1')).binding.id;
    const third = (await auth.bind(ann, 'o-3')).binding.id;
    await ann.ask(authSubjects.changeBinding, { bindingId: second, muted: true });
    await ann.ask(authSubjects.changeBinding, { bindingId: third, level: 'weak', channels: [] });
    const { position } = await ann.ask(authSubjects.unbind, { bindingId: first });
    const { items, nextCursor } = await list(ann, {}, position);
    expect(nextCursor).toBeNull();
    expect(items.map(({ id }) => id)).toEqual([third, second, first]);
    for (const item of items) {
      expect(item).toEqual((await ann.ask<BindingView>(authSubjects.getBinding, { bindingId: item.id })).body);
    }
    expect(items.map(({ openid, status }) => [openid, status])).toEqual([
      ['o-3', 'active'],
      ['o-2', 'active'],
      ['o-1', 'unbound'],
    ]);
  });

  it('is cut into pages that neither repeat nor miss, and belongs to the person', async () => {
    const ben = await auth.somebody('ben');
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await auth.bind(ben, `b-${n}`)).binding.id);
    const { position } = await ben.ask(authSubjects.changeBinding, { bindingId: ids[0], muted: true });
    const one = await list(ben, { limit: 2 }, position);
    const two = await list(ben, { limit: 2, cursor: one.nextCursor });
    const three = await list(ben, { limit: 2, cursor: two.nextCursor });
    expect([one, two, three].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect(three.nextCursor).toBeNull();
    const full = await list(ben, { limit: 5 });
    expect(full.nextCursor).toBeNull();
  });

  it('keeps openids sealed in its rows, and is the same when built anew from the log', async () => {
    const database = auth.service.app.get(DataSource);
    const rows: object[] = await database.query('select * from auth.bindings');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/"o-\d"/);
    const { tables } = await auth.service.app.get(ReadModel).rebuild();
    expect(tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['auth.apps', 'auth.bindings', 'auth.endpoints', 'auth.due', 'auth.callbacks']),
    );
  });
});
