import { uuid7 } from '@hark/kernel';
import { filterSql, InboxFilter } from '../inbox-filter.read-model';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { ThreadStates } from '../thread-states.service';
import { selectFolded } from './folded-inbox';

const labels = ['已派单', '已出发', '已到达', '已处理', '待评价', '已结单'];

describe('threads in the inbox', () => {
  let world: DeliveryWorld;
  let to: Recipient;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    to = await world.recipient();
  });

  const file = async (whom: Recipient, content: { body: string; thread?: string; step?: object }) =>
    world.file(whom, await world.accepted(whom, content as never), at);
  const step = (index: number, whom = to, thread = 'ticket-1') =>
    file(whom, { body: labels[index - 1]!, thread, step: { index, of: 6, label: labels[index - 1] } });
  const list = async (data: object, position?: string) =>
    (await world.inbox(to.personId, data, position === undefined ? {} : { position })).body;
  const folded = (position: string, more: object = {}) => list({ folded: 'true', ...more }, position);

  it('are one item each, with the line of their steps', async () => {
    await step(1);
    const second = await step(2);
    const { position } = await file(to, { body: '别的' });
    const { items, unread } = await folded(position);
    expect(items.map(({ body }) => body)).toEqual(['别的', '已出发']);
    expect(items[0]).not.toHaveProperty('threadState');
    expect(items[1]!.threadState).toEqual({
      messages: 2,
      unread: 2,
      step: { index: 2, of: 6, label: '已出发' },
      steps: [
        { index: 1, label: '已派单', inboxItemId: expect.any(String) as string, receivedAt: at },
        { index: 2, label: '已出发', inboxItemId: second.pushId, receivedAt: at },
      ],
    });
    expect(unread).toBe(3);
    expect((await list({ thread: 'ticket-1' })).items.map(({ body }) => body)).toEqual(['已出发', '已派单']);
    expect((await list({ thread: 'ticket-2' })).items).toEqual([]);
  });

  it.each([
    [[1, 2, 3], 3],
    [[3, 1, 2], 3],
    [[2, 3, 3, 1], 3],
    [[6, 5, 4, 3, 2, 1], 6],
    [[1, 6, 2, 4], 6],
  ])('stand at the furthest step, though they came as %j', async (order, furthest) => {
    let position = '';
    for (const index of order) ({ position } = await step(index));
    const later = await file(to, { body: 'other' });
    const { items } = await folded(later.position);
    expect(items.map(({ body }) => body)).toEqual(['other', labels[furthest - 1]]);
    expect(items[1]!.threadState).toMatchObject({ messages: order.length, step: { index: furthest } });
    expect(items[1]!.threadState!.steps!.map(({ index }) => index)).toEqual([...new Set(order)].sort());
    expect(position).not.toBe('');
  });

  it('show a newer message without a step, and go on from what was read and put away', async () => {
    const [first, second] = [await step(1), await step(2)];
    const { position } = await file(to, { body: '工程师留言', thread: 'ticket-1' });
    expect((await folded(position)).items).toMatchObject([
      { body: '工程师留言', threadState: { messages: 3, unread: 3, step: { index: 2 } } },
    ]);
    await world.mark('read', to.personId, first.pushId);
    await world.mark('archive', to.personId, second.pushId);
    const late = await step(1);
    expect((await folded(late.position)).items).toMatchObject([
      {
        body: '已派单',
        threadState: { messages: 4, unread: 2, step: { index: 2 }, steps: [{ index: 1 }, { index: 2 }] },
      },
    ]);
    expect((await folded(late.position, { archived: 'true' })).items).toMatchObject([{ body: '已出发' }]);
    expect((await folded(late.position, { unread: 'true' })).items).toMatchObject([{ body: '已派单' }]);
  });

  it('stand where they stood when the messages were read, whatever comes meanwhile', async () => {
    const { position } = await step(1);
    await folded(position);
    const states = world.service.app.get(ThreadStates);
    const read = states.read.bind(states);
    states.read = async (...asked) => {
      states.read = read;
      const second = await step(2);
      await list({}, second.position);
      return read(...asked);
    };
    const atOnce = await folded(position);
    expect(atOnce).toMatchObject({
      items: [{ body: '已派单', threadState: { messages: 1, step: { index: 1 } } }],
      unread: 1,
    });
    const later = await folded(position);
    expect(later).toMatchObject({
      items: [{ body: '已出发', threadState: { messages: 2, step: { index: 2 } } }],
      unread: 2,
    });
  });

  it('are each app’s own, and each person’s', async () => {
    const other = { ...to, ...(await world.app(null, '别家')) };
    const stranger = await world.recipient({ app: to });
    await step(2);
    await step(6, stranger);
    const { position } = await step(3, other);
    const { items } = await folded(position);
    expect(items.map(({ app, threadState }) => [app.id, threadState?.step?.index])).toEqual([
      [other.appId, 3],
      [to.appId, 2],
    ]);
    expect((await list({ thread: 'ticket-1' })).items).toHaveLength(2);
    expect((await list({ thread: 'ticket-1', appId: other.appId })).items).toHaveLength(1);
  });

  it('page like any list', async () => {
    let position = '';
    for (const thread of ['a', 'b', 'c', 'd', 'e']) {
      await step(1, to, thread);
      ({ position } = await step(2, to, thread));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await folded(position, { limit: 2, ...(cursor !== null && { cursor }) });
      seen.push(...page.items.map(({ thread }) => thread!));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('and everything else that is listed are found by an index in a large inbox', async () => {
    const personId = uuid7();
    // Three in four have a thread, of four steps; a few are unread, kept, put away.
    await world.harness.sql(
      `insert into delivery.inbox (item_id, person_id, app_id, binding_id, place, content, thread_id, step_index, step_of,
                                   pushed_at, filed_at, read_at, archived_at, kept_at)
       select gen_random_uuid(), $1, $2, $2, n, 'v1', case when n % 4 > 0 then md5((n / 4)::text)::uuid end,
              case when n % 4 > 0 then n % 4 end, 4, '', '', case when n % 1000 > 0 then '' end,
              case when n % 1000 = 1 then '' end, case when n % 1000 = 2 then '' end
         from generate_series(1, 100000) n`,
      [personId, to.appId],
    );
    await world.harness.sql('vacuum analyze delivery.inbox');
    const rowsRead = async (filter: Omit<InboxFilter, 'personId'>, isFolded: boolean) => {
      const sql = filterSql({ personId, ...filter });
      const select = isFolded ? selectFolded(sql) : `select * from delivery.inbox where ${sql.where('inbox')}`;
      const [{ 'QUERY PLAN': plans }] = (await world.harness.sql(
        `explain (analyze, format json) select * from (${select}) listed order by place desc, item_id desc limit 51`,
        sql.values as unknown[],
      )) as [{ 'QUERY PLAN': [{ Plan: Plan }] }];
      return readBy(plans[0].Plan);
    };
    for (const isFolded of [false, true]) {
      for (const filter of [{}, { unread: true, archived: false }, { archived: true }, { kept: true }]) {
        expect([isFolded, filter, (await rowsRead(filter, isFolded)) < 1_000]).toEqual([isFolded, filter, true]);
      }
    }
    // The md5 of 77.
    const threadId = '28dd2c79-55ce-9264-5624-0b2ff0100bde';
    const read = await rowsRead({ threadId }, false);
    expect([read >= 3, read < 20]).toEqual([true, true]);
    // A sender floods one thread: each of its messages is passed over at the price of a few rows, not of the thread's size.
    await world.harness.sql(
      `update delivery.inbox set thread_id = $2, step_index = place % 6 + 1 where person_id = $1 and place > 90000`,
      [personId, threadId],
    );
    expect(await rowsRead({}, true)).toBeLessThan(150_000);
    await world.harness.sql('delete from delivery.inbox where person_id = $1', [personId]);
  });
});

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows the plan read, those it threw away too. */
function readBy(plan: Plan): number {
  const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  return own + (plan.Plans ?? []).reduce((sum, child) => sum + readBy(child), 0);
}
