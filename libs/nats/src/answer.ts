/** What every handler answers. */
export interface Answer<T = unknown> {
  readonly body: T;
  /** The position token of what was written; the gateway hands it out as `Hark-Position`. */
  readonly position?: string;
  /** True when an earlier answer under the same idempotency key is given again. */
  readonly replayed?: boolean;
}
