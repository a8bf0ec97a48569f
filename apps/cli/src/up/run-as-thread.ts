import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, type ErrorDetail, type ErrorKind, HarkError, Running } from '@hark/kernel';

/** What a thread sends once: what it has to say when it is ready, or why it could not start. */
export type FromThread<Said> =
  | { readonly said: Said }
  | {
      readonly failed: {
        readonly kind: ErrorKind;
        readonly code: ErrorCode;
        readonly message: string;
        readonly detail: ErrorDetail;
      };
    };

/** What a thread is told when it has to end. */
export const closeMessage = 'close';

/** What a thread's program runs. */
export interface ThreadPart<Said> extends Running {
  readonly said: Said;
  /** Takes what `HubThread.tell` sends. */
  hear?(message: unknown): void;
}

/** The other side of `HubThread`: starts `part`, says when it is ready, and ends when it is told to. */
export function runAsThread<Options, Said>(part: (options: Options) => Promise<ThreadPart<Said>>): void {
  const send = (message: FromThread<Said>): void => parentPort?.postMessage(message);
  part(workerData as Options).then(
    (running) => {
      parentPort?.on('message', (message: unknown) => {
        if (message !== closeMessage) return running.hear?.(message);
        void Promise.resolve(running.close()).finally(() => parentPort?.close());
      });
      send({ said: running.said });
    },
    (error: unknown) => {
      if (!(error instanceof HarkError)) throw error;
      const { kind, code, message, detail } = error;
      send({ failed: { kind, code, message, detail } });
    },
  );
}
