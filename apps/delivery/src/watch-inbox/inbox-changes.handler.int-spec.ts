import { changeSubjects, deliverySubjects, InboxChanges } from '@hark/contracts';
import { refusal, until, user } from '@hark/testing';
import { at, DeliveryWorld } from '../testing/delivery-world.fixture';

describe('what happens in an inbox', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const changes = async (personId: string, data: object = {}) =>
    (await world.ask<InboxChanges>(deliverySubjects.inboxChanges, data, { caller: user(personId) })).body;
  const told = ({ changes }: InboxChanges) => changes.map(({ event, data }) => `${event} ${data.id}`);

  it('is told from now on, or from a position on, in order and without holes, in pages of any size', async () => {
    const [to, other] = [await world.recipient(), await world.recipient()];
    await world.filed(to, 'before');
    const first = await world.filed(to, 'first');
    await world.inbox(to.personId, {}, { position: first.position });
    const begin = (await changes(to.personId)).next;
    await world.append('delivery', first.pushId, { type: 'delivery.finished', data: { outcome: 'inbox-only', at } });
    const second = await world.filed(to, 'second');
    await world.filed(other, "somebody else's");
    const third = await world.filed(to, 'third');
    await world.mark('read', to.personId, second.pushId);
    await world.mark('archive', to.personId, first.pushId);
    await world.append('message', third.pushId, { type: 'message.recalled', data: { at } });
    const { position } = await world.mark('read', to.personId, first.pushId);
    await world.inbox(to.personId, {}, { position: position! });
    // One that came and went is not told; one that changed twice is told once, as it is.
    const all = await changes(to.personId, { after: begin });
    const [a, b] = [first.pushId, second.pushId];
    expect(told(all)).toEqual([`filed ${b}`, `read ${b}`, `read ${a}`]);
    expect(all.changes[2]!.data).toMatchObject({
      body: 'first',
      archivedAt: expect.anything(),
      readAt: expect.anything(),
    });
    expect(all).toMatchObject({ topic: to.personId, next: all.changes[2]!.position });
    const paged: string[] = [];
    for (let after = begin, more = true; more;) {
      const page = await changes(to.personId, { after, limit: 1 });
      paged.push(...told(page));
      more = page.changes.length > 0;
      after = page.next;
    }
    // Between two pages it does not know what was seen: that it is gone may be news of something unknown.
    expect(paged.filter((line) => line !== `recalled ${third.pushId}`)).toEqual(told(all));
    // Whoever had seen it is told that it is gone.
    expect(told(await changes(to.personId, { after: third.position }))).toContain(`recalled ${third.pushId}`);
    for (const mark of ['read', 'acknowledge'] as const)
      expect(await refusal(world.mark(mark, to.personId, third.pushId))).toBe('inbox.unknown');
    expect((await changes(to.personId, { after: all.next })).changes).toEqual([]);
  });

  it('is told after an event only once reads see it, also by a notice to those who wait', async () => {
    const to = await world.recipient();
    const heard: string[] = [];
    const watched = world.harness.requests.connection.subscribe(changeSubjects.inbox, {
      callback: (_, message) => void heard.push(message.string()),
    });
    const { next } = await changes(to.personId);
    const { pushId } = await world.filed(to, 'x');
    await until(() => heard.some((notice) => notice.includes(to.personId)), { what: 'a notice' });
    expect(told(await changes(to.personId, { after: next }))).toEqual([`filed ${pushId}`]);
    watched.unsubscribe();
  });

  it('refuses a position that is none, or that no write can have returned', async () => {
    const { personId } = await world.recipient();
    for (const after of ['x', '12', '9223372036854775807-delivery'])
      expect(await refusal(changes(personId, { after }))).toBe('position.invalid');
  });
});
