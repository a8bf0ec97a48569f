import { Decider, DomainEvent, HarkError } from '@hark/kernel';
import { frozen } from './frozen';

/** What a decision is expected to come to. */
export interface Outcome<E extends DomainEvent> {
  /** Exactly these events, in this order; and nothing when the command is repeated after them. */
  then(...expected: [E, ...E[]]): void;
  /** No events: what was asked for already is. */
  thenNothing(): void;
  /** A HarkError with this code, and no events. */
  thenRefused(code: HarkError['code']): void;
}

/** The sentence of a decider's spec: `given(history).when(command).then(events)`. */
export interface DeciderSpec<C, E extends DomainEvent> {
  given(...history: E[]): { when(command: C): Outcome<E> };
  /** The same with nothing before. */
  when(command: C): Outcome<E>;
}

/**
 * Given, when, then for a decider. Every outcome also checks what each decider promises: that neither `decide` nor
 * `evolve` changes what it was given, that events are plain JSON, and that repeating a command changes nothing.
 */
export function specFor<S, C, E extends DomainEvent>(decider: Decider<S, C, E>): DeciderSpec<C, E> {
  const stateAfter = (events: readonly E[]): S =>
    events.reduce((state, event) => frozen(decider.evolve(state, frozen(event))), frozen(decider.initial));
  const decideAfter = (events: readonly E[], command: C): E[] => decider.decide(frozen(command), stateAfter(events));

  const given = (...history: E[]) => ({
    when: (command: C): Outcome<E> => ({
      then(...expected) {
        const events = decideAfter(history, command);
        expect(events).toEqual(expected);
        expect(JSON.parse(JSON.stringify(events))).toStrictEqual(events); // what is stored is what was decided
        expect(decideAfter([...history, ...events], command)).toEqual([]); // deliveries repeat: again changes nothing
      },
      thenNothing() {
        expect(decideAfter(history, command)).toEqual([]);
      },
      thenRefused(code) {
        const refused = expect.objectContaining({ name: 'HarkError', code }) as Error;
        expect(() => decideAfter(history, command)).toThrow(refused);
      },
    }),
  });
  return { given, when: (command) => given().when(command) };
}
