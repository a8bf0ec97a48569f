import { complaintsSubjects } from '@hark/contracts';
import { plusMs, uuid5, uuid7 } from '@hark/kernel';
import { idempotent, operator, refusal, until } from '@hark/testing';
import { ComplaintsWorld, dayMs, others, RegisteredApp, strangeIds } from '../testing/complaints-world.fixture';

describe('upholding a complaint', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  /** Until the reactor has had its turn at everything upheld so far. */
  const reacted = async () => {
    const app = await world.app();
    const id = await world.complaint(app);
    const data = { decisionId: uuid7(), operatorId: uuid7(), severity: 'minor', at: world.now() };
    await world.append('complaint', id, { type: 'complaint.upheld', data });
    await until(async () => (await world.penalties(app.ownerId)).length, { what: 'the reactor has caught up' });
  };

  const about = async (app: RegisteredApp, sender: { sentBy?: 'app' | 'key'; appKnowsKey?: boolean }) => {
    const personId = uuid7();
    return (await world.complain(personId, await world.filed(app, personId, {}, sender))).body.id;
  };

  it('takes no points for what came by a key that the app itself never used, and shows by what it came', async () => {
    const app = await world.app();
    const sender = { sentBy: 'key', appKnowsKey: false } as const;
    for (const id of [await about(app, sender), await about(app, sender)]) {
      const { body } = await world.uphold(id, 'severe');
      expect(body.complaint).toMatchObject({ status: 'upheld', costsPoints: false, evidence: sender });
      expect(body.standing).toMatchObject({ points: 12, status: 'good' });
    }
    await reacted();
    expect(await world.types('standing', app.ownerId)).toEqual(['opened']);
  });

  it.each([{ sentBy: 'app' }, { sentBy: 'key', appKnowsKey: true }, { sentBy: 'key' }, {}] as const)(
    'takes points for what came by %j',
    async (sender) => {
      const app = await world.app();
      const { body } = await world.uphold(await about(app, sender), 'major');
      expect(body.complaint).toMatchObject({ costsPoints: true, evidence: sender });
      expect(body.standing).toMatchObject({ points: 9 });
    },
  );

  it('takes points from the owner once, by handler and reactor together', async () => {
    const app = await world.app();
    const id = await world.complaint(app, { note: '骗子' });
    const { body, position } = await world.uphold(id, 'major');
    expect(body.complaint).toMatchObject({
      id,
      status: 'upheld',
      severity: 'major',
      note: '骗子',
      evidence: { body: 'x' },
    });
    expect(body.standing).toMatchObject({ points: 9, status: 'good' });
    expect(body.standing!.history).toMatchObject([
      { event: 'standing.penalized', severity: 'major', points: 3, left: 9 },
      { event: 'standing.opened', points: 12 },
    ]);
    expect(position).toMatch(/^\d+-complaint$/);
    await reacted();
    expect(await world.penalties(app.ownerId)).toMatchObject([
      { penaltyId: uuid5(id, 'penalty'), complaintId: id, appId: app.appId, points: 3, left: 9 },
    ]);
    const [, penalized] = await world.harness.eventStore.read('standing', app.ownerId);
    expect(penalized!.metadata.actor).toMatch(/^user:/);
  });

  it('is under the operator’s request and trace, and so is the penalty', async () => {
    const app = await world.app();
    const id = await world.complaint(app);
    const traced = { requestId: uuid7(), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    await world.uphold(id, 'minor', operator(), traced);
    const [, upheld] = await world.harness.eventStore.read('complaint', id);
    const [, penalized] = await world.harness.eventStore.read('standing', app.ownerId);
    expect(upheld!.metadata).toMatchObject(traced);
    expect(penalized!.metadata).toMatchObject({ ...traced, $causationId: upheld!.eventId });
  });

  it.each([
    ['minor', 11],
    ['major', 9],
    ['severe', 6],
  ] as const)('%s leaves %d', async (severity, left) => {
    expect((await world.upheld(await world.app(), severity)).points).toBe(left);
  });

  it('throttles at six, suspends for seven days at three, proposes a ban at none', async () => {
    const app = await world.app();
    expect(await world.upheld(app)).toMatchObject({ points: 9, status: 'good' });
    expect(await world.upheld(app)).toMatchObject({ points: 6, status: 'throttled' });
    const third = await world.upheld(app);
    const suspendedAt = third.history.find(({ event }) => event === 'standing.penalized')!.at;
    expect(third).toMatchObject({ points: 3, status: 'suspended', until: plusMs(suspendedAt, 7 * dayMs) });
    const fourth = await world.upheld(app);
    const proposedAt = fourth.history.find(({ event }) => event === 'standing.ban-proposed')!.at;
    expect(fourth).toMatchObject({ points: 0, status: 'suspended', until: plusMs(proposedAt, 7 * dayMs) });
    await reacted();
    expect(await world.types('standing', app.ownerId)).toEqual([
      ...['opened', 'penalized', 'penalized', 'throttled', 'penalized', 'suspended', 'penalized', 'ban-proposed'],
    ]);
  });

  it('proposes a ban on the second severe one', async () => {
    const app = await world.app();
    expect(await world.upheld(app, 'severe')).toMatchObject({ points: 6, status: 'throttled' });
    expect(await world.upheld(app, 'severe')).toMatchObject({ points: 0, status: 'suspended' });
    expect(await world.types('standing', app.ownerId)).toContain('ban-proposed');
  });

  it('counts against the owner, whichever app it was', async () => {
    const one = await world.app();
    const two = await world.app(one.ownerId);
    await world.upheld(one);
    expect((await world.upheld(two)).points).toBe(6);
  });

  it('counts against the app itself while nobody owns it', async () => {
    const app = await world.app(null);
    await world.upheld(app);
    expect(await world.penalties(app.appId)).toHaveLength(1);
  });

  describe('is decided once', () => {
    it('the second decision is told so, whoever makes it', async () => {
      const app = await world.app();
      const id = await world.complaint(app);
      await world.uphold(id, 'minor');
      expect(await refusal(world.uphold(id, 'severe'))).toBe('complaint.already-decided');
      expect(await refusal(world.ask(complaintsSubjects.dismiss, { complaintId: id }))).toBe(
        'complaint.already-decided',
      );
      await reacted();
      expect(await world.penalties(app.ownerId)).toMatchObject([{ severity: 'minor', left: 11 }]);
    });

    it('of twenty at once one wins, and one penalty is applied', async () => {
      const app = await world.app();
      const id = await world.complaint(app);
      const severities = ['minor', 'major', 'severe'] as const;
      const asked = Array.from({ length: 20 }, (_, index) => world.uphold(id, severities[index % 3]));
      const ends = await Promise.allSettled([...asked, world.ask(complaintsSubjects.dismiss, { complaintId: id })]);
      const won = ends.filter(({ status }) => status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const end of ends) {
        if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'complaint.already-decided' });
      }
      expect(await world.types('complaint', id)).toHaveLength(2);
      const upheld = (await world.types('complaint', id))[1] === 'upheld';
      await reacted();
      expect(await world.penalties(app.ownerId)).toHaveLength(upheld ? 1 : 0);
    });

    it('many complaints about one owner at once count each, exactly', async () => {
      const app = await world.app();
      const ids = await Promise.all(Array.from({ length: 10 }, () => world.complaint(app)));
      await Promise.all(ids.map((id) => world.uphold(id, 'minor')));
      await reacted();
      const penalties = await world.penalties(app.ownerId);
      expect(penalties.map(({ complaintId }) => complaintId).sort()).toEqual([...ids].sort());
      expect(penalties.map(({ left }) => left)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    });

    it('gives a repeat under one Idempotency-Key its own answer, and refuses another body', async () => {
      const app = await world.app();
      const id = await world.complaint(app);
      const [by, key] = [operator(), idempotent()];
      const first = await world.uphold(id, 'minor', by, key);
      await reacted();
      expect(await world.uphold(id, 'minor', by, key)).toEqual({ ...first, replayed: true });
      const other = { ...key, requestHash: 'b'.repeat(64) };
      expect(await refusal(world.uphold(id, 'severe', by, other))).toBe('idempotency.mismatch');
      expect(await world.penalties(app.ownerId)).toHaveLength(1);
    });

    it('answers a repeat after a crash in between, when the reactor has penalised by then', async () => {
      const app = await world.app();
      const id = await world.complaint(app);
      const [by, key] = [operator(), idempotent()];
      const data = { decisionId: key.commandId, operatorId: by.userId, severity: 'minor', at: world.now() };
      const context = { ...key, requestId: uuid7(), correlationId: uuid7(), actor: `user:${by.userId}` };
      await world.harness.eventStore.append('complaint', id, 0, [{ type: 'complaint.upheld', data }], context);
      await reacted();
      const { body, replayed } = await world.uphold(id, 'minor', by, key);
      expect(replayed).toBe(true);
      expect(body).toMatchObject({ complaint: { status: 'upheld' }, standing: { points: 11 } });
      expect(await world.penalties(app.ownerId)).toHaveLength(1);
    });
  });

  it('is not for the app’s owner, nor for anybody who is no operator', async () => {
    const owner = operator();
    const app = await world.app(owner.userId);
    const id = await world.complaint(app);
    expect(await refusal(world.uphold(id, 'minor', owner))).toBe('complaint.own-app');
    for (const caller of others)
      expect(await refusal(world.uphold(id, 'minor', caller))).toMatch(/^(session|role)\.required$/);
    expect(await world.types('complaint', id)).toEqual(['complained']);
    expect(await world.penalties(app.ownerId)).toEqual([]);
  });

  it('knows no complaint that is not there, and no other severity', async () => {
    for (const strange of strangeIds) expect(await refusal(world.uphold(strange))).toBe('complaint.unknown');
    const id = await world.complaint(await world.app());
    expect(await refusal(world.ask(complaintsSubjects.uphold, { complaintId: id, severity: 'huge' }))).toBe(
      'request.invalid',
    );
  });
});
