import { summarise } from './percentiles';

/** The pushes that were due within one second of a run. */
export interface Moment {
  /** From 0. */
  readonly second: number;
  readonly accepted: number;
  /** Of these, on the phone, whenever that was. */
  readonly arrived: number;
  readonly acceptP50Ms: number | null;
  readonly acceptP99Ms: number | null;
  readonly endToEndP50Ms: number | null;
  readonly endToEndP99Ms: number | null;
}

/** When pushes were due, accepted and on the phone, by their number in the run. */
export interface Times {
  readonly dueAtMs: ReadonlyMap<number, number>;
  readonly acceptedAtMs: ReadonlyMap<number, number>;
  readonly arrivedAtMs: ReadonlyMap<number, number>;
}

/** A run second by second. A push counts in the second in which it was due, so a stall shows where it began. */
export function timelineOf(beganAtMs: number, { dueAtMs, acceptedAtMs, arrivedAtMs }: Times): readonly Moment[] {
  const seconds = Map.groupBy(dueAtMs, ([, due]) => Math.max(0, Math.floor((due - beganAtMs) / 1_000)));
  return [...seconds]
    .sort(([a], [b]) => a - b)
    .map(([second, pushes]) => {
      const accept = summarise(latencies(pushes, acceptedAtMs));
      const endToEnd = summarise(latencies(pushes, arrivedAtMs));
      return {
        second,
        accepted: accept.count,
        arrived: endToEnd.count,
        acceptP50Ms: accept.p50,
        acceptP99Ms: accept.p99,
        endToEndP50Ms: endToEnd.p50,
        endToEndP99Ms: endToEnd.p99,
      };
    });
}

const latencies = (pushes: readonly (readonly [number, number])[], at: ReadonlyMap<number, number>): number[] =>
  pushes.flatMap(([index, due]) => (at.has(index) ? [at.get(index)! - due] : []));
