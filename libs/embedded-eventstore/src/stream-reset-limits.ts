import type { Server } from '@grpc/grpc-js';

/** How many calls of one connection may be cut by its client before the connection counts as an attack. */
export interface StreamResetLimits {
  /** That many at once. */
  readonly burst: number;
  /** And so many more every second. */
  readonly perSecond: number;
  /** Calls refused in the whole life of a connection because 100 were open still. */
  readonly refusedMax: number;
}

/**
 * Every cancelled subscription or read is a stream reset. Node allows 1 000 and 33 a second, which an honest client that
 * unsubscribes quickly uses up in a second. The fastest one measured here made 5 000 a second; twice that is left to it,
 * and a flood, of which the server can look at 28 000 a second, is still cut within a second.
 *
 * A client may open the next call as soon as it has cancelled one, but here a cancelled call counts until the end of the
 * turn: some of 100 and more in one turn are refused with status 8. Node cuts the connection at the 100th such refusal
 * of its life. One costs a frame of 13 bytes, so that a client which never reads them binds a few megabytes at most.
 */
export const streamResetLimits: StreamResetLimits = { burst: 10_000, perSecond: 10_000, refusedMax: 100_000 };

/**
 * Sets how many resets the connections of a server may see; to be called before it is bound. grpc-js has no option for
 * this: the settings of its HTTP/2 servers are a private field, and when that is gone this throws rather than let
 * clients be cut.
 */
export function limitStreamResets(server: Server, limits: StreamResetLimits = streamResetLimits): void {
  const { commonServerOptions } = server as unknown as { commonServerOptions?: unknown };
  if (typeof commonServerOptions !== 'object' || commonServerOptions === null) {
    throw new Error('grpc-js no longer keeps the settings of its HTTP/2 servers in commonServerOptions');
  }
  Object.assign(commonServerOptions, {
    streamResetBurst: limits.burst,
    streamResetRate: limits.perSecond,
    maxSessionRejectedStreams: limits.refusedMax,
  });
}
