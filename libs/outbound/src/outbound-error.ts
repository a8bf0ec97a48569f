import { FailureClass } from './provider-class';

/**
 * Why a request brought no answer.
 * `refused`: the guard said no; nothing left · `busy`: too many wait for that host, or its breaker is open; nothing left
 * `unreachable`: no name, no connection, no TLS; nothing left · `timeout`: the deadline passed before anything left
 * `unknown-outcome`: request bytes left and no complete answer came · `too-large`: the answer broke a size cap.
 */
export type OutboundReason = 'refused' | 'busy' | 'unreachable' | 'timeout' | 'unknown-outcome' | 'too-large';

/**
 * The only error that `Outbound.request` throws. Neither message nor detail holds a URL, a host or an address, so both
 * may be logged. `detail` is for operators only: shown to whoever supplied the URL, it would let them scan ports.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  constructor(
    readonly reason: OutboundReason,
    /** The rule of the guard that refused (`scheme`, `address-loopback`, …) or the system's error code. */
    readonly detail: string,
    /** The status, where one had arrived before the failure. */
    readonly status?: number,
  ) {
    super(`outbound ${reason}: ${detail}`);
  }

  /** The class of this failure, for a channel that has no better one. */
  get providerClass(): FailureClass {
    return classOfReason[this.reason];
  }
}

/** Refuses a request that finds the queue full or whose turn does not come in time. */
export const busy = (why: 'full' | 'late'): OutboundError => new OutboundError('busy', `queue-${why}`);

const classOfReason: Readonly<Record<OutboundReason, FailureClass>> = {
  refused: 'CONFIG',
  busy: 'THROTTLED',
  unreachable: 'TRANSIENT',
  timeout: 'TRANSIENT',
  'unknown-outcome': 'UNKNOWN_OUTCOME',
  'too-large': 'UNKNOWN_OUTCOME',
};
