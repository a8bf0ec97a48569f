import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { asStatusError } from '../service-error';

/** A unary method from a function that answers or throws. */
export const unary =
  <Request, Response>(
    answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(asStatusError(error)),
      );
  };
