/** What a service answers to a request over NATS. */
export interface Reply<Body = unknown> {
  readonly body: Body;
  /**
   * The position token of what was written, which the gateway sends as `Hark-Position`. Absent when nothing was
   * written.
   */
  readonly position?: string;
  /** True when a repeat under the same Idempotency-Key was answered with the first run's answer. */
  readonly replayed?: boolean;
}
