import { marksMax } from '@hark/contracts';
import { DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

describe('what a person marks as read at once', () => {
  let world: DeliveryWorld;
  let to: Recipient;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
    to = await world.recipient();
  });
  afterAll(() => world.close());

  const list = async (data: object, position?: string) =>
    (await world.inbox(to.personId, data, position === undefined ? {} : { position })).body;
  const bodies = ({ items }: Awaited<ReturnType<typeof list>>) => items.map(({ body }) => body);

  it('may be everything, as much as one call takes, and says what is left', async () => {
    for (const oldest of ['m0', 'm1', 'm2', 'm3']) await world.filed(to, oldest);
    const crowd = Array.from({ length: marksMax - 1 }, (_, index) => `m${index + 4}`);
    await Promise.all(crowd.map((body) => world.filed(to, body)));
    const { position } = await world.filed(to, 'last');
    const first = await world.readAll(to.personId, { position });
    expect(first.body).toEqual({ read: marksMax, unread: 4 });
    expect(bodies(await list({ unread: 'true' }, first.position))).toEqual(['m3', 'm2', 'm1', 'm0']);
    const second = await world.readAll(to.personId, { position: first.position! });
    expect(second.body).toEqual({ read: 4, unread: 0 });
    expect((await list({}, second.position)).unread).toBe(0);
    expect((await world.readAll(to.personId, { position: second.position! })).body).toEqual({ read: 0, unread: 0 });
  });

  it('is their own', async () => {
    const stranger = await world.recipient();
    const { position } = await world.filed(to, 'private');
    await world.readAll(stranger.personId, { position });
    expect((await list({})).unread).toBe(1);
  });
});
