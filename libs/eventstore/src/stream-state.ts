import { DomainEvent } from '@hark/kernel';
import { EventMetadata } from './recorded-event';

/** How many of a stream's latest commands are remembered, so that a repeat gets its first answer. */
export const commandsMax = 32;

/** The trace of a command in a stream. */
export interface PastCommand {
  readonly requestHash: string | undefined;
  /** How many events it appended. */
  readonly events: number;
  /** Of the last of them. */
  readonly lastRevision: number;
}

/** A stream up to the revision that was read. Never changed in place, because many readers share it. */
export interface StreamState<S> {
  readonly state: S;
  /** Of the last event; -1 when there is none. */
  readonly revision: number;
  /** Of the last event; undefined when there is none. */
  readonly position: bigint | undefined;
  /** From the metadata of the stream's first event. */
  readonly first: { readonly commandId: string; readonly requestHash?: string } | undefined;
  /** The latest commands, by id. */
  readonly commands: ReadonlyMap<string, PastCommand>;
}

/** An event in the form that folding needs. */
export interface Step<E extends DomainEvent> {
  readonly event: E;
  readonly revision: number;
  readonly position: bigint;
  readonly metadata: EventMetadata;
}

/** A stream before any read. */
export const emptyStream = <S>(initial: S): StreamState<S> => ({
  state: initial,
  revision: -1,
  position: undefined,
  first: undefined,
  commands: new Map(),
});

/** `folded` with further events of its stream, which must be given in order. */
export function applyEvents<S, E extends DomainEvent>(
  folded: StreamState<S>,
  steps: readonly Step<E>[],
  evolve: (state: S, event: E) => S,
): StreamState<S> {
  if (steps.length === 0) return folded;
  const commands = new Map(folded.commands);
  let { state, first } = folded;
  for (const { event, metadata, revision } of steps) {
    state = evolve(state, event);
    const { commandId, requestHash } = metadata;
    first ??= { commandId: commandId ?? '', ...(requestHash === undefined ? {} : { requestHash }) };
    if (commandId === undefined) continue;
    const events = (commands.get(commandId)?.events ?? 0) + 1;
    commands.delete(commandId);
    commands.set(commandId, { requestHash, events, lastRevision: revision });
    if (commands.size > commandsMax) commands.delete(commands.keys().next().value!);
  }
  const last = steps[steps.length - 1]!;
  return { state, first, commands, revision: last.revision, position: last.position };
}
