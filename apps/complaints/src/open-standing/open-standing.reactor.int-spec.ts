import { AppEvent } from '@hark/contracts';
import { RecordedEvent } from '@hark/eventstore';
import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { ComplaintsWorld, RegisteredApp } from '../testing/complaints-world.fixture';
import { OpenStandingReactor } from './open-standing.reactor';

describe('opening a standing', () => {
  let world: ComplaintsWorld;
  beforeAll(async () => {
    world = await ComplaintsWorld.start();
  });
  afterAll(() => world.close());

  const react = async (app: RegisteredApp) => {
    const [registered] = (await world.harness.eventStore.read('app', app.appId)) as RecordedEvent<AppEvent>[];
    await world.harness.service.app.get(OpenStandingReactor).react(registered!);
  };

  it('gives an owner twelve points with their first app, from when it was registered', async () => {
    const app = await world.app();
    const [registered] = await world.events('app', app.appId);
    const { at } = registered!.data as { at: string };
    expect(await world.events('standing', app.ownerId)).toEqual([
      { type: 'standing.opened', data: { points: 12, at } },
    ]);
  });

  it('gives none for the second: it starts where its owner stands', async () => {
    const one = await world.app();
    await world.upheld(one);
    const two = await world.app(one.ownerId);
    await react(two);
    expect(await world.types('standing', one.ownerId)).toEqual(['opened', 'penalized']);
  });

  it('gives an app that nobody owns its own', async () => {
    const app = await world.app(null);
    expect(await world.types('standing', app.appId)).toEqual(['opened']);
  });

  it('happens once, however often and however late it is told', async () => {
    const app = await world.app();
    await Promise.all(Array.from({ length: 10 }, () => react(app)));
    await world.harness.restart();
    await react(app);
    expect(await world.types('standing', app.ownerId)).toEqual(['opened']);
  });

  it('leaves a standing alone that a penalty has opened', async () => {
    const ownerId = uuid7();
    const penalty = { penaltyId: uuid7(), complaintId: uuid7(), appId: uuid7(), severity: 'major', points: 3, left: 9 };
    const at = world.now();
    await world.append(
      'standing',
      ownerId,
      { type: 'standing.opened', data: { points: 12, at } },
      { type: 'standing.penalized', data: { ...penalty, tableVersion: '2026-11', at } },
    );
    await react(await world.app(ownerId));
    await until(async () => (await world.types('standing', ownerId)).length === 2, { what: 'nothing was added' });
  });
});
