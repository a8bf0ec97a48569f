import type { FastifyReply } from 'fastify';
import { changeSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { ChangeListener, RpcClient } from '@hark/nats';
import { AskForChanges, Changes, EventStream } from './event-stream';

/** Streams that are open at once in one gateway. */
export const streamsMax = 12_000;
/** Of these, those of one person, app or key. */
export const streamsPerCallerMax = 20;

/** What a stream is about, as a route says it. */
export type StreamOf = keyof typeof changeSubjects;

/** What is needed to open a stream. */
export interface StreamAsked {
  readonly of: StreamOf;
  /** What was changed after a position. Must be the caller's own. */
  readonly ask: AskForChanges;
  /** Whoever may read the same, in the same language, gives the same. */
  readonly sharedAs: string;
  /** Resolves with the reason once the caller may read on no more; see `untilRefused`. */
  readonly untilRefused: (signal: AbortSignal) => Promise<HarkError | undefined>;
  /** How often the source is asked though nothing was told: it looks at keys and secrets, nobody else does. */
  readonly askEveryMs: number;
}

/** The event streams of a gateway: counts them, tells them of changes, ends them with it. */
export class OpenStreams {
  private readonly listeners: Readonly<Record<StreamOf, ChangeListener>>;
  private readonly byCaller = new Map<string, number>();
  private readonly open = new Set<EventStream>();
  /** Questions of this turn of the loop. */
  private readonly asking = new Map<string, Promise<Changes>>();
  private taken = 0;
  private closing = false;

  constructor(requests: Pick<RpcClient, 'connection'>) {
    const of = (subject: string) => new ChangeListener(requests.connection, subject);
    this.listeners = { inbox: of(changeSubjects.inbox), pushes: of(changeSubjects.pushes) };
  }

  /** How many are open. */
  get count(): number {
    return this.open.size;
  }

  /**
   * A place for a stream of the caller, to be given back by the function that it returns, once. Throws `unavailable` or
   * `refused` when there is none.
   */
  take(caller: string): () => void {
    if (this.closing || this.taken >= streamsMax) {
      throw new HarkError('unavailable', 'service.overloaded', 'too many streams', { extra: { retryAfter: 5 } });
    }
    const own = this.byCaller.get(caller) ?? 0;
    if (own >= streamsPerCallerMax) {
      throw new HarkError('refused', 'request.rate-limited', 'too many streams of one caller', {
        extra: { retryAfter: 60 },
      });
    }
    this.taken += 1;
    this.byCaller.set(caller, own + 1);
    return () => {
      this.taken -= 1;
      const left = this.byCaller.get(caller)! - 1;
      if (left === 0) this.byCaller.delete(caller);
      else this.byCaller.set(caller, left);
    };
  }

  /** Writes the stream to `response`, whose head was sent, from `after` on, until either ends. Never rejects. */
  async serve(response: FastifyReply['raw'], after: string, topic: string, asked: StreamAsked): Promise<void> {
    const ask: AskForChanges = (from, limit) =>
      this.share(`${asked.of} ${asked.sharedAs} ${from}`, () => asked.ask(from, limit));
    const stream = new EventStream(response, { ...asked, ask });
    this.open.add(stream);
    const off = this.listeners[asked.of].on(topic, () => stream.wake());
    if (this.closing) stream.end();
    await stream.run(after);
    off();
    this.open.delete(stream);
  }

  /**
   * One question for all streams of somebody that stand at the same place and were woken together. Only of one turn of the
   * loop: an answer that was asked for earlier may lack what woke the others.
   */
  private share(key: string, ask: () => Promise<Changes>): Promise<Changes> {
    const known = this.asking.get(key);
    if (known) return known;
    const asked = ask();
    this.asking.set(key, asked);
    setImmediate(() => this.asking.delete(key));
    return asked;
  }

  /** Ends all: their clients come back to another gateway, or to the next one here. */
  close(): void {
    this.closing = true;
    for (const stream of this.open) stream.end();
    for (const listener of Object.values(this.listeners)) listener.close();
  }
}
