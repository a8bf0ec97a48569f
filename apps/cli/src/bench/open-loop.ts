import { preciseNowMs } from '@hark/kernel';
import { summarise, Summary } from './percentiles';

/** Load whose requests are due at fixed times, whether earlier ones were answered or not. */
export interface OpenLoop {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** The most requests without an answer. A further one waits, and its wait counts: latency runs from its due time. */
  readonly inFlightMax: number;
  /** Sends request `index`, due at `dueAtMs` of {@link preciseNowMs}. Must not reject. */
  readonly send: (index: number, dueAtMs: number) => Promise<void>;
  /** When aborted nothing more is sent; requests under way are still awaited. */
  readonly signal?: AbortSignal;
}

/** The course of a run, seen from the generator. */
export interface OpenLoopRun {
  readonly offered: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** How late the generator itself was. When this is close to the latencies, it was measured and not the hub. */
  readonly lateMs: Summary;
}

/** How many arrivals a run has. */
export const arrivalsOf = (ratePerSecond: number, seconds: number): number =>
  Math.max(1, Math.round(ratePerSecond * seconds));

/** When arrival `index` is due, in milliseconds after the start: evenly spaced, so that a run can be repeated. */
export const dueAfterMs = (index: number, ratePerSecond: number): number => (index * 1_000) / ratePerSecond;

/** Runs the load; resolves when everything sent has settled. */
export function openLoop({ ratePerSecond, seconds, inFlightMax, send, signal }: OpenLoop): Promise<OpenLoopRun> {
  const offered = arrivalsOf(ratePerSecond, seconds);
  const beganAtMs = preciseNowMs();
  const late: number[] = [];
  let next = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;

  return new Promise((resolve) => {
    const done = () => inFlight === 0 && (next === offered || signal?.aborted);
    const settled = () => {
      inFlight -= 1;
      pump();
    };
    const pump = (): void => {
      clearTimeout(timer);
      const nowMs = preciseNowMs();
      while (next < offered && inFlight < inFlightMax && !signal?.aborted) {
        const dueAtMs = beganAtMs + dueAfterMs(next, ratePerSecond);
        if (dueAtMs > nowMs) break;
        late.push(nowMs - dueAtMs);
        inFlight += 1;
        void send(next++, dueAtMs).then(settled, settled);
      }
      if (done()) return resolve({ offered: next, beganAtMs, endedAtMs: preciseNowMs(), lateMs: summarise(late) });
      if (next === offered || inFlight >= inFlightMax || signal?.aborted) return;
      timer = setTimeout(pump, Math.max(0, beganAtMs + dueAfterMs(next, ratePerSecond) - preciseNowMs()));
    };
    signal?.addEventListener('abort', pump, { once: true });
    pump();
  });
}
