/**
 * What the caller can do about a failure.
 * `invalid`: mend the request · `refused`: the rules say no · `not-found`: no such thing (or not yours)
 * `conflict`: somebody was faster · `unavailable`: try again later; the outcome may be unknown.
 */
export type ErrorKind = 'invalid' | 'refused' | 'not-found' | 'conflict' | 'unavailable';

/** Stable, dotted, greppable; clients translate it. The first part is the domain word, e.g. `binding.ended`. */
export type ErrorCode = `${string}.${string}`;

/** One thing that is wrong with the input, with a JSON path such as `body.title`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Everything public that an error carries besides its code. No message texts, no addresses, no secrets. */
export interface ErrorDetail {
  /** Shown to the caller as members of the problem document, e.g. `{ until }` of a suspension. */
  readonly extra?: Readonly<Record<string, string | number | boolean>>;
  readonly errors?: readonly FieldError[];
}

/**
 * The only error class. Thrown anywhere, turned into a reply in one place (`@hark/nats`) and into an HTTP status in one
 * other (the gateway). `message` is for operators and never holds message text, addresses or secrets.
 */
export class HarkError extends Error {
  override readonly name = 'HarkError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: ErrorCode,
    message: string,
    readonly detail: ErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
