import { deliverySubjects, EndpointTestReply } from '@hark/contracts';
import { refusal, user } from '@hark/testing';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';

describe('a test message', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const test = (to: Recipient, personId = to.personId, locale: 'zh-CN' | 'en' = 'en') =>
    world.ask<EndpointTestReply>(
      deliverySubjects.testEndpoint,
      { endpointId: to.phone },
      { caller: user(personId), locale },
    );

  it('comes through a verified endpoint of their own, and says what became of it in fixed words', async () => {
    const to = await world.recipient();
    expect((await test(to)).body).toEqual({ outcome: 'ok', detail: 'It took the message: look there now.' });
    expect(world.shown(to)).toMatchObject([{ title: 'Test message' }]);
    world.phone(to, 'gone');
    const gone = await test(to);
    world.phone(to, 'moved');
    const moved = await test(to);
    expect(gone.body.outcome).toBe('refused');
    expect(moved.body).toEqual(gone.body);
    world.phone(to, 'hiccup');
    expect((await test(to, to.personId, 'zh-CN')).body).toEqual({
      outcome: 'unreachable',
      detail: expect.stringMatching(/\p{Script=Han}/u),
    });
  });

  it('is refused through what is not theirs or not verified, and after ten a day', async () => {
    const to = await world.recipient();
    const other = await world.recipient();
    expect(await refusal(test(to, other.personId))).toBe('endpoint.unknown');
    const disabled = { endpointId: to.phone, reason: 'recipient-gone', at };
    await world.append('user', to.personId, { type: 'user.endpoint-disabled', data: disabled });
    expect(await refusal(test(to))).toBe('endpoint.unverified');
    for (let n = 0; n < 10; n += 1) await test(other);
    expect(await refusal(test(other))).toBe('endpoint.too-many-tests');
    expect(world.asked(other)).toHaveLength(10);
    expect(world.asked(to)).toEqual([]);
  });
});
