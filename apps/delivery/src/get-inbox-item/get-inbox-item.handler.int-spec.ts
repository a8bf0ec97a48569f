import { deliverySubjects } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { refusal, until } from '@hark/testing';
import { DeliveryWorld } from '../testing/delivery-world.fixture';

describe('reading one message', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  it('shows it to whom it was sent, right after it was filed', async () => {
    const to = await world.recipient();
    const { pushId, position } = await world.filed(to, '正文');
    const { body } = await world.item(to.personId, pushId, { position });
    expect(body).toMatchObject({ id: pushId, title: 't', body: '正文', why: { level: 'strong', reason: 'delivered' } });
  });

  it('says which channels took it', async () => {
    const to = await world.recipient();
    const pushId = await world.push(to);
    await world.finished(pushId);
    const { body } = await until(() => world.item(to.personId, pushId), { what: 'its row' });
    const channels = [{ endpointId: to.phone, channel: 'bark', outcome: 'sent' }];
    expect(body).toMatchObject({ why: { reason: 'delivered', channels } });
  });

  it('is, for anybody else, like one that does not exist', async () => {
    const [to, stranger] = [await world.recipient(), await world.recipient()];
    const { pushId, position } = await world.filed(to, 'private');
    expect(await refusal(world.item(stranger.personId, pushId, { position }))).toBe('inbox.unknown');
    for (const id of [uuid7(), 'x', '', null, 7, '../x', pushId.toUpperCase()]) {
      expect(await refusal(world.item(to.personId, id))).toBe('inbox.unknown');
    }
  });

  it('is for people who are logged in', async () => {
    const { requests } = world.harness;
    for (const kind of ['anonymous', 'app', 'key'] as const) {
      const asked = requests.request(
        deliverySubjects.getInboxItem,
        { inboxItemId: uuid7() },
        { caller: { kind, roles: [] } },
      );
      expect(await refusal(asked)).toBe('session.required');
    }
  });
});
