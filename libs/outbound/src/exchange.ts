import { Dispatcher } from 'undici';
import { Deadline } from './deadline';
import { OutboundError } from './outbound-error';
import { OutboundReply } from './outbound-request';

const startMsMin = 20;

/**
 * One request and its answer. Notes when the request starts to leave: before that a failure may be repeated, after it
 * the outcome is unknown.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<OutboundReply>;
  private settle!: { resolve: (reply: OutboundReply) => void; reject: (error: OutboundError) => void };
  private controller: Dispatcher.DispatchController | null = null;
  private readonly timer: NodeJS.Timeout;
  private failure: OutboundError | null = null;
  private status: number | undefined;
  private headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly deadline: Deadline,
    private readonly bytesMax: number,
  ) {
    this.reply = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.timer = setTimeout(
      () => this.fail(this.controller ? 'unknown-outcome' : 'timeout', 'deadline'),
      deadline.remainingMs(),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Called just before the first byte. Stops a request that was given up while it waited for a connection, and one
    // with too little time left for an answer: sending it could only end as `unknown-outcome`.
    if (this.deadline.remainingMs() < startMsMin) this.fail('timeout', 'connect');
    if (this.failure !== null) return controller.abort(this.failure);
    this.controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && name !== 'set-cookie');
    this.headers = Object.fromEntries(kept.map(([name, value]) => [name, [value].flat().join(', ')]));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.bytesMax) return this.fail('too-large', 'body');
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    if (this.status === undefined) return this.fail('unknown-outcome', 'no-status');
    this.settle.resolve({
      status: this.status,
      headers: this.headers,
      text: Buffer.concat(this.chunks).toString('utf8'),
    });
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    const code = codeOf(error);
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return this.fail('too-large', 'headers');
    if (this.controller !== null) return this.fail('unknown-outcome', code);
    if (error instanceof OutboundError) return this.fail(error.reason, error.detail);
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return this.fail('timeout', code);
    this.fail(code === 'UND_ERR_INVALID_ARG' ? 'refused' : 'unreachable', code);
  }

  private fail(reason: OutboundError['reason'], detail: string): void {
    if (this.failure !== null) return;
    clearTimeout(this.timer);
    this.failure = new OutboundError(reason, detail, this.status);
    this.settle.reject(this.failure);
    this.controller?.abort(this.failure);
  }
}

/** The system's or the client's short code of an error; never its message, which names hosts and addresses. */
export function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
