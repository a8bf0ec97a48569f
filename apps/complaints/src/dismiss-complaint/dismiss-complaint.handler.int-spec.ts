import { complaintsSubjects, UpholdReply } from '@hark/contracts';
import { Caller, RpcOptions } from '@hark/nats';
import { idempotent, operator, refusal } from '@hark/testing';
import { ComplaintsWorld, others, strangeIds } from '../testing/complaints-world.fixture';

describe('dismissing a complaint', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const dismiss = (complaintId: unknown, caller: Caller = operator(), meta: RpcOptions = {}) =>
    world.ask<UpholdReply>(complaintsSubjects.dismiss, { complaintId, note: 'nothing in it' }, { caller, ...meta });

  it('ends it and takes nothing from anybody', async () => {
    const app = await world.app();
    const id = await world.complaint(app);
    const { body } = await dismiss(id);
    expect(body).toMatchObject({ complaint: { id, status: 'dismissed' } });
    expect(body).not.toHaveProperty('standing');
    expect(await world.types('standing', app.ownerId)).toEqual(['opened']);
  });

  it('is decided once', async () => {
    const id = await world.complaint(await world.app());
    await dismiss(id);
    expect(await refusal(dismiss(id))).toBe('complaint.already-decided');
    expect(await refusal(world.uphold(id))).toBe('complaint.already-decided');
    expect(await world.types('complaint', id)).toEqual(['complained', 'dismissed']);
  });

  it('gives a repeat under one Idempotency-Key its own answer', async () => {
    const id = await world.complaint(await world.app());
    const [by, key] = [operator(), idempotent()];
    const first = await dismiss(id, by, key);
    expect(await dismiss(id, by, key)).toEqual({ ...first, replayed: true });
  });

  it('is not for the app’s owner, nor for anybody who is no operator', async () => {
    const owner = operator();
    const id = await world.complaint(await world.app(owner.userId));
    expect(await refusal(dismiss(id, owner))).toBe('complaint.own-app');
    for (const caller of others) expect(await refusal(dismiss(id, caller))).toMatch(/^(session|role)\.required$/);
    for (const strange of strangeIds) expect(await refusal(dismiss(strange))).toBe('complaint.unknown');
  });
});
