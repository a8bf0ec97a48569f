import { deliverySubjects } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { poisonSubject } from '@hark/testing';
import { DeliveryWorld } from './testing/delivery-world.fixture';

const callers: readonly Caller[] = [
  { kind: 'anonymous', roles: [] },
  { kind: 'user', userId: '0f3a1c9e-1111-4222-8333-444455556666', roles: ['user'] },
];

describe('malformed requests to delivery', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  it.each(Object.values(deliverySubjects))(
    'at %s are refused with a type, and the service goes on',
    async (subject) => {
      const { connection } = world.harness.requests;
      for (const [index, caller] of callers.entries()) {
        const options = { caller, callerKey: world.harness.keys.caller, count: 250, seed: 31 + index, unfit: true };
        const codes = await poisonSubject(connection, subject, options);
        expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(250);
        expect(codes.has('hark.internal')).toBe(false);
      }
      const pushId = await world.push(await world.recipient());
      expect(await world.finished(pushId)).toBe('delivered');
    },
  );
});
