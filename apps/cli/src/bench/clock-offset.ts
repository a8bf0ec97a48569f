/** One probe: sent and answered by this process's clock, received by the sandbox's. */
export interface ClockProbe {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * What to add to the sandbox's times to get this process's. 0 while they agree: both read the same clock at start and
 * count on by themselves, so they differ only after the machine slept or its clock was set.
 */
export function clockOffsetMs(probes: readonly ClockProbe[]): number {
  const [quickest] = [...probes].sort((a, b) => a.answeredAtMs - a.sentAtMs - (b.answeredAtMs - b.sentAtMs));
  if (quickest === undefined) return 0;
  const { sentAtMs, receivedAtMs, answeredAtMs } = quickest;
  const agree = receivedAtMs >= sentAtMs - toleranceMs && receivedAtMs <= answeredAtMs + toleranceMs;
  return agree ? 0 : (sentAtMs + answeredAtMs) / 2 - receivedAtMs;
}

/** The most that reading the clock at start differs. */
const toleranceMs = 1;
