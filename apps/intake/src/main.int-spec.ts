import { intakeSubjects } from '@hark/contracts';
import { Caller } from '@hark/nats';
import { poisonSubject } from '@hark/testing';
import { IntakeWorld } from './testing/intake-world.fixture';

const callers: readonly Caller[] = [
  { kind: 'key', roles: [] },
  { kind: 'user', userId: '0f3a1c9e-1111-4222-8333-444455556666', roles: ['user', 'operator'] },
];

describe('malformed requests to intake', () => {
  let world: IntakeWorld;
  beforeAll(async () => {
    world = await IntakeWorld.start();
  });
  afterAll(() => world.close());

  it.each(Object.values(intakeSubjects))('at %s are refused with a type, and nothing is stored', async (subject) => {
    const bound = await world.bind(await world.app());
    const { connection } = world.harness.requests;
    for (const [index, caller] of callers.entries()) {
      const options = { caller, callerKey: world.harness.keys.caller, count: 250, seed: 21 + index, unfit: true };
      const codes = await poisonSubject(connection, subject, options);
      expect([...codes.values()].reduce((sum, count) => sum + count)).toBe(250);
      expect(codes.has('hark.internal')).toBe(false);
    }
    // The process is alive, and the next good request is the only one that left a row.
    const { body, position } = await world.push({ credential: bound.key, body: 'x' });
    expect((await world.get({ credential: bound.key, pushId: body.id }, { position: position! })).body.id).toBe(
      body.id,
    );
    expect(
      await world.harness.sql('select 1 from intake.pushes where binding_id = $1', [bound.bindingId]),
    ).toHaveLength(1);
  });
});
