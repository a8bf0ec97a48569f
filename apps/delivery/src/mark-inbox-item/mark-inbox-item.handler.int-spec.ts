import { uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

describe('what a person has read', () => {
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

  it('is marked, counted and listed apart, until they take it back', async () => {
    const first = await world.filed(to, 'first');
    const second = await world.filed(to, 'second');
    expect(await list({}, second.position)).toMatchObject({ unread: 2 });
    const read = await world.mark('read', to.personId, first.pushId);
    expect(read.body).toEqual({ id: first.pushId, readAt: expect.stringMatching(/Z$/) });
    expect(read.position).toMatch(/-inbox_item$/);
    const unread = await list({ unread: 'true' }, read.position);
    expect([bodies(unread), unread.unread]).toEqual([['second'], 1]);
    const seen = await list({ unread: 'false' });
    expect([bodies(seen), seen.unread, seen.items[0]!.readAt]).toEqual([['first'], 1, read.body.readAt]);
    expect(bodies(await list({}))).toEqual(['second', 'first']);
    expect((await world.item(to.personId, first.pushId)).body.readAt).toBe(read.body.readAt);
    expect((await world.mark('read', to.personId, first.pushId)).body).toEqual(read.body);
    const back = await world.mark('unread', to.personId, first.pushId);
    expect(back.body).toEqual({ id: first.pushId });
    expect(await list({ unread: 'true' }, back.position)).toMatchObject({ unread: 2 });
  });

  it('is put away: out of the list and the count, still theirs', async () => {
    const { pushId } = await world.filed(to, 'old');
    await world.filed(to, 'new');
    const { body, position } = await world.mark('archive', to.personId, pushId);
    expect(body).toEqual({ id: pushId, archivedAt: expect.stringMatching(/Z$/) });
    const left = await list({}, position);
    expect([bodies(left), left.unread]).toEqual([['new'], 1]);
    const away = await list({ archived: 'true' });
    expect([bodies(away), away.items[0]!.archivedAt]).toEqual([['old'], body.archivedAt]);
    const back = await world.mark('unarchive', to.personId, pushId);
    expect(await list({}, back.position)).toMatchObject({ unread: 2 });
  });

  it('is kept, and so listed apart, until it need not be', async () => {
    const { pushId } = await world.filed(to, 'dear');
    await world.filed(to, 'other');
    const { body, position } = await world.mark('keep', to.personId, pushId);
    expect(body).toEqual({ id: pushId, keptAt: expect.stringMatching(/Z$/) });
    const kept = await list({ kept: 'true' }, position);
    expect([bodies(kept), kept.items[0]!.keptAt]).toEqual([['dear'], body.keptAt]);
    expect(bodies(await list({ kept: 'false' }))).toEqual(['other']);
    const back = await world.mark('unkeep', to.personId, pushId);
    expect(bodies(await list({ kept: 'true' }, back.position))).toEqual([]);
  });

  it('is acknowledged, for good, and so read', async () => {
    const { pushId } = await world.filed(to, 'known');
    const { body } = await world.mark('acknowledge', to.personId, pushId);
    expect(body).toMatchObject({ acknowledgedAt: body.readAt });
    const { position } = await world.mark('unread', to.personId, pushId);
    expect((await list({}, position)).items[0]).toMatchObject({ acknowledgedAt: body.acknowledgedAt });
  });

  it('is nobody else’s to mark, and nothing that is not there', async () => {
    const stranger = await world.recipient();
    const { pushId, position } = await world.filed(to, 'private');
    const waiting = await world.accepted(to);
    for (const how of ['read', 'unread', 'acknowledge', 'archive', 'unarchive', 'keep', 'unkeep'] as const) {
      expect(await refusal(world.mark(how, stranger.personId, pushId))).toBe('inbox.unknown');
      for (const id of [waiting, uuid7(), 'x', null]) {
        expect(await refusal(world.mark(how, to.personId, id))).toBe('inbox.unknown');
      }
    }
    expect((await list({}, position)).unread).toBe(1);
  });
});
