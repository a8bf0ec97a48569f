import type { Message } from './message';
import { RequestStatistics } from './request-statistics';

/** The connection behind a reader. */
export interface ReaderConnection {
  /** Puts an event on the wire. */
  send(message: Message): void;
  /** Ends the call with `persistent-subscription-dropped`. */
  drop(): void;
}

/** Who reads, as GetInfo shows it. */
export interface ReaderIdentity {
  readonly username: string;
  readonly connectionName: string;
}

/** One connected consumer of a group and the slots it has left. */
export class Reader {
  inFlight = 0;
  totalItems = 0;
  lastTotalItems = 0;
  /** The connection takes no more for now; set and cleared by whoever writes to it. */
  blocked = false;
  readonly statistics: RequestStatistics | undefined;

  constructor(
    readonly identity: ReaderIdentity,
    readonly bufferSize: number,
    readonly connection: ReaderConnection,
    extraStatistics: boolean,
  ) {
    this.statistics = extraStatistics ? new RequestStatistics() : undefined;
  }

  get availableSlots(): number {
    return this.bufferSize - this.inFlight;
  }

  get canTake(): boolean {
    return !this.blocked && this.inFlight < this.bufferSize;
  }
}
