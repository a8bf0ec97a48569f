import { AppEvent, StandingEvent } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { reactorSpec, stream } from '@hark/testing';
import { ComplaintStore } from '../complaint.store';
import { StandingStore } from '../standing.store';
import { OpenStandingReactor } from './open-standing.reactor';

const at = '2026-01-05T09:00:00.000Z';
const registered = (ownerId: string | null): AppEvent => ({
  type: 'app.registered',
  data: { ownerId, name: 'x', redirectUris: [], secretHash: null, verified: false, at },
});
const opened: StandingEvent = { type: 'standing.opened', data: { points: 12, at } };

describe('opening a standing', () => {
  const reactor = reactorSpec((store) => new OpenStandingReactor(new StandingStore(store, new ComplaintStore(store))));

  it('gives an owner twelve points with their first app, from when it was registered', async () => {
    const [appId, ownerId] = [uuid7(), uuid7()];
    await reactor.when(stream(appId, registered(ownerId))).thenAppended(stream(ownerId, opened));
  });

  it('gives an app that nobody owns its own', async () => {
    const appId = uuid7();
    await reactor.when(stream(appId, registered(null))).thenAppended(stream(appId, opened));
  });

  it('gives none for the second: it starts where its owner stands', async () => {
    const ownerId = uuid7();
    const penalty = { penaltyId: uuid7(), complaintId: uuid7(), appId: uuid7(), points: 3, left: 9, at };
    const penalized: StandingEvent = {
      type: 'standing.penalized',
      data: { ...penalty, severity: 'major', tableVersion: '2026-11' },
    };
    await reactor
      .given(stream(ownerId, opened, penalized))
      .when(stream(uuid7(), registered(ownerId)))
      .thenNothing();
  });
});
