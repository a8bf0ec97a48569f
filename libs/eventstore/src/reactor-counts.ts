/** What one reactor group has done in this process: plain numbers for the metrics. */
export interface ReactorCounts {
  /** Reactions that succeeded. */
  processed: number;
  /** Tries that failed for a transient reason. */
  retried: number;
  /** Events that we gave up and parked; the store also parks by itself after its own limit. */
  parked: number;
  /** Reactions running now. */
  running: number;
  /** Subscriptions begun. More than one means reconnections. */
  subscribed: number;
  /** Age of the latest event when its reaction began, in milliseconds. */
  lagMs: number;
  connected: boolean;
}

export const noCounts = (): ReactorCounts => ({
  processed: 0,
  retried: 0,
  parked: 0,
  running: 0,
  subscribed: 0,
  lagMs: 0,
  connected: false,
});
