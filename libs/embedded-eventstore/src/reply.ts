import { once } from 'node:events';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import type { OpenCalls } from './open-calls';
import { asStatusError, type StatusError } from './service-error';

/**
 * The answering half of a long call. It ends exactly once: by `end`, by `fail`, by the client going away or by the
 * store stopping. After that everything sent is dropped.
 */
export class Reply<Request, Response> {
  private over = false;
  private readonly forget: () => void;
  /** Made when somebody asks: most reads end before anybody does. */
  private gone: AbortController | undefined;

  constructor(
    private readonly call: ServerWritableStream<Request, Response> | ServerDuplexStream<Request, Response>,
    calls: OpenCalls,
  ) {
    this.forget = calls.add('long-call', (error) => this.fail(error));
    call.once('cancelled', () => this.finish());
    call.once('close', () => this.finish());
    if (call.cancelled) this.finish();
  }

  get closed(): boolean {
    return this.over;
  }

  /** Aborted as soon as nobody listens any more. */
  get signal(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.over) this.gone.abort(over);
    return this.gone.signal;
  }

  /** False when the caller should wait for `drained` before it reads more from the log. */
  send(message: Response): boolean {
    return this.over || this.call.write(message);
  }

  /** Resolves when the client has taken what was sent, or is gone. */
  async drained(): Promise<void> {
    if (this.over || !this.call.writableNeedDrain) return;
    await once(this.call, 'drain', { signal: this.signal }).catch(() => undefined);
  }

  end(): void {
    if (this.over) return;
    this.finish();
    this.call.end();
  }

  /** Ends with an error status; anything that is no `StatusError` becomes UNKNOWN. */
  fail(error: unknown): void {
    if (this.over) return;
    this.finish();
    const failure: StatusError = asStatusError(error);
    this.call.emit('error', failure);
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.forget();
    this.gone?.abort(over);
  }
}

/** A reason, or every end of a call would build an error with a stack for nobody. */
const over = 'over';
