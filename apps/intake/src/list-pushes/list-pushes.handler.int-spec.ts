import { intakeSubjects, ToldPushes } from '@hark/contracts';
import { positionToken, uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { Bound, IntakeWorld, RegisteredApp } from '../testing/intake-world.fixture';
import { PushEvents } from '../testing/push-events.fixture';

describe('the list of pushes', () => {
  let world: IntakeWorld;
  let app: RegisteredApp;
  let ann: Bound;
  let bob: Bound;
  beforeAll(async () => {
    world = await IntakeWorld.start();
    app = await world.app();
    [ann, bob] = [await world.bind(app), await world.bind(app)];
  });
  afterAll(() => world.close());

  const listed = async (asked: object, position?: string) =>
    (await world.list({ credential: app.secret, ...asked }, position === undefined ? {} : { position })).body;
  const ids = async (asked: object, position?: string) => (await listed(asked, position)).items.map(({ id }) => id);

  it('shows the write itself, its own state, and whom each is for, newest first', async () => {
    const first = await world.push({ credential: ann.key, body: 'x', thread: 'ticket-1' });
    const soon = new Date(Date.parse(world.now()) + 3_600_000).toISOString();
    const second = await world.push({ credential: bob.key, body: 'x', thread: 'ticket-1', sendAt: soon });
    const { items } = await listed({}, second.position);
    const pushedAt = expect.stringMatching(/Z$/) as string;
    expect(items).toEqual([
      {
        id: second.body.id,
        status: 'scheduled',
        pushedAt,
        sendAt: soon,
        recipients: [{ openid: bob.openid, status: 'scheduled' }],
      },
      {
        id: first.body.id,
        status: 'moderating',
        pushedAt,
        recipients: [{ openid: ann.openid, status: 'moderating' }],
      },
    ]);
  });

  it('is told operators of an app in the words that its own sender reads', async () => {
    const other = await world.app();
    const { body } = await world.push({ credential: (await world.bind(other)).key, body: 'x' });
    const blocked = new PushEvents('2026-11-22T09:00:01.000Z').judged('moderation.blocked', 'fraud');
    const { position } = await world.append('moderation', body.id, blocked);
    await listed({}, positionToken(position, 'moderation'));
    const asked = { appId: other.appId, since: '2026-01-01T00:00:00.000Z' };
    const told = await world.ask<ToldPushes>(intakeSubjects.tellPushes, asked, { locale: 'en' });
    const why = { reason: 'moderation.fraud', reasonText: 'its text did not pass: fraud' };
    expect(told.body.latest).toMatchObject([{ id: body.id, status: 'blocked', ...why }]);
  });

  it('is filtered by thread, status and time, also all at once, page by page', async () => {
    const life = new PushEvents('2026-11-22T09:00:01.000Z');
    const of = async (thread: string | undefined, to = ann) =>
      (await world.push({ credential: to.key, body: 'x', ...(thread && { thread }) })).body.id;
    const [a, b, c] = [await of('工单 7'), await of('工单 7', bob), await of('工单 7')];
    await of('工单 8');
    await of(undefined);
    const blocked = await world.append('moderation', b, life.judged('moderation.blocked', 'fraud'));
    const position = positionToken(blocked.position, 'moderation');
    expect(await ids({ thread: '工单 7' }, position)).toEqual([c, b, a]);
    expect(await ids({ thread: '工单 7', status: 'blocked' })).toEqual([b]);
    expect((await listed({ status: 'blocked' })).items).toMatchObject([
      { id: b, status: 'blocked', reason: 'moderation.fraud', recipients: [{ reason: 'moderation.fraud' }] },
    ]);
    expect(await ids({ thread: '工单 9' })).toEqual([]);
    const page = await listed({ thread: '工单 7', limit: 2 });
    expect(page.items.map(({ id }) => id)).toEqual([c, b]);
    expect((await listed({ thread: '工单 7', limit: 2, cursor: page.nextCursor! })).items.map(({ id }) => id)).toEqual([
      a,
    ]);
    const since = (await listed({})).items[4]!.pushedAt;
    expect(await ids({ since })).toEqual(expect.arrayContaining([a, b, c]) as string[]);
    expect(await ids({ since: '2099-01-01T00:00:00Z' })).toEqual([]);
  });

  it('shows a key only its own binding’s, and an app nothing of another’s under the same thread', async () => {
    const other = await world.app();
    const stranger = await world.bind(other);
    const [mine, { body: theirs, position }] = [
      await world.push({ credential: ann.key, body: 'x', thread: 'shared' }),
      await world.push({ credential: stranger.key, body: 'x', thread: 'shared' }),
    ];
    const of = (credential: string) => ids({ credential, thread: 'shared' }, position);
    expect(await of(ann.key)).toEqual([mine.body.id]);
    expect(await of(bob.key)).toEqual([]);
    expect(await of(app.secret)).toEqual([mine.body.id]);
    expect(await of(other.secret)).toEqual([theirs.id]);
    expect((await ids({ credential: bob.key })).length).toBe(2);
    expect(await refusal(world.list({ credential: 'has_nonsense' }))).toBe('key.invalid');
    expect(await refusal(world.list({ credential: ann.key, status: 'lost' as never }))).toBe('request.invalid');
    expect(await refusal(world.list({ credential: ann.key, cursor: uuid7() }))).toBe('request.invalid');
  });

  it('finds a page of a million without reading the rest, by each filter', async () => {
    // The planner chooses by what it knows of a large table: many apps, threads and times, one status that is rare.
    await world.harness.sql(`
      insert into intake.pushes (push_id, app_id, binding_id, status, timeline, pushed_at, place, changed_position, thread_hash)
      select gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad((n % 7)::text, 12, '0'))::uuid,
             ('00000000-0000-7000-9000-' || lpad((n % 997)::text, 12, '0'))::uuid,
             case n % 1000 when 1 then 'failed' else 'delivered' end, '[]',
             to_char(timestamp '2026-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'), n, n,
             md5((n % 501)::text) || md5((n % 501)::text)
      from generate_series(1, 20000) n`);
    await world.harness.sql('analyze intake.pushes');
    const app3 = '00000000-0000-7000-8000-000000000003';
    const by: Record<string, readonly [where: string, values: unknown[]]> = {
      'app alone': ['', []],
      'a rare status': ['and status = $2', ['failed']],
      'a thread': ['and thread_hash = $2', ['c4ca4238a0b923820dcc509a6f75849b'.repeat(2)]],
      'a binding': ['and binding_id = $2', ['00000000-0000-7000-9000-000000000003']],
      'the last hour': ['and pushed_at >= $2', ['2026-01-14T20:20:00.000Z']],
    };
    for (const [name, [where, values]] of Object.entries(by)) {
      const [{ 'QUERY PLAN': plans }] = (await world.harness.sql(
        `explain (analyze, format json) select push_id from intake.pushes where app_id = $1 ${where}
         order by place desc, push_id desc limit 51`,
        [app3, ...values],
      )) as [{ 'QUERY PLAN': [{ Plan: object }] }];
      const text = JSON.stringify(plans[0].Plan);
      expect([name, text.includes('Seq Scan')]).toEqual([name, false]);
      const removed = [...text.matchAll(/"Rows Removed by Filter":(\d+)/g)].map(([, rows]) => Number(rows));
      expect([name, Math.max(0, ...removed) < 500]).toEqual([name, true]);
    }
  });
});
