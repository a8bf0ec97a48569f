/** What a read model has done in this process: plain numbers for the metrics. */
export interface ReadModelCounts {
  /** Events written into tables. */
  events: number;
  batches: number;
  /** Events skipped because this build does not know their type. */
  unknown: number;
  /** How often a batch or the subscription failed and was begun again. */
  failures: number;
  /** How often this process became the writer. */
  elections: number;
  /** Age of the latest event when its rows were written, in milliseconds. */
  lagMs: number;
  /** Whether this process writes the tables. */
  leader: boolean;
}

export const noCounts = (): ReadModelCounts => ({
  events: 0,
  batches: 0,
  unknown: 0,
  failures: 0,
  elections: 0,
  lagMs: 0,
  leader: false,
});
