import { preciseNowMs } from '@hark/kernel';
import { summarise, Summary } from './percentiles';

/** Load whose arrivals are set beforehand and wait for nobody's answer. */
export interface OpenLoop {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Requests without an answer at one time. One more waits, and its waiting counts: latency runs from when it was due. */
  readonly inFlightMax: number;
  /** Sends request `index`, due at `dueAtMs` of {@link preciseNowMs}. Must not reject. */
  readonly send: (index: number, dueAtMs: number) => Promise<void>;
  /** Sends no more; what is under way is still waited for. */
  readonly signal?: AbortSignal;
}

/** How a run went, seen from the generator. */
export interface OpenLoopRun {
  readonly offered: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** How late the generator itself was: a figure near the latencies means that it, and not the hub, was measured. */
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
