import { Decider, DomainEvent, HarkError, positionToken } from '@hark/kernel';
import { KeyedQueue, pause } from '@hark/resilience';
import { CommandContext } from './command-context';
import { commandMismatch } from './command-mismatch';
import { EventStore } from './event-store';
import { RecordedEvent } from './recorded-event';
import { StateCache, StateCacheOptions } from './state-cache';
import { applyEvents, commandsMax, emptyStream, StreamState } from './stream-state';

/** The context of an `execute`. */
export interface ExecuteContext extends CommandContext {
  /** The command creates the stream: when this same command has created it already, its first answer is given again. */
  readonly creates?: boolean;
  /**
   * The stream most likely does not exist yet: decide on the initial state without reading. If it does exist, that
   * costs one lost race. Only under a command id that was never used before: a first run is not looked for, and of two
   * at the same time both may take the events for newly written.
   */
  readonly assumeEmpty?: boolean;
}

/** The result of a command. */
export interface Executed<S, E extends DomainEvent = DomainEvent> {
  readonly state: S;
  /** Of the stream's last event; -1 when it has none. */
  readonly revision: number;
  /** `Hark-Position` token of that event; undefined when the stream is empty. */
  readonly position?: string;
  /** What this call appended; `[]` when nothing had to happen or had happened before. */
  readonly events: readonly E[];
  /**
   * True when an earlier run of the same command did the work; every field then describes the stream right after that
   * run.
   */
  readonly replayed?: boolean;
}

const triesMax = 8;
const raceWaitMs = 3;
const waitingMax = 1_000;
/**
 * A state known for less than this time, in milliseconds, is decided on without a read; an append notices if it was too
 * old.
 */
const recentMs = 2_000;

/** A decider applied to its streams: read, decide, append at the revision that was read. */
export class DeciderStore<S, C, E extends DomainEvent> {
  private readonly cache: StateCache<S>;
  /** Commands on one stream do not race each other inside a process. */
  private readonly turns = new KeyedQueue({ waitingMax, refusal: tooMany });

  constructor(
    private readonly store: EventStore,
    readonly category: string,
    private readonly decider: Decider<S, C, E>,
    options: StateCacheOptions = {},
  ) {
    this.cache = new StateCache(store, category, decider, options);
  }

  /** The stream's present state; revision -1 and the initial state when there is no such stream. */
  load(id: string): Promise<StreamState<S>> {
    return this.cache.get(id);
  }

  /**
   * Decides on the present state and appends what was decided, all or nothing. A state known for less than 2 s is
   * decided on without a read; when that gives nothing to append, which would show whether it was too old, the stream
   * is read and decided on again.
   *
   * After a lost race it reads and decides again, at most 8 times, then throws `conflict` `eventstore.lost-race`. After
   * `unavailable` the outcome may be unknown: the same call with the same command id is safe and finds its own events.
   * A repeat is not decided again: see `repeatOf`.
   */
  execute(id: string, command: C | ((state: S) => C), context: ExecuteContext): Promise<Executed<S, E>> {
    return this.turns.run(id, () => this.decideAndAppend(id, command, context));
  }

  /**
   * Appends what the caller decided on what it knows of the stream as of `revision`, without a read; false when the stream
   * has moved on since, and nothing was appended: then `execute`.
   */
  async appendAt(id: string, revision: number, events: readonly E[], context: CommandContext): Promise<boolean> {
    try {
      await this.store.append(this.category, id, revision, events, context);
      return true;
    } catch (error) {
      if (isLostRace(error)) return false;
      throw error;
    }
  }

  /**
   * The result of an earlier run of this same command, with the stream as it was right after it: a repeat gets its
   * first answer, whatever has happened since. `undefined` when there was none. `execute` asks this itself; ask before
   * only when a repeat must be known before other rules, or before work that must not be done twice.
   *
   * A command is recognised by its id when it comes with a request hash, or with `creates` when it made the stream;
   * with another request hash it is `refused` `idempotency.mismatch`. Reads nothing with `assumeEmpty`.
   */
  async repeatOf(id: string, context: ExecuteContext): Promise<Executed<S, E> | undefined> {
    return context.assumeEmpty ? undefined : this.repeatIn(id, await this.cache.get(id), context);
  }

  private async decideAndAppend(
    id: string,
    command: C | ((state: S) => C),
    context: ExecuteContext,
  ): Promise<Executed<S, E>> {
    const guess = context.assumeEmpty ? emptyStream(this.decider.initial) : this.cache.allowStale(id, recentMs);
    const guessed = guess && (await this.tryOnGuess(id, guess, command, context));
    if (guessed) return guessed;
    for (let tries = 1; ; tries += 1) {
      const folded = await this.cache.get(id);
      const earlier = await this.repeatIn(id, folded, context);
      if (earlier) return earlier;
      const given = isFunction<S, C>(command) ? command(folded.state) : command;
      const events = this.decider.decide(given, folded.state);
      if (events.length === 0) return this.executed(folded, []);
      try {
        return this.executed(await this.append(id, folded, events, context), events);
      } catch (error) {
        if (!isLostRace(error) || tries >= triesMax) throw error;
        await pause(Math.random() * raceWaitMs * tries);
      }
    }
  }

  private async repeatIn(
    id: string,
    folded: StreamState<S>,
    { commandId, requestHash, creates }: ExecuteContext,
  ): Promise<Executed<S, E> | undefined> {
    const { first, commands, revision } = folded;
    const made = creates === true && first?.commandId === commandId;
    const mayHaveCome = commands.has(commandId) || commands.size >= commandsMax;
    if (!made && (requestHash === undefined || !mayHaveCome)) return undefined;
    const isLatest = commands.get(commandId)?.lastRevision === revision;
    const then = isLatest ? folded : await this.rightAfter(id, commandId);
    if (!then) return undefined;
    if (then.commands.get(commandId)?.requestHash !== requestHash) throw commandMismatch();
    return { ...this.executed(then, []), replayed: true };
  }

  // Read from the beginning, because only the present state and the latest commands are remembered.
  private async rightAfter(id: string, commandId: string): Promise<StreamState<S> | undefined> {
    const events = (await this.store.read(this.category, id)) as RecordedEvent<E>[];
    const last = events.findLastIndex(({ metadata }) => metadata.commandId === commandId);
    if (last < 0) return undefined;
    return applyEvents(emptyStream(this.decider.initial), events.slice(0, last + 1), this.decider.evolve);
  }

  /**
   * The result of deciding on a state that may be old. `undefined` when only a read can tell: the append lost the race,
   * or there is nothing to append, so that nothing would notice a stale state.
   */
  private async tryOnGuess(
    id: string,
    folded: StreamState<S>,
    command: C | ((state: S) => C),
    context: ExecuteContext,
  ): Promise<Executed<S, E> | undefined> {
    // A repeat might find its own events under the ids it is about to use, and would take them for newly written.
    const { commandId, requestHash, assumeEmpty } = context;
    const mayBeRepeat = requestHash !== undefined && !assumeEmpty;
    if (mayBeRepeat || folded.commands.has(commandId) || folded.first?.commandId === commandId) return undefined;
    try {
      const given = isFunction<S, C>(command) ? command(folded.state) : command;
      const events = this.decider.decide(given, folded.state);
      if (events.length === 0) return undefined;
      return this.executed(await this.append(id, folded, events, context), events);
    } catch (error) {
      if (error instanceof HarkError && error.kind === 'unavailable') throw error;
      return undefined;
    }
  }

  private async append(
    id: string,
    folded: StreamState<S>,
    events: E[],
    context: CommandContext,
  ): Promise<StreamState<S>> {
    const expected = folded.revision < 0 ? 'no-stream' : folded.revision;
    // A second run of a command that still makes events must not reuse the ids of the first run's events.
    const firstIndex = folded.commands.get(context.commandId)?.events ?? 0;
    const { position } = await this.store.append(this.category, id, expected, events, context, firstIndex);
    const { commandId, requestHash } = context;
    const metadata = { commandId, ...(requestHash === undefined ? {} : { requestHash }) };
    const steps = events.map((event, index) => ({ event, revision: folded.revision + 1 + index, position, metadata }));
    const after = applyEvents(folded, steps, this.decider.evolve);
    this.cache.put(id, after);
    return after;
  }

  private executed({ state, revision, position }: StreamState<S>, events: readonly E[]): Executed<S, E> {
    return {
      state,
      revision,
      events,
      ...(position === undefined ? {} : { position: positionToken(position, this.category) }),
    };
  }
}

const tooMany = () => new HarkError('unavailable', 'eventstore.busy', 'too many commands wait for one stream');

const isLostRace = (error: unknown): boolean => error instanceof HarkError && error.code === 'eventstore.lost-race';

const isFunction = <S, C>(command: C | ((state: S) => C)): command is (state: S) => C => typeof command === 'function';
