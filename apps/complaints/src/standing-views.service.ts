import { Injectable } from '@nestjs/common';
import { StandingEvent, StandingView } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { evolveStanding, Standing, standingStatus, unopenedStanding } from '@hark/gate';
import { Clock } from '@hark/kernel';

/** The most entries of a history that are shown. */
const historyMax = 200;

/**
 * A standing as its owner sees it. Folded from the stream itself, not from a table: it is short, and whether an app is
 * suspended must never be behind.
 */
@Injectable()
export class StandingViews {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  async of(ownerId: string): Promise<StandingView> {
    const events = (await this.store.read('standing', ownerId)).map(({ event }) => event as StandingEvent);
    const standing = events.reduce<Standing>(evolveStanding, unopenedStanding);
    const status = standingStatus(standing, this.clock.now());
    return {
      points: standing.points,
      status: status.is,
      ...(status.is === 'suspended' && status.until && { until: status.until }),
      history: events.slice(-historyMax).reverse().map(entryOf),
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
