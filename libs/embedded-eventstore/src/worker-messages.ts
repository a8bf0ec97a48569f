import type { ErrorCode, ErrorKind } from '@hark/kernel';
import type { CopiedLog } from './copy-log';
import type { EventStoreOptions } from './server';

/** What crosses to the thread: everything but the callback. */
export type WorkerOptions = Omit<EventStoreOptions, 'onUnexpected'>;

/** What the thread reports. `failed` instead of `started`; `closed` once after `close`. */
export type FromWorker =
  | { readonly is: 'started'; readonly url: string; readonly port: number }
  | { readonly is: 'failed'; readonly kind: ErrorKind; readonly code: ErrorCode; readonly message: string }
  | { readonly is: 'copied'; readonly file: string; readonly copied: CopiedLog }
  | { readonly is: 'not-copied'; readonly file: string; readonly message: string }
  | { readonly is: 'unexpected'; readonly message: string }
  | { readonly is: 'closed' };

/** What the thread is told: to stop, or to copy its log. */
export const closeMessage = 'close';
export interface CopyMessage {
  readonly copyTo: string;
}
