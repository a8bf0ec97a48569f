import { timingSafeEqual } from 'node:crypto';
import type {
  Metadata,
  MethodDefinition,
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { notReady, type StatusError, unauthenticated } from './service-error';

/** The one pair of name and password that a store demands, if it demands any. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

type AnyCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerReadableStream<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;
type AnyHandler = (call: AnyCall, callback: sendUnaryData<unknown>) => void;

/** Puts a gate before every handler of a service: what `refusal` returns ends the call before the handler sees it. */
export function guarded(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
  refusal: (metadata: Metadata) => StatusError | undefined,
): UntypedServiceImplementation {
  const gated: UntypedServiceImplementation = {};
  for (const [name, handler] of Object.entries(handlers)) {
    const definition = service[name] as MethodDefinition<unknown, unknown> | undefined;
    if (definition === undefined) throw new Error(`the service has no method ${name}`);
    const run = handler as AnyHandler;
    const gate: AnyHandler = (call, callback) => {
      const error = refusal(call.metadata);
      if (error === undefined) run(call, callback);
      else if (definition.responseStream) call.emit('error', error);
      else callback(error);
    };
    gated[name] = gate as UntypedHandleCall;
  }
  return gated;
}

/** The gate of a store: nobody while it stops, and only the right credentials where some are demanded. */
export function admission(stopping: () => boolean, credentials: Credentials | undefined) {
  const demanded =
    credentials && `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  return (metadata: Metadata): StatusError | undefined => {
    if (stopping()) return notReady();
    if (demanded === undefined) {
      // Without security everybody is `system`: a login that nobody checked must not show up anywhere.
      metadata.remove('authorization');
      return undefined;
    }
    return isSame(metadata.get('authorization')[0], demanded) ? undefined : unauthenticated();
  };
}

function isSame(given: string | Buffer | undefined, demanded: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(demanded);
  return a.length === b.length && timingSafeEqual(a, b);
}
