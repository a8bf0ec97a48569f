import { deliverySubjects } from '@hark/contracts';
import { refusal, until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { FileNoticeReactor } from './file-notice.reactor';

describe('an endpoint that was switched off', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const switchOff = (to: Recipient) =>
    world.append('user', to.personId, {
      type: 'user.endpoint-disabled',
      data: { endpointId: to.phone, reason: 'recipient-gone', at },
    });
  const notices = async (to: Recipient) =>
    (await world.inbox(to.personId)).body.items.filter(({ why }) => why.reason === 'endpoint-disabled');
  const told = (to: Recipient) => until(async () => (await notices(to))[0], { what: 'the person is told' });

  it('is told to its person in the inbox, by the hub itself, in their language, and nowhere else', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    await world.append('user', to.personId, { type: 'user.locale-set', data: { locale: 'en', at } });
    await switchOff(to);
    const item = await told(to);
    expect(item).toMatchObject({ app: { name: 'Hark' }, title: `Switched off: bark ••••${to.deviceKey.slice(-4)}` });
    expect(item.body).toContain('no such device');
    expect(item).not.toHaveProperty('bindingId');
    const chinese = await world.recipient();
    await switchOff(chinese);
    expect((await told(chinese)).title).toContain('通道已停用');
    expect([...world.asked(to), ...world.mailsTo(to)]).toEqual([]);
  });

  it('is told by another endpoint as well where it may be somebody else’s by now', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    await world.append(
      'user',
      to.personId,
      { type: 'user.locale-set', data: { locale: 'en', at } },
      { type: 'user.endpoint-disabled', data: { endpointId: to.phone, reason: 'owner-changed', at } },
    );
    const title = `Prove it anew: bark ••••${to.deviceKey.slice(-4)}`;
    expect(await told(to)).toMatchObject({ title, body: expect.stringContaining('somebody else') as string });
    const mail = await until(() => world.mailsTo(to)[0], { what: 'the mail' });
    expect(mail.subject).toBe(title);
    expect(world.asked(to)).toEqual([]);
  });

  it('can be read like any other message, by its person only', async () => {
    const to = await world.recipient();
    await switchOff(to);
    const { id } = await told(to);
    expect((await world.item(to.personId, id)).body).toMatchObject({ id, app: { name: 'Hark' } });
    const read = (userId: string) =>
      world.harness.requests.request(
        deliverySubjects.read,
        { inboxItemId: id },
        { caller: { kind: 'user', userId, roles: ['user'] } },
      );
    await read(to.personId);
    await until(async () => (await notices(to))[0]!.readAt, { what: 'it is read' });
    expect(await refusal(read((await world.recipient()).personId))).toBe('inbox.unknown');
  });

  it('is told once, however often the event comes, and not at all to who is no more', async () => {
    const to = await world.recipient();
    await switchOff(to);
    await told(to);
    const events = await world.store.read('user', to.personId);
    const reactor = world.harness.service.app.get(FileNoticeReactor);
    const again = events.at(-1) as Parameters<typeof reactor.react>[0];
    await reactor.react(again);
    await reactor.react(again);
    expect(await notices(to)).toHaveLength(1);

    const erased = await world.recipient();
    await world.vault.erase(erased.personId);
    await switchOff(erased);
    await told((await world.recipient()) && to);
    expect(await notices(erased)).toEqual([]);
  });
});
