/** Every bound of the public door. Slow or greedy clients hold nothing for long. */
export interface HttpLimits {
  /** All headers of a request must have come after this. */
  readonly headersTimeoutMs: number;
  /** The whole request, with its body, must have come after this. */
  readonly requestTimeoutMs: number;
  /** How often the two above are looked at; Node's own 30 s would let them pass thrice over. */
  readonly timeoutCheckMs: number;
  /** How long an idle connection is kept for the next request. */
  readonly keepAliveTimeoutMs: number;
  readonly headerBytesMax: number;
  readonly connectionsMax: number;
  /** How long a service may take to answer. */
  readonly answerTimeoutMs: number;
  /** Requests being answered at once; one more is refused at once rather than queued. */
  readonly inFlightMax: number;
  /** How long those that are being answered may hold up a stop. */
  readonly closeTimeoutMs: number;
}

/** What the gateway runs with; tests shorten some. */
export const httpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  headerBytesMax: 16_384,
  connectionsMax: 4_096,
  answerTimeoutMs: 5_000,
  inFlightMax: 1_000,
  closeTimeoutMs: 8_000,
};
