import { networkInterfaces } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HarkError } from '@hark/kernel';
import { withAcls } from './acl';
import { admission, type Credentials, guarded } from './admission';
import { append } from './append';
import { batchAppend } from './batch-append';
import type { CopiedLog } from './copy-log';
import { deleteStream } from './delete';
import { type Advertised, gossip } from './gossip';
import { OpenCalls } from './open-calls';
import { createPersistentSubscriptions } from './persistent';
import { ProjectedLog } from './projections';
import { read } from './read';
import { receivingAtMost, refuseTooLarge } from './receive-limit';
import type { KeyAndCertificate } from './self-signed';
import { getSupportedMethods } from './server-features';
import { SqliteEventLog } from './sqlite-event-log';
import type { StoreContext } from './store-context';
import { limitStreamResets } from './stream-reset-limits';
import { persistentSubscriptionsService, streamsService } from './streams-service';
import { tombstone } from './tombstone';

const defaultMaxAppendBytes = 1_048_576;
/** Of a message to `Streams`, and to any other service. */
const maxReceiveBytes = 16_767_216;
const maxReceiveOtherBytes = 4_194_304;
const keepaliveMs = 10_000;
/** Kestrel's default, which EventStoreDB 24.10 keeps: the 101st call of one connection waits, here as in production. */
const concurrentStreamsMax = 100;
const stopGraceMs = 5_000;
const bindAttemptsMax = 10;

/** How a store proves itself to its clients. */
export interface TlsOptions extends KeyAndCertificate {
  /** Where clients find the certificate that they are to trust, for the connection string. The store does not write it. */
  readonly certificateFile: string;
}

/** How a store is started. */
export interface EventStoreOptions {
  /** Folder of the log; created when it does not exist. One server at a time. */
  readonly dataDir: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on; without it both loopbacks, 127.0.0.1 and ::1. */
  readonly host?: string;
  /** What gossip answers, where clients reach the store under another address. */
  readonly advertise?: Partial<Advertised>;
  /** Demands exactly these credentials of every call. The client sends any only over TLS: with `tls`, or a proxy before it. */
  readonly auth?: Credentials;
  /** Speaks nothing but TLS. */
  readonly tls?: TlsOptions;
  /** Sum of event sizes beyond which an append is refused; 1 MiB by default. */
  readonly maxAppendBytes?: number;
  /** Hears of failures that were not foreseen, such as a full disk; by default they go to standard error. */
  readonly onUnexpected?: (error: unknown) => void;
}

/** A running store. */
export interface EventStore {
  /** Connection string for the client. */
  readonly url: string;
  readonly port: number;
  /**
   * Copies the log to a file that is not there yet, while the store goes on serving: one moment of it, with everything that
   * was acknowledged before the call.
   */
  copyTo(file: string): Promise<CopiedLog>;
  /** Orderly stop: running writes are answered, long calls ended, the file closed; 5 s at most if the disk answers. */
  close(): Promise<void>;
}

/** Starts an event store in this thread. Resolves when clients can connect; rejects when the log or port cannot be had. */
export async function startEventStore(options: EventStoreOptions): Promise<EventStore> {
  const onUnexpected = options.onUnexpected ?? ((error) => console.error('event store:', error));
  const events = new SqliteEventLog(options.dataDir, { onUnexpected });
  const log = new ProjectedLog(events, { dataDir: options.dataDir, onUnexpected });
  const calls = new OpenCalls();
  const store: StoreContext = {
    log: options.auth === undefined ? log : withAcls(log, options.auth.user),
    calls,
    maxAppendBytes: options.maxAppendBytes ?? defaultMaxAppendBytes,
    onUnexpected,
  };
  const persistent = createPersistentSubscriptions(log, onUnexpected);
  const address = { host: options.advertise?.host ?? options.host ?? '127.0.0.1', port: options.advertise?.port ?? 0 };
  const serverOf = (): Server => {
    const server = new Server({
      'grpc.max_receive_message_length': maxReceiveBytes,
      'grpc.max_send_message_length': -1,
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveMs,
      'grpc.max_concurrent_streams': concurrentStreamsMax,
      'grpc.enable_channelz': 0,
      interceptors: [refuseTooLarge(maxReceiveOtherBytes, streamsService)],
    });
    limitStreamResets(server);
    const gate = admission(() => calls.stopping, options.auth);
    const streams = {
      append: append(store),
      batchAppend: batchAppend(store),
      delete: deleteStream(store),
      tombstone: tombstone(store),
      read: read(store),
    };
    server.addService(streamsService, guarded(streamsService, streams, gate));
    const persistentHandlers = guarded(persistentSubscriptionsService, persistent.handlers, gate);
    server.addService(receivingAtMost(maxReceiveOtherBytes, persistentSubscriptionsService), persistentHandlers);
    server.addService(receivingAtMost(maxReceiveOtherBytes, ServerFeaturesService), { getSupportedMethods });
    server.addService(receivingAtMost(maxReceiveOtherBytes, GossipService), { read: gossip(() => address) });
    return server;
  };
  const release = async (): Promise<void> => {
    await persistent.close();
    log.close();
    await events.close();
  };
  const { server, port } = await listen(serverOf, options).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  if (options.advertise?.port === undefined) address.port = port;
  const stop = async (): Promise<void> => {
    calls.refuseNew();
    // One turn in which appends that have fully arrived reach the log, one in which their answers leave.
    await setImmediate();
    await events.flushAll();
    await setImmediate();
    calls.endLongCalls();
    await persistent.close();
    await shutDown(server);
    log.close();
    await events.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(options, port),
    port,
    copyTo: (file) => events.copyTo(file),
    close: () => (stopped ??= stop()),
  };
}

/** With the login and the certificate where it demands them: as secret as they are. */
function urlOf({ host, auth, tls }: EventStoreOptions, port: number): string {
  // By name: TLS knows no address as the name of a server, and Node warns of it.
  const here = tls === undefined ? '127.0.0.1' : 'localhost';
  const at = `${host === undefined || host === '0.0.0.0' ? here : host}:${port}`;
  if (tls === undefined) return `esdb://${at}?tls=false`;
  const login = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@` : '';
  return `esdb://${login}${at}?tls=true&tlsCaFile=${encodeURIComponent(tls.certificateFile)}`;
}

/** Calls get a grace to end by themselves; what is still open then is cut. */
async function shutDown(server: Server): Promise<void> {
  const cut = new AbortController();
  await Promise.race([
    new Promise<void>((resolve) => server.tryShutdown(() => resolve())),
    setTimeout(stopGraceMs, undefined, { signal: cut.signal, ref: false }).catch(() => undefined),
  ]);
  cut.abort();
  server.forceShutdown();
}

/** A free port must be free on both loopbacks, so a free one on the first is tried on the second a few times. */
async function listen(serverOf: () => Server, options: EventStoreOptions): Promise<{ server: Server; port: number }> {
  const wanted = options.port ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    const server = serverOf();
    try {
      if (options.host !== undefined) return { server, port: await bind(server, options.host, wanted, options.tls) };
      const port = await bind(server, '127.0.0.1', wanted, options.tls);
      if (hasIpv6()) await bind(server, '[::1]', port, options.tls);
      return { server, port };
    } catch (cause) {
      server.forceShutdown();
      if (wanted !== 0 || attempt === bindAttemptsMax) {
        throw new HarkError('unavailable', 'event-store.not-bound', `port ${wanted} cannot be had`, {}, { cause });
      }
    }
  }
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
}

const bind = (server: Server, host: string, port: number, tls: TlsOptions | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentialsOf(tls), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });

function credentialsOf(tls: TlsOptions | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.privateKey), cert_chain: Buffer.from(tls.certificate) };
  return ServerCredentials.createSsl(null, [pair]);
}
