/** What a service answers to a request over NATS. */
export interface Reply<Body = unknown> {
  readonly body: Body;
  /** The position token of what was written; the gateway hands it out as `Hark-Position`. Absent when nothing was. */
  readonly position?: string;
  /** True when a repeat under the same Idempotency-Key found its own earlier answer. */
  readonly replayed?: boolean;
}
