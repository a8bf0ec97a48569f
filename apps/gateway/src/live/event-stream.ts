import type { FastifyReply } from 'fastify';
import { HarkError } from '@hark/kernel';
import { BackOff, pause } from '@hark/resilience';

/** What a source of changes answers. */
export interface Changes {
  readonly topic: string;
  readonly next: string;
  readonly changes: readonly { readonly event: string; readonly position: string; readonly data: unknown }[];
}

/** Asks the source what came after a position. */
export type AskForChanges = (after: string, limit: number) => Promise<Changes>;

/** A stream's own part of `StreamAsked`. */
export interface EventStreamParts {
  readonly ask: AskForChanges;
  readonly untilRefused: (signal: AbortSignal) => Promise<HarkError | undefined>;
  readonly askEveryMs: number;
}

/** What a stream is called in its head. */
export const streamType = 'text/event-stream; charset=utf-8';
/** Events asked for at once; the most that is held for a client that reads slowly, who is cut by `writeStallMs`. */
export const streamPageMax = 50;
/** How often a comment says that the stream is alive. */
export const heartbeatMs = 15_000;
/** When a client that was cut should come back: at a random time within this, lest all come at once. */
const comeBackMaxMs = 3_000;
const firstRetryMs = 200;
const longestRetryMs = 5_000;

/**
 * One response of Server-Sent Events (WHATWG HTML 9.2). The id of an event is its position in the log; whoever comes back
 * with the last one goes on behind it. Whatever wakes it, what it writes was asked of the source: nothing is missed and
 * nothing comes twice.
 */
export class EventStream {
  private readonly over = new AbortController();
  private woken = false;
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly response: FastifyReply['raw'],
    private readonly parts: EventStreamParts,
  ) {
    // Whoever left before that is told by no event any more.
    if (response.destroyed) this.over.abort();
    response.once('close', () => this.over.abort());
    response.once('error', () => this.over.abort());
    this.over.signal.addEventListener('abort', () => this.wakeUp?.());
  }

  /** Something may have changed. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Ends the response; the client comes back with the last id that it has. */
  end(): void {
    this.over.abort();
  }

  /** Writes what comes after the position until the client goes, may read no more, or the stream is ended. Never throws. */
  async run(after: string): Promise<void> {
    const { signal } = this.over;
    const heartbeat = setInterval(() => this.beat(), heartbeatMs);
    void this.parts.untilRefused(signal).then((refusal) => refusal && this.refuse(refusal));
    try {
      const comeBackMs = 500 + Math.floor(Math.random() * comeBackMaxMs);
      await this.write(`retry: ${comeBackMs}\nid: ${after}\n\n`);
      await this.follow(after);
    } catch (error) {
      if (error instanceof HarkError) this.refuse(error);
    } finally {
      clearInterval(heartbeat);
      this.over.abort();
      this.response.end();
    }
  }

  private async follow(from: string): Promise<void> {
    const { signal } = this.over;
    const backOff = new BackOff(firstRetryMs, longestRetryMs);
    let after = from;
    // What came between the position and the moment from which it is told.
    this.woken = true;
    while (!signal.aborted) {
      if (!this.woken) await this.rest();
      if (signal.aborted) return;
      this.woken = false;
      try {
        const { changes, next } = await this.parts.ask(after, streamPageMax);
        if (changes.length > 0) await this.write(changes.map(eventText).join(''));
        after = next;
        if (changes.length === streamPageMax) this.woken = true;
        backOff.reset();
      } catch (error) {
        if (!passes(error)) throw error;
        this.woken = true;
        await pause(backOff.nextMs(), signal);
      }
    }
  }

  /** Until it is woken, or the source is to be asked all the same. */
  private async rest(): Promise<void> {
    const woken = new AbortController();
    this.wakeUp = () => woken.abort();
    await pause(this.parts.askEveryMs, woken.signal);
    this.wakeUp = undefined;
  }

  /** Resolves when the client has taken it, or is gone. */
  private async write(text: string): Promise<void> {
    const { response } = this;
    if (this.over.signal.aborted || response.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done);
        this.over.signal.removeEventListener('abort', done);
        resolve();
      };
      response.once('drain', done);
      this.over.signal.addEventListener('abort', done, { once: true });
    });
  }

  private beat(): void {
    // While something waits to be read, the client sees that the stream is alive.
    if (this.response.writableLength === 0) this.response.write(': alive\n\n');
  }

  private refuse({ code }: HarkError): void {
    if (this.over.signal.aborted) return;
    this.response.write(`event: end\ndata: ${JSON.stringify({ code })}\n\n`);
    this.over.abort();
  }
}

/** Whether it is worth asking again: nobody can answer now, or the caller asks too much at once. */
const passes = (error: unknown): boolean =>
  error instanceof HarkError && (error.kind === 'unavailable' || error.code === 'request.rate-limited');

/**
 * An event as it is written. JSON has no line breaks and a position has digits and letters, so no text can begin a field of
 * its own (CVE-2026-35515).
 */
export const eventText = ({ event, position, data }: Changes['changes'][number]): string =>
  `event: ${event}\nid: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
