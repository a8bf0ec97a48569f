import { ComplaintEvent } from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { uuid5, uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { start } from '../main';
import { ComplaintsWorld, RegisteredApp } from '../testing/complaints-world.fixture';
import { PenalizeOwnerReactor } from './penalize-owner.reactor';

type Upheld = RecordedEvent<Extract<ComplaintEvent, { type: 'complaint.upheld' }>>;

describe('penalising an owner', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  /** Upheld by somebody who was cut off right after it was written down. */
  const cutOff = async (app: RegisteredApp, severity = 'major') => {
    const id = await world.complaint(app);
    const data = { decisionId: uuid7(), operatorId: uuid7(), severity, at: world.now() };
    await world.append('complaint', id, { type: 'complaint.upheld', data });
    return id;
  };
  const penalised = (app: RegisteredApp, count: number) =>
    until(async () => (await world.penalties(app.ownerId)).length >= count, { what: `${count} penalties` });
  const upheldEvent = async (id: string) => (await world.harness.eventStore.read('complaint', id))[1] as Upheld;

  it('happens also when whoever upheld went away', async () => {
    const app = await world.app();
    const id = await cutOff(app);
    await penalised(app, 1);
    expect(await world.penalties(app.ownerId)).toMatchObject([{ penaltyId: uuid5(id, 'penalty'), left: 9 }]);
    const [, penalized] = await world.harness.eventStore.read('standing', app.ownerId);
    expect(penalized!.metadata).toMatchObject({ $causationId: (await upheldEvent(id)).eventId });
  });

  it('counts once, however often it is told, also in another process', async () => {
    const app = await world.app();
    const replica = await start(world.harness.env);
    try {
      const ids = await Promise.all([cutOff(app, 'minor'), cutOff(app, 'minor'), cutOff(app, 'minor')]);
      const reactors = [world.harness.service, replica].map(({ app: nest }) => nest.get(PenalizeOwnerReactor));
      const tell = async () => {
        for (const id of ids) {
          const event = await upheldEvent(id);
          await Promise.all([...reactors, ...reactors].map((reactor) => reactor.react(event)));
        }
      };
      await Promise.all([tell(), tell()]);
      await penalised(app, 3);
      const penalties = await world.penalties(app.ownerId);
      expect(penalties.map(({ left }) => left)).toEqual([11, 10, 9]);
      expect(new Set(penalties.map(({ complaintId }) => complaintId))).toEqual(new Set(ids));
    } finally {
      await replica.close();
    }
  });

  it('catches up after a restart with what was upheld meanwhile', async () => {
    const app = await world.app();
    const ids = await Promise.all([world.complaint(app), world.complaint(app)]);
    await world.harness.service.close();
    for (const id of ids) {
      const data = { decisionId: uuid7(), operatorId: uuid7(), severity: 'major', at: '2026-11-22T09:00:00.000Z' };
      await world.append('complaint', id, { type: 'complaint.upheld', data });
    }
    await world.harness.restart();
    await penalised(app, 2);
    const types = await world.types('standing', app.ownerId);
    expect(types).toEqual(['opened', 'penalized', 'penalized', 'throttled']);
  });
});
