import { ComplaintEvent } from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { uuid5, uuid7 } from '@hark/kernel';
import { reactorSpec, stream, until } from '@hark/testing';
import { ComplaintStore } from '../complaint.store';
import { start } from '../main';
import { Penalties } from '../penalties.service';
import { StandingStore } from '../standing.store';
import { ComplaintsWorld, RegisteredApp } from '../testing/complaints-world.fixture';
import { PenalizeOwnerReactor } from './penalize-owner.reactor';

type Upheld = Extract<ComplaintEvent, { type: 'complaint.upheld' }>;

const at = '2026-01-05T09:00:00.000Z';
const complained = (ownerId: string, more: object = {}): ComplaintEvent => ({
  type: 'complaint.complained',
  data: { pushId: uuid7(), appId: uuid7(), ownerId, personId: uuid7(), reason: 'spam', ...more, at },
});
const decision = { decisionId: uuid7(), operatorId: uuid7(), at };
const upheld: Upheld = { type: 'complaint.upheld', data: { ...decision, severity: 'major' } };

describe('penalising an owner for an upheld complaint', () => {
  const reactor = reactorSpec((store) => {
    const complaints = new ComplaintStore(store);
    return new PenalizeOwnerReactor(new Penalties(store, complaints, new StandingStore(store, complaints)));
  });

  it('takes points once, also when whoever upheld it went away', async () => {
    const [id, ownerId] = [uuid7(), uuid7()];
    const data = { penaltyId: uuid5(id, 'penalty'), complaintId: id, severity: 'major', points: 3, left: 9, at };
    const opened = { type: 'standing.opened', data: { points: 12 } };
    await reactor
      .given(stream(id, complained(ownerId)))
      .when(stream(id, upheld))
      .thenAppended(stream(ownerId, opened, { type: 'standing.penalized', data }));
  });

  it('takes none for a push that a key sent which the app does not know', async () => {
    const id = uuid7();
    await reactor
      .given(stream(id, complained(uuid7(), { sentBy: 'key', appKnowsKey: false })))
      .when(stream(id, upheld))
      .thenNothing();
  });
});

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
  const upheldEvent = async (id: string) =>
    (await world.harness.eventStore.read('complaint', id))[1] as RecordedEvent<Upheld>;

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
