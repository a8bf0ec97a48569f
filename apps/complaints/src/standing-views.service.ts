import { Injectable } from '@nestjs/common';
import { StandingEvent, StandingView } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Standing, standingFold, standingStatus } from '@hark/gate';
import { Clock, Fold } from '@hark/kernel';

/** The most entries of a history in an answer. */
const historyMax = 200;

/** A standing and what led to it, latest first. */
interface Told {
  readonly standing: Standing;
  readonly history: StandingView['history'];
}

const toldFold: Fold<Told, StandingEvent> = {
  initial: { standing: standingFold.initial, history: [] },
  evolve: ({ standing, history }, event) => ({
    standing: standingFold.evolve(standing, event),
    history: [entryOf(event), ...history].slice(0, historyMax),
  }),
};

/**
 * A standing as its owner sees it. Folded from the stream, which is short, not read from a table: whether an app is
 * suspended must never be out of date.
 */
@Injectable()
export class StandingViews {
  private readonly standings: StateCache<Told>;

  constructor(
    store: EventStore,
    private readonly clock: Clock,
  ) {
    this.standings = store.streams('standing', toldFold);
  }

  async of(ownerId: string): Promise<StandingView> {
    const { standing, history } = (await this.standings.get(ownerId)).state;
    const status = standingStatus(standing, this.clock.now());
    return {
      points: standing.points,
      status: status.is,
      ...(status.is === 'suspended' && status.until && { until: status.until }),
      history,
    };
  }
}

function entryOf({ type, data }: StandingEvent): StandingView['history'][number] {
  return {
    event: type,
    at: data.at,
    ...('severity' in data && { severity: data.severity }),
    ...('points' in data && { points: data.points }),
    ...('left' in data && { left: data.left }),
    ...('until' in data && { until: data.until }),
  };
}
