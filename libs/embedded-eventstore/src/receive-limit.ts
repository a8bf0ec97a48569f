import {
  type MethodDefinition,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';

/** Stands for a message that is not read because of its size. */
class TooLarge {
  constructor(readonly sizeBytes: number) {}
}

/**
 * The same service for messages of at most `maxBytes`: grpc-js knows one limit for a whole server, EventStoreDB 24.10 one for
 * each service. A larger message is not parsed; `refuseTooLarge` must be among the server's interceptors to answer it.
 */
export function receivingAtMost<Service extends ServiceDefinition>(maxBytes: number, service: Service): Service {
  const limited = Object.entries(service).map(([name, method]: [string, MethodDefinition<unknown, unknown>]) => {
    const { requestDeserialize } = method;
    const read = (bytes: Buffer): unknown =>
      bytes.length > maxBytes ? new TooLarge(bytes.length) : requestDeserialize(bytes);
    return [name, { ...method, requestDeserialize: read }];
  });
  return Object.fromEntries(limited) as Service;
}

/**
 * Ends a call with status 8 at its first message that is too large; its handler sees a call that was cut. Calls of the
 * service `but` pass by: they have the server's own limit, and an interceptor costs each of their messages some time.
 */
export function refuseTooLarge(maxBytes: number, but: ServiceDefinition): ServerInterceptor {
  const passing = new Set(Object.values(but).map(({ path }) => path));
  return (method, call) => {
    // An interceptor may hand on the call it was given; only the type asks for one of its own.
    if (passing.has(method.path)) return call as ServerInterceptingCall;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => pass(metadata),
          onReceiveMessage: (message: unknown, pass) => {
            if (!(message instanceof TooLarge)) return pass(message);
            const details = `Received message larger than max (${message.sizeBytes} vs. ${maxBytes})`;
            call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details });
          },
          onReceiveHalfClose: (pass) => pass(),
          onCancel: () => undefined,
        }),
    });
  };
}
