import { Baselines } from './baselines';
import type { MeasuredLoad } from './measured-load';

/** The hub's figures in units of the baselines measured in the same run, so that machines can be compared. */
export interface Ratios {
  /** p50 of accepting, in units of one bare POST, one NATS round trip and one fsynced append in sequence. */
  readonly acceptP50ToFloor: number | null;
  readonly endToEndP50ToFloor: number | null;
  /** CPU of a push in units of the CPU that a bare POST costs its server. */
  readonly cpuToBarePost: number | null;
  /** Accepted pushes a second, as a share of what the baselines reach. */
  readonly acceptedToBarePosts: number;
  readonly acceptedToNatsRoundTrips: number;
  readonly acceptedToAppends: number;
}

/** Ratios of one run to the baselines. The shares mean most at the highest rate that holds. */
export function ratiosOf(load: MeasuredLoad, { http, nats, append }: Baselines): Ratios {
  const floorMs = http.p50Ms + nats.p50Ms + append.p50Ms;
  return {
    acceptP50ToFloor: ratio(load.acceptMs.p50, floorMs),
    endToEndP50ToFloor: ratio(load.endToEndMs.p50, floorMs),
    cpuToBarePost: ratio(load.cost.cpuMsPerPush, http.cpuMsPerCall ?? 0),
    acceptedToBarePosts: load.acceptedPerSecond / http.perSecond,
    acceptedToNatsRoundTrips: load.acceptedPerSecond / nats.perSecond,
    acceptedToAppends: load.acceptedPerSecond / append.perSecond,
  };
}

const ratio = (figure: number | null, unit: number): number | null =>
  figure === null || unit === 0 ? null : figure / unit;
