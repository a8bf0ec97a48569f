/** An instant as ISO 8601 in UTC with milliseconds, e.g. `2026-11-22T09:00:00.000Z`. Comparable as text. */
export type IsoTime = string;

/** Something that happened: the stored type name and its data. Plain JSON: no Date, no undefined, no bigint. */
export type DomainEvent<Type extends string = string, Data extends object = object> = {
  readonly type: Type;
  readonly data: Data;
};

/** What the events of one kind of stream add up to. `evolve` never throws: events are history. */
export interface Fold<State, Event extends DomainEvent> {
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
}

/**
 * The rules of one kind of stream as pure functions.
 *
 * `decide` is total and idempotent: what already is yields `[]`, what the rules forbid throws a `HarkError`,
 * and deciding again after its own events yields `[]`.
 * Neither `decide` nor `evolve` reads a clock, randomness or the network: the command carries the time and every id.
 */
export interface Decider<State, Command, Event extends DomainEvent> extends Fold<State, Event> {
  readonly decide: (command: Command, state: State) => Event[];
}
