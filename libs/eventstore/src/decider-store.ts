import { Decider, DomainEvent, HarkError } from '@hark/kernel';
import { KeyedQueue, pause } from '@hark/resilience';
import { CommandContext } from './command-context';
import { EventStore } from './event-store';
import { positionToken } from './position';
import { StateCache, StateCacheOptions } from './state-cache';
import { applyEvents, commandsMax, emptyStream, StreamState } from './stream-state';

/** The context of an `execute`. */
export interface ExecuteContext extends CommandContext {
  /** The command makes the stream: when this very command has made it already, that is its answer. */
  readonly creates?: boolean;
  /**
   * The stream is most likely not there yet: decides on the initial state without reading. One that is there after all
   * costs a lost race. Only under a command id that was never used before.
   */
  readonly assumeEmpty?: boolean;
}

/** What a command came to. */
export interface Executed<S, E extends DomainEvent = DomainEvent> {
  readonly state: S;
  /** Of the stream's last event; -1 when it has none. */
  readonly revision: number;
  /** `Hark-Position` token of the stream's last event; undefined when the stream is empty. */
  readonly position?: string;
  /** What this call appended; `[]` when nothing had to happen or had happened before. */
  readonly events: readonly E[];
  /** From the metadata of the stream's first event. */
  readonly first?: { readonly requestHash?: string; readonly commandId: string };
  /** True when an earlier run of the same command had done the work. */
  readonly replayed?: boolean;
}

const triesMax = 8;
const raceWaitMs = 3;
/** What was known this short a time ago is decided on without a read: an append notices if it was too old. */
const recentMs = 2_000;

/** A decider on its streams: read, decide, append at the revision that was read. */
export class DeciderStore<S, C, E extends DomainEvent> {
  private readonly cache: StateCache<S, E>;
  private readonly turns = new KeyedQueue();

  constructor(
    private readonly store: EventStore,
    readonly category: string,
    private readonly decider: Decider<S, C, E>,
    options: StateCacheOptions = {},
  ) {
    this.cache = new StateCache(
      store,
      category,
      (state, event) => decider.evolve(state, event),
      decider.initial,
      options,
    );
  }

  /** The stream's present state; revision -1 and the initial state when there is no such stream. */
  load(id: string): Promise<StreamState<S>> {
    return this.cache.get(id);
  }

  /**
   * Decides on the present state and appends what was decided, all or nothing. A state known for less than 2 s is decided
   * on without a read; when nothing comes of that which an append would check, it is read and decided on again.
   *
   * After a lost race it reads and decides again, at most 8 times, then `conflict` `eventstore.lost-race`. After
   * `unavailable` the outcome may be unknown: the same call with the same command id is safe and finds its own events.
   * A command id that the stream holds and that comes with a request hash (or with `creates`, when it made the stream) is not
   * decided again: same hash, same answer with `replayed`; another hash, `refused` `idempotency.mismatch`.
   */
  execute(id: string, command: C | ((state: S) => C), context: ExecuteContext): Promise<Executed<S, E>> {
    return this.turns.run(id, () => this.decideAndAppend(id, command, context));
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
      const folded = await this.withForgotten(id, await this.cache.get(id), context);
      if (isRepeat(folded, context)) return { ...this.executed(folded, []), replayed: true };
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

  /**
   * A stream remembers its latest commands only. When it may have forgotten one that came with a key, the whole stream is
   * looked through: a repeat is a repeat however much came since.
   */
  private async withForgotten(id: string, folded: StreamState<S>, context: ExecuteContext): Promise<StreamState<S>> {
    const { commandId, requestHash } = context;
    if (requestHash === undefined || folded.commands.size < commandsMax || folded.commands.has(commandId))
      return folded;
    const left = (await this.store.read(this.category, id)).filter(({ metadata }) => metadata.commandId === commandId);
    if (left.length === 0) return folded;
    const past = { requestHash: left[0]!.metadata.requestHash, events: left.length };
    return { ...folded, commands: new Map([...folded.commands, [commandId, past]]) };
  }

  /**
   * What comes of deciding on a state that may be old, or `undefined` when only a read can tell: the append lost the race,
   * or there is nothing to append, so that nothing would notice.
   */
  private async tryOnGuess(
    id: string,
    folded: StreamState<S>,
    command: C | ((state: S) => C),
    context: ExecuteContext,
  ): Promise<Executed<S, E> | undefined> {
    // A repeat may find its own events under the ids it is about to use, and would take them for written just now.
    const { commandId, requestHash } = context;
    if (requestHash !== undefined || folded.commands.has(commandId) || folded.first?.commandId === commandId)
      return undefined;
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
    // A second run of a command that still has something to say must not reuse the ids of its first events.
    const firstIndex = folded.commands.get(context.commandId)?.events ?? 0;
    const { position } = await this.store.append(this.category, id, expected, events, context, firstIndex);
    const { commandId, requestHash } = context;
    const metadata = { commandId, ...(requestHash === undefined ? {} : { requestHash }) };
    const steps = events.map((event, index) => ({ event, revision: folded.revision + 1 + index, position, metadata }));
    const after = applyEvents(folded, steps, (state, event) => this.decider.evolve(state, event));
    this.cache.put(id, after);
    return after;
  }

  private executed({ state, revision, position, first }: StreamState<S>, events: readonly E[]): Executed<S, E> {
    return {
      state,
      revision,
      events,
      ...(position === undefined ? {} : { position: positionToken(position, this.category) }),
      ...(first === undefined ? {} : { first }),
    };
  }
}

const isLostRace = (error: unknown): boolean => error instanceof HarkError && error.code === 'eventstore.lost-race';

function isRepeat<S>(folded: StreamState<S>, { commandId, requestHash, creates }: ExecuteContext): boolean {
  const made = creates === true && folded.first?.commandId === commandId;
  const earlier = made ? folded.first : folded.commands.get(commandId);
  if (!earlier || (!made && requestHash === undefined)) return false;
  if (earlier.requestHash === requestHash) return true;
  throw new HarkError('refused', 'idempotency.mismatch', 'the command id belongs to a request with another body');
}

const isFunction = <S, C>(command: C | ((state: S) => C)): command is (state: S) => C => typeof command === 'function';
