import { refusal } from '@hark/testing';
import { at, DeliveryWorld } from '../testing/delivery-world.fixture';

describe('pressing a button of a message', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  it('counts once for each of its own, and for its person alone', async () => {
    const to = await world.recipient();
    const actions = [
      { id: 'ok', label: '知道了' },
      { id: 'call', label: '联系', url: 'tel:10010' },
    ];
    const pushId = await world.accepted(to, { body: '上门', actions });
    await world.file(to, pushId, at);
    for (const actionId of ['call', 'ok', 'call']) await world.act(to.personId, pushId, actionId);
    const { body, position } = await world.mark('read', to.personId, pushId);
    expect(body).toMatchObject({ readAt: expect.anything() as string, actionsTaken: ['call', 'ok'] });
    expect((await world.inbox(to.personId, {}, { position })).body.items[0]).toMatchObject(body);
    for (const actionId of ['other', '__proto__']) {
      expect(await refusal(world.act(to.personId, pushId, actionId))).toBe('inbox.action-unknown');
    }
    const stranger = await world.recipient();
    expect(await refusal(world.act(stranger.personId, pushId, 'ok'))).toBe('inbox.unknown');
  });
});
