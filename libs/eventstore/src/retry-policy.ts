/** How long a reactor waits, and for what. Milliseconds. */
export interface RetryPolicy {
  /**
   * How long an outage is waited out before the event goes back to the group. Less than the group's message time-out.
   */
  readonly outageMs: number;
  /** The same for failures that nobody understands (`hark.internal`, a reaction that never ends). */
  readonly unknownMs: number;
  /** How long one reaction may run. */
  readonly reactionMs: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  outageMs: 20_000,
  unknownMs: 2_000,
  reactionMs: 28_000,
  firstWaitMs: 100,
  longestWaitMs: 3_000,
};

/** What the store does with a group's events, fixed at its creation. */
export const groupSettings = {
  messageTimeout: 30_000,
  maxRetryCount: 10,
  checkPointAfter: 1_000,
  // Small, so that few events come again after a crash; it costs one write per second while there is work.
  checkPointLowerBound: 1,
  checkPointUpperBound: 500,
} as const;
