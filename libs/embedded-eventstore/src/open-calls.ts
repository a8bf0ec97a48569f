import type { StatusError } from './service-error';
import { cancelledByServer, notReady } from './service-error';

/** What becomes of a call at an orderly stop: an append whose events still arrive is told to come again. */
export type CallKind = 'arriving-append' | 'long-call';

type End = (error: StatusError) => void;

/** The calls that do not end by themselves, so that an orderly stop can end them. */
export class OpenCalls {
  private readonly ends = new Map<End, CallKind>();
  private stopped = false;

  /** True once the store stops: no new call is admitted. */
  get stopping(): boolean {
    return this.stopped;
  }

  /** Remembers how to end a call; the function returned forgets it and must be called when the call is over. */
  add(kind: CallKind, end: End): () => void {
    this.ends.set(end, kind);
    return () => this.ends.delete(end);
  }

  /** From now on calls are refused. Appends that are still arriving end as "not ready", which means not written. */
  refuseNew(): void {
    this.stopped = true;
    this.endEach('arriving-append', notReady());
  }

  /** Ends reads, subscriptions and batch streams; their clients take it as a reason to connect anew. */
  endLongCalls(): void {
    this.endEach('long-call', cancelledByServer());
  }

  private endEach(wanted: CallKind, error: StatusError): void {
    for (const [end, kind] of [...this.ends]) {
      if (kind !== wanted) continue;
      this.ends.delete(end);
      end(error);
    }
  }
}
