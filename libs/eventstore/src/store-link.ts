import { EventStoreDBClient } from '@eventstore/db-client';
import { AppendStream } from './append-stream';
import { Connection } from './connection';
import { LogTail } from './log-tail';
import { readHead } from './read-head';
import { readTail } from './read-tail';
import { toHarkError } from './store-error';

// One quick second try hides the reconnection after a restart of the store. Further tries are the caller's decision.
const triesMax = 2;
/** How long one read of the tail may take. */
const tailDeadlineMs = 5_000;

/** One process's way to one event store: the client in use, its append call, and the log's tail. */
export class StoreLink {
  readonly connection: Connection;
  readonly tail: LogTail;
  private readonly appends = new WeakMap<EventStoreDBClient, AppendStream>();
  private seen = -1n;

  constructor(url: string) {
    this.connection = new Connection(url);
    this.tail = new LogTail({
      head: () => this.call((client) => readHead(client, tailDeadlineMs)),
      read: (categories, after, eventsMax) =>
        this.call((client) => readTail(client, categories, after, eventsMax, tailDeadlineMs)),
      seen: () => this.seen,
    });
  }

  /** The appends of that client. */
  appendsOf(client: EventStoreDBClient): AppendStream {
    const known = this.appends.get(client);
    if (known) return known;
    const made = new AppendStream(client);
    this.appends.set(client, made);
    return made;
  }

  /** Call it with the position of any event that was seen in the log: the tail need not look through it again. */
  saw(position: bigint): void {
    if (position > this.seen) this.seen = position;
  }

  /** Does `work` with the client in use, a second time when the store went away meanwhile. Throws only `HarkError`s. */
  async call<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const { session } = this.connection;
      try {
        return await work(session.client);
      } catch (error) {
        const failure = toHarkError(error);
        if (failure.code === 'eventstore.timeout') this.connection.silent(session);
        if (failure.code !== 'eventstore.unavailable' || tries >= triesMax) throw failure;
      }
    }
  }
}

const shared = new Map<string, { readonly link: StoreLink; users: number }>();

/** The link to `url` that everybody in this process shares who asks for it here, and how to give it back. */
export function sharedLink(url: string): { readonly link: StoreLink; readonly giveBack: () => Promise<void> } {
  const known = shared.get(url) ?? { link: new StoreLink(url), users: 0 };
  shared.set(url, known);
  known.users += 1;
  const giveBack = async (): Promise<void> => {
    known.users -= 1;
    if (known.users > 0) return;
    shared.delete(url);
    await known.link.connection.close();
  };
  return { link: known.link, giveBack };
}
