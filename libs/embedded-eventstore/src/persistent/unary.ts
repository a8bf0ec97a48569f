import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { asStatusError, StatusError } from '../service-error';

/** Hears of failures nobody foresaw. */
export type OnUnexpected = (error: unknown) => void;

/** A unary method from a function that answers or throws. What it throws beyond a status is reported as well. */
export const unary =
  <Request, Response>(
    onUnexpected: OnUnexpected,
    answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          if (!(error instanceof StatusError)) onUnexpected(error);
          callback(asStatusError(error));
        },
      );
  };
