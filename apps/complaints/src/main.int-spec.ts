import { complaintsSubjects } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { operator, poisonSubject, user } from '@hark/testing';
import { ComplaintsWorld } from './testing/complaints-world.fixture';

const id = '0f3a1c9e-1111-4222-8333-444455556666';
const callers: readonly Caller[] = [user(id), operator(id)];

describe('malformed requests to complaints', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  it.each(Object.values(complaintsSubjects))(
    'at %s are refused with a type, and nothing is stored',
    async (subject) => {
      const { connection } = world.harness.requests;
      for (const [index, caller] of callers.entries()) {
        const options = { caller, callerKey: world.harness.keys.caller, count: 250, seed: 41 + index, unfit: true };
        const codes = await poisonSubject(connection, subject, options);
        expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(250);
        expect(codes.has('hark.internal')).toBe(false);
      }
      expect(await world.harness.sql('select 1 from complaints.complaints')).toEqual([]);
    },
  );
});
