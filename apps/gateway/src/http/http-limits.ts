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
  /** Of them, those of one address (of IPv6 one /64) that is no trusted proxy. */
  readonly connectionsPerAddressMax: number;
  /** A connection whose answer the other side has not taken a byte of for so long is cut. */
  readonly writeStallMs: number;
  /** Requests of one connection that may wait for their answers; what is pipelined beyond is refused. */
  readonly pipelinedMax: number;
  /** How long a service may take to answer. */
  readonly answerTimeoutMs: number;
  /** Requests being answered at once; one more is refused at once rather than queued. */
  readonly inFlightMax: number;
  /** Of them, those of one caller; and of those, the ones that wait for a read model to reach a `Hark-Position`. */
  readonly inFlightPerCallerMax: number;
  readonly waitingPerCallerMax: number;
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
  connectionsPerAddressMax: 512,
  writeStallMs: 15_000,
  pipelinedMax: 32,
  answerTimeoutMs: 5_000,
  inFlightMax: 1_000,
  inFlightPerCallerMax: 250,
  waitingPerCallerMax: 16,
  closeTimeoutMs: 8_000,
};
