import { InboxItemEvent, marksMax } from '@hark/contracts';
import { positionToken, uuid7 } from '@hark/kernel';
import { refusal, until } from '@hark/testing';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

describe('marking many messages at once', () => {
  let world: DeliveryWorld;
  let to: Recipient;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    to = await world.recipient();
  });

  const list = async (data: object, position?: string) =>
    (await world.inbox(to.personId, data, position === undefined ? {} : { position })).body;
  const bodies = ({ items }: Awaited<ReturnType<typeof list>>) => items.map(({ body }) => body);
  const mark = (asked: object, position?: string) =>
    world.markMany(to.personId, asked, position === undefined ? {} : { position });

  it('does to those that are named what each mark does to one, and says which are nobody’s or another’s', async () => {
    const stranger = await world.recipient();
    const { pushId: theirs } = await world.filed(stranger, 'theirs');
    const { pushId: one } = await world.filed(to, 'one');
    const { pushId: two } = await world.filed(to, 'two');
    let { position } = await world.filed(to, 'three');
    const missing = uuid7();
    const lists = { read: { unread: 'false' }, keep: { kept: 'true' }, archive: { archived: 'true' } };
    for (const [how, shown] of Object.entries(lists)) {
      const { body, position: written } = await mark({ mark: how, ids: [one, theirs, two, missing] }, position);
      expect(body).toEqual({ marked: 2, left: 0, unknown: [theirs, missing] });
      position = written!;
      expect(bodies(await list(shown, position))).toEqual(['two', 'one']);
    }
    for (const how of ['unarchive', 'unkeep', 'unread', 'acknowledge']) {
      const { body, position: written } = await mark({ mark: how, ids: [one] }, position);
      expect(body).toEqual({ marked: 1, left: 0 });
      position = written!;
    }
    const { items, unread } = await list({}, position);
    expect(items.map((item) => [item.body, item.acknowledgedAt !== undefined, item.keptAt])).toEqual([
      ['three', false, undefined],
      ['one', true, undefined],
    ]);
    expect(unread).toBe(1);
  });

  it('does it to those of a filter, and says how many are left', async () => {
    const other = { ...to, ...(await world.app()) };
    await Promise.all(Array.from({ length: marksMax + 2 }, (_, index) => world.filed(to, `m${index}`)));
    const { position } = await world.filed(other, 'other');
    const where = { appId: to.appId, thread: 'ticket-1' };
    const first = await mark({ mark: 'archive', where }, position);
    expect(first.body).toEqual({ marked: marksMax, left: 2 });
    const second = await mark({ mark: 'archive', where }, first.position);
    expect(second.body).toEqual({ marked: 2, left: 0 });
    expect(bodies(await list({}, second.position))).toEqual(['other']);
    expect((await world.unread(to.personId)).body).toEqual({
      unread: 1,
      apps: [{ appId: other.appId, unread: 1 }],
    });
    // Those that are unread are not to be marked unread, and nothing else was meant.
    const none = await mark({ mark: 'unread', where: { archived: true, unread: true } }, second.position);
    expect(none.body).toEqual({ marked: 0, left: 0 });
    const third = await mark({ mark: 'unarchive', where: { appId: other.appId, archived: true } }, second.position);
    expect(third.body).toEqual({ marked: 0, left: 0 });
    expect((await mark({ mark: 'read', where: { thread: 'ticket-2' } })).body).toEqual({ marked: 0, left: 0 });
    for (const wrong of [{ where: {}, ids: [uuid7()] }, {}, { ids: [] }, { where: { q: 'x' } }]) {
      expect(await refusal(mark({ mark: 'read', ...wrong }))).toBe('request.invalid');
    }
    const tooMany = Array.from({ length: marksMax + 1 }, () => uuid7());
    expect(await refusal(mark({ mark: 'read', ids: tooMany }))).toBe('request.invalid');
    expect(await refusal(mark({ mark: 'delete', where: {} }))).toBe('request.invalid');
  });

  it('counts right while devices mark and messages come, and ends as the log says', async () => {
    const apps = [to, { ...to, ...(await world.app()) }];
    const old = await Promise.all(Array.from({ length: 12 }, (_, index) => world.filed(apps[index % 2]!, `m${index}`)));
    const { position } = await world.filed(to, 'seen');
    await world.inbox(to.personId, {}, { position });
    const ids = old.map(({ pushId }) => pushId);
    const arriving = Promise.all(
      Array.from({ length: 12 }, (_, index) => world.filed(apps[index % 2]!, `new ${index}`)),
    );
    // Two devices that disagree.
    await Promise.all([
      ...ids.map((id) => world.mark('read', to.personId, id)),
      ...ids.map((id) => world.mark('unread', to.personId, id)),
      mark({ mark: 'read', ids }),
      mark({ mark: 'unread', ids: ids.slice(0, 6) }),
      world.readAll(to.personId),
    ]);
    await arriving;
    const all = (await list({ limit: 200 })).items.map(({ id }) => id);
    expect(all.length).toBeGreaterThanOrEqual(13);
    let last = 0n;
    const isUnread = new Map<string, boolean>();
    for (const { pushId } of [...old, ...(await arriving)]) {
      const marks = await world.store.read('inbox_item', pushId);
      last = marks.reduce((most, { position: at }) => (at > most ? at : most), last);
      const types = marks.map(({ event }) => (event as InboxItemEvent).type);
      isUnread.set(pushId, types.at(-1) !== 'inbox_item.read');
    }
    const { body } = await world.inbox(to.personId, { limit: 200 }, { position: positionToken(last, 'inbox_item') });
    await until(async () => (await list({ limit: 200 })).items.length === 25, { what: 'all are there' });
    const { items, unread } = await list({ limit: 200 });
    expect(body.items.length).toBeGreaterThanOrEqual(13);
    for (const [id, unreadNow] of isUnread) {
      expect([id, items.find((item) => item.id === id)!.readAt === undefined]).toEqual([id, unreadNow]);
    }
    const counted = items.filter(({ readAt }) => readAt === undefined).length;
    const { body: counts } = await world.unread(to.personId);
    expect([unread, counts.unread, counts.apps.reduce((sum, app) => sum + app.unread, 0)]).toEqual(
      Array(3).fill(counted),
    );
  });
});
