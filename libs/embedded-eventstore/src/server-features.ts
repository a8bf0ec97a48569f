import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { handleUnaryCall } from '@grpc/grpc-js';

/** The server whose answers these are. The client's own tests read it; the client does not. */
export const serverVersion = '24.10.4';

const groupFeatures = ['stream', 'all'];
const methods: readonly (readonly [service: string, method: string, features: readonly string[]])[] = [
  ['streams.streams', 'append', []],
  ['streams.streams', 'batchappend', ['deadline_duration']],
  ['streams.streams', 'delete', []],
  ['streams.streams', 'tombstone', []],
  ['streams.streams', 'read', ['position', 'events']],
  ...['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'].map(
    (method) => ['persistent_subscriptions.persistentsubscriptions', method, groupFeatures] as const,
  ),
  ['server_features.serverfeatures', 'getsupportedmethods', []],
  ['gossip.gossip', 'read', []],
];

/**
 * `ServerFeatures.GetSupportedMethods`: answered without credentials, because the client asks before it has any. A
 * persistent method without its features would send the client to HTTP/1.1, which nobody answers here.
 */
export const getSupportedMethods: handleUnaryCall<Empty, SupportedMethods> = (_call, callback) => {
  const list = methods.map(([service, method, features]) =>
    new SupportedMethod()
      .setServiceName(`event_store.client.${service}`)
      .setMethodName(method)
      .setFeaturesList([...features]),
  );
  callback(null, new SupportedMethods().setEventStoreServerVersion(serverVersion).setMethodsList(list));
};
