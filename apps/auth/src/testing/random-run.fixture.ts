import { Decider, DomainEvent, HarkError } from '@hark/kernel';

/** What a random sequence of commands came to. */
export interface RandomRun<S, C, E extends DomainEvent> {
  readonly events: readonly E[];
  readonly state: S;
  readonly steps: readonly {
    readonly command: C;
    readonly before: S;
    readonly events: readonly E[];
    readonly after: S;
  }[];
}

/**
 * Carries out commands one after the other, as a stream would see them. A refusal must be a HarkError and leaves no
 * events; deciding a command again right after its own events must be silent. Throws when either is not so.
 */
export function randomRun<S, C, E extends DomainEvent>(
  decider: Decider<S, C, E>,
  commands: readonly C[],
): RandomRun<S, C, E> {
  const events: E[] = [];
  const steps: { command: C; before: S; events: readonly E[]; after: S }[] = [];
  let state = decider.initial;
  for (const command of commands) {
    const before = state;
    const decided = decideOrRefuse(decider, command, state);
    state = decided.reduce((folded, event) => decider.evolve(folded, event), state);
    if (decided.length > 0) expect(decider.decide(command, state)).toEqual([]);
    events.push(...decided);
    steps.push({ command, before, events: decided, after: state });
  }
  return { events, state, steps };
}

function decideOrRefuse<S, C, E extends DomainEvent>(decider: Decider<S, C, E>, command: C, state: S): E[] {
  try {
    return decider.decide(command, state);
  } catch (error) {
    if (error instanceof HarkError) return [];
    throw error;
  }
}
