import { HarkError, Logger } from '@hark/kernel';
import { BackOff, isTransient, Pace, pause, RoundRobin, SpareRate, threadCpuMs, withTimeout } from '@hark/resilience';
import type { ClientLease } from './connection';
import { Delivered } from './log-event';
import { PersistentRead } from './persistent-read';
import { Reactor } from './reactor';
import { ReactorCounts } from './reactor-counts';
import { RecordedEvent } from './recorded-event';
import { groupSettings, RetryPolicy } from './retry-policy';

const concurrencyUsual = 16;
/**
 * An event at hand that waited longer, in milliseconds, goes back to the group, before the group takes it for lost: its
 * time-out runs from when it was handed over, and a reaction takes its time too.
 */
const waitMsMax = 10_000;
/**
 * How many reactions begin in one turn of the event loop. A burst would otherwise hold up everything else that the process
 * does, and where a reaction waits for others, the loop turns quickly anyway.
 */
const beginsMax = 4;
/** Of a group that gives way: when others wait for the event loop. */
const paceTurnMs = 1;
const stopWaitMs = 30_000;
const stopLookMs = 10;

/** One subscription of one reactor, from its beginning to its end. */
export class ReactorReader {
  private readonly subscription: PersistentRead;
  private readonly concurrency: number;
  private readonly pace: Pace | undefined;
  private readonly spare: SpareRate | undefined;
  private readonly over = new AbortController();
  private readonly done: string[] = [];
  private readonly waiting = new RoundRobin<{ readonly delivered: Delivered; readonly sinceMs: number }>();
  private running = 0;
  private begunThisTurn = 0;
  private isResting = false;
  private failure: unknown;

  constructor(
    private readonly session: ClientLease,
    private readonly reactor: Reactor,
    private readonly counts: ReactorCounts,
    private readonly log: Logger,
    private readonly retryPolicy: RetryPolicy,
  ) {
    this.concurrency = reactor.concurrency ?? concurrencyUsual;
    const { givesWay: least, spare } = reactor;
    if (least !== undefined) this.pace = new Pace({ least, most: this.concurrency, turnMs: paceTurnMs });
    if (spare) this.spare = new SpareRate(spare);
    // The store hands over no more than this without an acknowledgement, so that many are at hand at the most.
    const bufferSize = this.concurrency + (reactor.waitingMax ?? this.concurrency);
    this.subscription = new PersistentRead(session.client, reactor.group, bufferSize);
  }

  /**
   * Handles events until the subscription ends or `stop` aborts. Throws the subscription's error; returns after `stop`.
   */
  async read(stop: AbortSignal): Promise<void> {
    const { subscription } = this;
    subscription.on('confirmation', () => {
      this.counts.subscribed += 1;
      this.counts.connected = true;
    });
    const ended = () => this.end(new HarkError('unavailable', 'eventstore.ended', 'the subscription ended'));
    subscription.on('over', (error) => (error === undefined ? ended() : this.end(error)));
    this.session.over.addEventListener('abort', ended);
    subscription.on('event', (delivered) => this.take(delivered));
    const stopped = () => this.end(undefined);
    stop.addEventListener('abort', stopped);
    if (stop.aborted) stopped();
    await new Promise<void>((resolve) => {
      if (this.over.signal.aborted) resolve();
      else this.over.signal.addEventListener('abort', () => resolve());
    });
    stop.removeEventListener('abort', stopped);
    this.session.over.removeEventListener('abort', ended);
    await this.leave();
    if (this.failure !== undefined) throw this.failure;
  }

  private end(failure: unknown): void {
    if (this.over.signal.aborted) return;
    this.failure = failure;
    this.counts.connected = false;
    this.over.abort();
  }

  /** Lets the running reactions finish, so that one process never works on an event twice, then unsubscribes. */
  private async leave(): Promise<void> {
    for (let waitedMs = 0; this.running > 0 && waitedMs < stopWaitMs; waitedMs += stopLookMs) await pause(stopLookMs);
    this.acknowledge();
    this.subscription.cancel();
  }

  private take(delivered: Delivered): void {
    const { recorded } = delivered;
    if (recorded && this.reactor.concerns?.(recorded) === false) return this.succeed(delivered);
    const owner = (recorded && this.reactor.ownerOf?.(recorded)) ?? '';
    this.waiting.add(owner, { delivered, sinceMs: performance.now() });
    this.handleNext();
  }

  private handleNext(): void {
    const room = this.pace?.allowed ?? this.concurrency;
    const mayBegin = () => !this.isResting && this.running < room && this.begunThisTurn < beginsMax;
    while (mayBegin() && !this.over.signal.aborted) {
      const next = this.waiting.take();
      if (!next) return;
      if (performance.now() - next.sinceMs > waitMsMax) {
        // What is held when we unsubscribe goes back without counting as a retry.
        return this.end(new HarkError('unavailable', 'reactor.waiting', 'events waited too long for their turn'));
      }
      if (this.begunThisTurn === 0) {
        const beganMs = threadCpuMs();
        setImmediate(() => {
          this.pace?.turned(threadCpuMs() - beganMs);
          this.nextTurn();
        });
      }
      this.begunThisTurn += 1;
      this.running += 1;
      this.counts.running += 1;
      this.rest(this.spare?.begun() ?? 0);
      void this.handle(next.delivered).finally(() => {
        this.counts.running -= 1;
        this.running -= 1;
        this.handleNext();
      });
    }
  }

  /** Nothing begins for so long. */
  private rest(restMs: number): void {
    if (restMs < 1) return;
    this.isResting = true;
    void pause(restMs, this.over.signal).then(() => {
      this.isResting = false;
      this.handleNext();
    });
  }

  private nextTurn(): void {
    this.begunThisTurn = 0;
    this.handleNext();
  }

  private async handle(delivered: Delivered): Promise<void> {
    const { recorded } = delivered;
    if (!recorded) return this.park(delivered, 'event.unreadable');
    this.counts.lagMs = Math.max(0, Date.now() - Date.parse(recorded.recordedAt));
    const begunMs = performance.now();
    const backOff = new BackOff(this.retryPolicy.firstWaitMs, this.retryPolicy.longestWaitMs);
    // Ends at the latest when the patience is used up.
    for (;;) {
      try {
        await withTimeout(this.retryPolicy.reactionMs, this.reactor.react(recorded), tooLong);
        this.succeed(delivered);
        return;
      } catch (error) {
        const code = error instanceof HarkError ? error.code : 'hark.internal';
        if (!isTransient(error)) {
          const reason =
            error instanceof HarkError ? error.message : error instanceof Error ? error.stack : String(error);
          this.log.error({ ...this.about(recorded, code), reason }, 'a reaction failed and its event is parked');
          return this.park(delivered, code);
        }
        this.counts.retried += 1;
        const waitMs = backOff.nextMs();
        const understood = isUnderstood(error);
        const patienceMs = understood ? this.retryPolicy.outageMs : this.retryPolicy.unknownMs;
        if (performance.now() - begunMs + waitMs > patienceMs) {
          this.log.warn(this.about(recorded, code), 'a reaction is put off');
          return this.putOff(delivered, code, understood);
        }
        await pause(waitMs, this.over.signal);
        if (this.over.signal.aborted) return;
      }
    }
  }

  private succeed({ eventId }: Delivered): void {
    this.counts.processed += 1;
    this.done.push(eventId);
    // Acknowledgements of the same turn of the event loop share a message.
    if (this.done.length === 1) setImmediate(() => this.acknowledge());
  }

  private acknowledge(): void {
    const eventIds = this.done.splice(0);
    if (eventIds.length > 0) this.subscription.ack(eventIds);
  }

  private park({ eventId, recorded }: Delivered, code: string): void {
    this.counts.parked += 1;
    if (!recorded) this.log.error({ group: this.reactor.group, code }, 'an event that cannot be read is parked');
    this.subscription.nack('PARK', code, eventId);
  }

  private putOff({ eventId, retryCount }: Delivered, code: string, understood: boolean): void {
    if (understood && retryCount >= groupSettings.maxRetryCount) {
      // One more refusal would make the store park the event, and an outage is no reason to park. Events held when we
      // unsubscribe go back to the group without counting as a retry.
      this.end(new HarkError('unavailable', 'reactor.waiting', `hung up to keep an event from being parked: ${code}`));
      return;
    }
    this.subscription.nack('RETRY', code, eventId);
  }

  private about({ eventId, streamId, event }: RecordedEvent, code: string): object {
    return { group: this.reactor.group, code, eventId, streamId, type: event.type };
  }
}

function tooLong(): never {
  throw new HarkError('unavailable', 'reactor.timeout', 'the reaction did not end in time');
}

/** An outage with a known cause, as opposed to a failure that nobody understands and that may last for ever. */
const isUnderstood = (error: unknown): boolean =>
  !(error instanceof HarkError) || (error.code !== 'hark.internal' && error.code !== 'reactor.timeout');
