/** Every bound of the public HTTP port, so that slow or greedy clients hold nothing for long. */
export interface HttpLimits {
  /** All headers of a request must have arrived after this time. */
  readonly headersTimeoutMs: number;
  /** The whole request, body included, must have arrived after this time. */
  readonly requestTimeoutMs: number;
  /** How often Node checks the two above. Its default of 30 s would let them be exceeded threefold. */
  readonly timeoutCheckMs: number;
  /** How long an idle connection is kept open for the next request. */
  readonly keepAliveTimeoutMs: number;
  readonly headerBytesMax: number;
  readonly connectionsMax: number;
  /** Of these, the connections of one address (for IPv6 one /64) that is not a trusted proxy, in which nobody has shown who they are. */
  readonly connectionsPerAddressMax: number;
  /** Connections of one person, app or key that do not count for their address. */
  readonly connectionsPerCallerMax: number;
  /** A connection whose client has taken no byte of its answer for this time is cut. */
  readonly writeStallMs: number;
  /** Requests on one connection that may wait for their answers; further pipelined ones are refused. */
  readonly pipelinedMax: number;
  /** How long a service may take to answer. */
  readonly answerTimeoutMs: number;
  /** Requests under way at a time; one more is refused at once, not queued. */
  readonly inFlightMax: number;
  /** Of these, those of one caller; and of those, the ones that wait for a read model to reach a `Hark-Position`. */
  readonly inFlightPerCallerMax: number;
  readonly waitingPerCallerMax: number;
  /** Bodies of more than 64 KiB held in memory at once, from the first byte to the answer; only batches are so large. */
  readonly largeBodiesMax: number;
  /** Of these, those of one address. */
  readonly largeBodiesPerAddressMax: number;
  /** How long requests under way may delay a stop. */
  readonly closeTimeoutMs: number;
}

/** The bounds the gateway runs with; tests shorten some. */
export const httpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  headerBytesMax: 16_384,
  connectionsMax: 16_384,
  connectionsPerAddressMax: 512,
  connectionsPerCallerMax: 32,
  writeStallMs: 15_000,
  pipelinedMax: 32,
  answerTimeoutMs: 5_000,
  inFlightMax: 1_000,
  inFlightPerCallerMax: 250,
  waitingPerCallerMax: 16,
  largeBodiesMax: 64,
  largeBodiesPerAddressMax: 16,
  closeTimeoutMs: 8_000,
};
