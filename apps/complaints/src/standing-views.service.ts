import { Injectable } from '@nestjs/common';
import { StandingEvent, StandingView } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { Standing, standingFold } from '@hark/gate';
import { Clock, Fold, IsoTime, plusMs } from '@hark/kernel';
import { ComplaintStore } from './complaint.store';
import { appealViewOf } from './domain/appeal-views';
import { appealableMs, MadeComplaint } from './domain/complaint.decider';
import { figuresOf } from './domain/outcomes';

/** The most entries of a history in an answer. */
const historyMax = 200;

type Entry = StandingView['history'][number];

/** A standing and what led to it, latest first. */
interface Told {
  readonly standing: Standing;
  readonly history: readonly (Entry & { readonly complaintId?: string })[];
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
    private readonly complaints: ComplaintStore,
    private readonly clock: Clock,
  ) {
    this.standings = store.streams('standing', toldFold);
  }

  async of(ownerId: string): Promise<StandingView> {
    const { standing, history } = (await this.standings.get(ownerId)).state;
    const now = this.clock.now();
    const penalties = history.flatMap(({ complaintId }) => (complaintId === undefined ? [] : [complaintId]));
    const complaints = new Map(await this.complaints.made(penalties));
    return {
      ...figuresOf(standing, now),
      history: history.map(({ complaintId, ...entry }) => ({
        ...entry,
        ...(complaintId !== undefined && penaltyOf(complaints.get(complaintId), now)),
      })),
    };
  }
}

/** What the owner may know of the complaint for which a penalty was given. */
function penaltyOf(complaint: MadeComplaint | undefined, now: IsoTime): Partial<Entry> {
  if (complaint?.is !== 'upheld') return {};
  const { complained, decided, appeal } = complaint;
  const appealableUntil = plusMs(decided.at, appealableMs);
  return {
    reason: complained.reason,
    ...(appeal && { appeal: appealViewOf(appeal) }),
    ...(!appeal && now <= appealableUntil && { appealableUntil }),
  };
}

function entryOf({ type, data }: StandingEvent): Told['history'][number] {
  return {
    event: type,
    at: data.at,
    ...('severity' in data && { severity: data.severity }),
    ...('points' in data && { points: data.points }),
    ...('left' in data && { left: data.left }),
    ...('until' in data && { until: data.until }),
    ...((type === 'standing.penalized' || type === 'standing.penalty-lifted') && { penaltyId: data.penaltyId }),
    ...(type === 'standing.penalized' && { appId: data.appId, complaintId: data.complaintId }),
  };
}
