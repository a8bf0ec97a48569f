import { plusMs, positionToken } from '@hark/kernel';
import { refusal, until } from '@hark/testing';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { ClearOld } from './clear-old.service';

const dayMs = 24 * 3_600_000;

describe('messages older than their person keeps them', () => {
  let world: DeliveryWorld;
  let to: Recipient;
  let now: string;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    to = await world.recipient();
    now = new Date().toISOString();
  });

  const file = async (body: string, daysAgo: number, whom = to) => {
    const filedAt = plusMs(now, -daysAgo * dayMs);
    return world.file(whom, await world.accepted(whom, { body }, filedAt), filedAt);
  };
  const bodies = async (data: object = {}, position?: string) =>
    (await world.inbox(to.personId, data, position === undefined ? {} : { position })).body.items.map(
      ({ body }) => body,
    );
  const keep = (days: number | null) =>
    world.append('user', to.personId, { type: 'user.retention-set', data: { days, at: now } });

  it('leave the inbox, search and counts, but not those kept, of a time within, or of somebody else', async () => {
    const stranger = await world.recipient();
    const { pushId } = await file('old', 31);
    const dear = await file('old and dear', 40);
    const away = await file('old and put away', 35);
    await file('theirs', 99, stranger);
    const { position } = await file('new', 29);
    await world.inbox(to.personId, {}, { position });
    await world.mark('keep', to.personId, dear.pushId);
    const archived = await world.mark('archive', to.personId, away.pushId);
    expect(await bodies({}, archived.position)).toEqual(['new', 'old and dear', 'old']);
    await keep(30);
    const shown = async () => [await bodies(), await bodies({ archived: 'true' })].map(({ length }) => length).join();
    await until(async () => (await shown()) === '2,0', { what: 'the old ones are gone' });
    expect(await bodies()).toEqual(['new', 'old and dear']);
    expect(await bodies({ q: 'old' })).toEqual(['old and dear']);
    expect(await bodies({ archived: 'true' })).toEqual([]);
    expect((await world.unread(to.personId)).body.unread).toBe(2);
    expect(await refusal(world.item(to.personId, pushId))).toBe('inbox.unknown');
    expect(await refusal(world.mark('read', to.personId, pushId))).toBe('inbox.unknown');
    expect((await world.inbox(stranger.personId)).body.items).toHaveLength(1);
    const left = 'select content, thread_id, read_at, change from delivery.inbox where item_id = $1';
    const wordless = { content: null, thread_id: null, read_at: null, change: 'recalled' };
    expect(await world.harness.sql(left, [pushId])).toEqual([wordless]);
    // Other devices are told, those that had seen it.
    const { body } = await world.changes(to.personId, position);
    expect(body.changes.flatMap((one) => (one.event === 'recalled' ? [one.data.id] : [])).sort()).toEqual(
      [pushId, away.pushId].sort(),
    );
  });

  it('are told of as gone for thirty days, and are forgotten then, a rebuild or not', async () => {
    const [long, lately] = [await file('gone for long', 40), await file('gone lately', 40)];
    const gone = (daysAgo: number) => ({ type: 'message.recalled', data: { at: plusMs(now, -daysAgo * dayMs) } });
    await world.append('message', long.pushId, gone(31));
    const { position } = await world.append('message', lately.pushId, gone(29));
    await world.inbox(to.personId, {}, { position: positionToken(position, 'message') });
    const positionOfRecall = async (pushId: string) =>
      (await world.store.read('message', pushId)).find(({ event }) => event.type === 'message.recalled')!.position;
    const left = async () =>
      (await world.harness.sql('select item_id from delivery.inbox where person_id = $1', [to.personId])).map(
        ({ item_id }) => item_id as string,
      );
    expect((await left()).sort()).toEqual([long.pushId, lately.pushId].sort());
    const clearing = world.service.app.get(ClearOld);
    await clearing.forget();
    expect(await left()).toEqual([lately.pushId]);
    const rebuilt = await world.harness.requests.request<{ tables: object[] }>(
      'delivery.rebuild-read-models',
      {},
      { timeoutMs: 20_000 },
    );
    expect(rebuilt.body.tables).toContainEqual(expect.objectContaining({ table: 'delivery.inbox', equal: true }));
    await clearing.forget();
    expect(await left()).toEqual([lately.pushId]);
    const goneAt = positionToken(await positionOfRecall(long.pushId), 'delivery');
    const { changes } = (await world.changes(to.personId, goneAt)).body;
    expect(changes).toMatchObject([{ event: 'recalled', data: { id: lately.pushId } }]);
    // Who knows of neither would never be told of the first: the list has to be read anew.
    const anew = (await world.changes(to.personId, long.position)).body;
    expect(anew.changes).toEqual([{ event: 'reset', position: anew.next, data: {} }]);
    expect((await world.changes(to.personId, anew.next)).body.changes).toEqual([]);
  });

  it('are found after a restart, in as many rounds as it takes, and stay once nobody wants them cleared', async () => {
    await Promise.all(Array.from({ length: 210 }, () => file('old', 100)));
    const { position } = await file('new', 1);
    await world.inbox(to.personId, {}, { position });
    await world.harness.restart();
    await keep(90);
    await until(async () => (await bodies({ limit: 200 })).length === 1, { what: 'all are gone' });
    expect(await world.service.app.get(ClearOld).sweep()).toBe(0);
    await keep(null);
    await until(
      async () =>
        (await world.harness.sql('select 1 from delivery.retention where person_id = $1', [to.personId])).length === 0,
      { what: 'nothing is to be cleared' },
    );
    const late = await file('old again', 100);
    await world.inbox(to.personId, {}, { position: late.position });
    expect(await world.service.app.get(ClearOld).sweep()).toBe(0);
    expect(await bodies()).toEqual(['old again', 'new']);
  });
});
