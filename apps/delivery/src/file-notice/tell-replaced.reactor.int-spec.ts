import { until } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

describe('an app that means somebody else by an account', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const notices = async (to: Recipient) =>
    (await world.inbox(to.personId)).body.items.filter(({ why }) => why.reason.startsWith('binding-'));
  const told = (to: Recipient) => until(async () => (await notices(to))[0], { what: 'the person is told' });

  it('is told to both, to each in their language, and nothing of the other', async () => {
    const app = await world.app();
    const [eve, alice] = [await world.recipient({ app }), await world.recipient({ app })];
    await world.append('user', alice.personId, { type: 'user.locale-set', data: { locale: 'en', at } });
    await world.append('binding', eve.bindingId, { type: 'binding.refused', data: { reason: 'replaced', at } });
    const { consentId } = alice;
    const confirmed = { type: 'binding.confirmed', data: { consentId, replaced: true as const, at } };
    await world.append('binding', alice.bindingId, confirmed);
    expect(await told(eve)).toMatchObject({ app: { name: 'Hark' }, title: '授权已结束：Hacker密码' });
    const item = await told(alice);
    expect(item).toMatchObject({ title: 'Consent confirmed: Hacker密码', why: { reason: 'binding-confirmed' } });
    expect(JSON.stringify(item)).not.toContain(eve.personId);
  });

  it('is nothing to tell where nobody was replaced', async () => {
    const [ann, ben] = [await world.recipient(), await world.recipient()];
    const { consentId } = ann;
    await world.append('binding', ann.bindingId, { type: 'binding.confirmed', data: { consentId, at } });
    await world.append('binding', ben.bindingId, { type: 'binding.refused', data: { at } });
    const last = await world.recipient();
    await world.append('binding', last.bindingId, { type: 'binding.refused', data: { reason: 'replaced', at } });
    await told(last);
    expect([...(await notices(ann)), ...(await notices(ben))]).toEqual([]);
  });
});
